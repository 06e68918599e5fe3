"""To which edition and which part of its programme a document belongs, in the admin."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale

from archive.models import Document
from home.models import ProgrammeItem
from tests.archive.forms import drop, edit_data, upload
from tests.contents import made_once
from tests.editions_content import make_edition, make_series

pytestmark = pytest.mark.django_db


@made_once
def series(site):
    return make_series(site.root_page)


@made_once
def editions(series):
    """Two editions with one part of the programme each, the older one first."""
    made = []
    for number, year, place in ((12, 2023, "Stendal"), (13, 2024, "Halle")):
        day = datetime.date(year, 11, 21)
        edition = make_edition(series, number, title=f"Nr. {number}", start_date=day, place=place)
        ProgrammeItem.objects.create(
            page=edition, locale=edition.locale, title=f"Begrüßung {number}", day=day, start=datetime.time(10)
        )
        made.append(edition)
    return made


def key_of(edition):
    return str(edition.programme_items.get().translation_key)


def test_document_is_assigned_to_a_part_of_the_programme_and_shown_there(editor, document, editions):
    data = edit_data(document, programme_key=key_of(editions[1]), level=0)

    response = editor.post(reverse("wagtaildocs:edit", args=[document.pk]), data)

    document.refresh_from_db()
    page = editor.get(editions[1].url).text
    assert response.status_code == 302
    assert (document.edition, str(document.programme_key)) == (editions[1], key_of(editions[1]))
    assert page.index("Begrüßung 13") < page.index(f"/archiv/{document.pk}/")


def test_upload_takes_the_part_of_the_programme(editor, editions):
    editor.post(reverse("wagtaildocs:add"), {"title": "Folien", "file": upload(), "programme_key": key_of(editions[0])})

    assert Document.objects.get().edition == editions[0]


def test_part_of_another_edition_is_refused_in_german(editor, document, editions):
    data = edit_data(document, edition=editions[0].pk, programme_key=key_of(editions[1]))

    page = editor.post(reverse("wagtaildocs:edit", args=[document.pk]), data).text

    document.refresh_from_db()
    assert "Dieser Programmpunkt gehört zu einer anderen Ausgabe" in page
    assert document.programme_key is None


@pytest.mark.parametrize("value", ["unsinn", "00000000-0000-4000-8000-000000000000", "\x00"])
def test_unknown_part_of_a_programme_is_refused(editor, document, editions, value):
    response = editor.post(reverse("wagtaildocs:edit", args=[document.pk]), edit_data(document, programme_key=value))

    document.refresh_from_db()
    assert response.status_code == 200
    assert document.programme_key is None


def test_assignment_can_be_taken_back(editor, document, editions):
    address = reverse("wagtaildocs:edit", args=[document.pk])
    editor.post(address, edit_data(document, programme_key=key_of(editions[1])))

    page = editor.get(address).text
    editor.post(address, edit_data(document, programme_key="", edition=""))

    document.refresh_from_db()
    assert f'<option value="{key_of(editions[1])}" selected>21.11. 10:00 Begrüßung 13</option>' in page
    assert (document.edition, document.programme_key) == (None, None)


def test_choices_name_german_editions_newest_first(editor, document, editions):
    english = Locale.objects.get_or_create(language_code="en")[0]
    editions[1].copy_for_translation(english, copy_parents=True)

    page = editor.get(reverse("wagtaildocs:edit", args=[document.pk])).text

    labels = re.findall(r"<option[^>]*>\s*(1\d\. [^<]*?)\s*</option>", page)
    assert labels == ["13. Ideenwerkstatt, Halle", "12. Ideenwerkstatt, Stendal"]
    assert re.findall(r'<optgroup label="([^"]*)"', page) == labels
    assert page.count("Begrüßung 13") == 1


def test_choices_take_no_query_for_each_edition(editor, document, editions, series):
    address = reverse("wagtaildocs:edit", args=[document.pk])
    with CaptureQueriesContext(connection) as few:
        editor.get(address)
    for number in range(14, 20):
        edition = make_edition(series, number)
        ProgrammeItem.objects.create(page=edition, locale=edition.locale, title=f"Teil {number}")

    with CaptureQueriesContext(connection) as many:
        editor.get(address)

    assert len(many) <= len(few)


# An edition and its documents


def test_files_dropped_for_an_edition_belong_to_it(editor, editions):
    page = editor.get(reverse("wagtaildocs:add_multiple"), {"edition": editions[1].pk}).text
    (preset,) = re.findall(r'name="edition" value="(\d+)" data-upload-preset', page)

    answer = drop(editor, upload(), edition=preset)

    assert "Alle Dateien kommen zur Ausgabe „13. Ideenwerkstatt, Halle“" in page
    assert Document.objects.get().edition == editions[1]
    assert re.search(rf'<option value="{editions[1].pk}" selected>', answer["form"])


@pytest.mark.parametrize("key", ["0", "x", "-1", "٣", "9" * 30])
def test_files_for_an_unknown_edition_are_refused(editor, editions, key):
    assert editor.get(reverse("wagtaildocs:add_multiple"), {"edition": key}).status_code == 404
    assert "gibt es nicht mehr" in drop(editor, upload(), edition=key)["error_message"]
    assert not Document.objects.exists()


def test_form_of_an_edition_leads_to_the_upload_and_to_its_documents(editor, document, editions):
    Document.objects.update(edition=editions[1])
    english = Locale.objects.get_or_create(language_code="en")[0]
    translation = editions[1].copy_for_translation(english, copy_parents=True)

    for page in (editions[1], translation):
        form = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).text

        assert f"{reverse('wagtaildocs:add_multiple')}?edition={editions[1].pk}" in form
        assert f'<a href="{reverse("wagtaildocs:edit", args=[document.pk])}">Protokoll</a>' in form


def test_other_pages_offer_no_upload(editor, series):
    assert "Dokumente hochladen" not in editor.get(reverse("wagtailadmin_pages:edit", args=[series.pk])).text
