import datetime
import json
import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale, UploadedFile

from archive.demo_files import funding_slides
from archive.indexing import read_version
from archive.intake import take_in
from archive.models import Document, DocumentVersion
from home.models import EditionPage, EventSeries, ProgrammeItem, SeriesPage
from tests.contents import made_once
from tests.pictures import picture

pytestmark = pytest.mark.django_db


def upload(text="Ein Text", name="Protokoll_März.txt"):
    return SimpleUploadedFile(name, text.encode())


def drop(editor, file, **data):
    """What Wagtail's script sends for each file that is dropped, and the answer."""
    data = {"title": file.name.rpartition(".")[0], "files[]": file} | data
    return json.loads(editor.post(reverse("wagtaildocs:add_multiple"), data).content)


@pytest.fixture
def editor(client, users):
    client.force_login(users["admin"])
    return client


@pytest.fixture
def document(editor):
    editor.post(reverse("wagtaildocs:add"), {"title": "Protokoll", "file": upload()})
    return Document.objects.get()


def edit_data(document, **changes):
    data = {
        "title": document.title,
        "kind": "other",
        "language": "de",
        "licence": "all_rights",
        "level": 10,
        "tags": "",
    }
    return data | changes


def test_single_upload_goes_through_the_intake(editor, users):
    response = editor.post(
        reverse("wagtaildocs:add"), {"title": "Protokoll", "file": upload(), "kind": "protocol", "level": "20"}
    )

    document = Document.objects.get()
    assert response.status_code == 302
    assert (document.title, document.kind, document.level) == ("Protokoll", "protocol", 20)
    assert document.uploaded_by_user == users["admin"]
    assert document.current_version.original_name == "Protokoll_März.txt"
    assert document.file.name == document.current_version.file.name


def test_dropped_files_need_nothing_but_themselves(editor):
    answers = [
        json.loads(editor.post(reverse("wagtaildocs:add_multiple"), {"title": file.name, "files[]": file}).content)
        for file in (upload("eins"), upload("zwei", "b.txt"), upload("eins", "c.txt"), upload("<html>", "d.pdf"))
    ]

    assert [answer["success"] for answer in answers] == [True, True, False, False]
    assert [document.title for document in Document.objects.order_by("pk")] == ["Protokoll März", "b"]
    original = Document.objects.order_by("pk").first().get_absolute_url()
    assert (
        f'liegt schon im Archiv: <a href="{original}" target="_blank">„Protokoll März“</a>'
        in answers[2]["error_message"]
    )
    assert "passt nicht zur Endung" in answers[3]["error_message"]
    assert 'type="file"' not in answers[0]["form"]


def test_dropped_slides_and_pictures_are_taken_for_what_they_mostly_are(editor, tmp_path):
    funding_slides.write(tmp_path / "folien.pptx")
    slides = SimpleUploadedFile("Folien.PPTX", (tmp_path / "folien.pptx").read_bytes())
    photo = SimpleUploadedFile("Saal.png", picture(900, 600).getvalue())

    for file in (slides, photo, upload()):
        assert drop(editor, file)["success"]

    assert list(Document.objects.order_by("pk").values_list("kind", flat=True)) == ["presentation", "photo", "other"]


def test_title_of_a_known_file_is_no_html(editor):
    """Wagtail's script puts the message into the page as it comes."""
    take_in(ContentFile(b"eins"), "a.txt", document=Document(title="<img src=x onerror=alert(1)>"))

    answer = drop(editor, upload("eins"))

    assert "&lt;img src=x" in answer["error_message"]
    assert "<img" not in answer["error_message"]


def test_any_other_error_refuses_the_file_as_well(editor):
    """Wagtail would park the file beside the intake and ask for the rest."""
    answer = drop(editor, upload("eins"), title="x" * 300)

    assert not answer["success"]
    assert "255 Zeichen" in answer["error_message"]
    assert not UploadedFile.objects.exists()


def test_storage_that_takes_nothing_is_named_in_german(editor, monkeypatch, tmp_path):
    closed = tmp_path / "closed"
    closed.write_text("")
    monkeypatch.setitem(DocumentVersion._meta.get_field("file").storage.__dict__, "location", str(closed))

    answer = drop(editor, upload("eins"))

    assert "ließ sich nicht ablegen" in answer["error_message"]
    assert not Document.with_tombstones.exists()


def test_upload_without_a_file_is_refused(editor):
    assert editor.post(reverse("wagtaildocs:add_multiple"), {"title": "a"}).status_code == 400


def test_form_after_a_dropped_file_saves_its_description(editor):
    answer = json.loads(
        editor.post(reverse("wagtaildocs:add_multiple"), {"title": "a.txt", "files[]": upload()}).content
    )
    pk = answer["doc_id"]
    data = {f"doc-{pk}-{key}": value for key, value in edit_data(Document.objects.get(), title="Neuer Titel").items()}

    response = editor.post(reverse("wagtaildocs:edit_multiple", args=[pk]), data)

    assert json.loads(response.content)["success"]
    assert Document.objects.get().title == "Neuer Titel"


def test_upload_says_what_it_takes_and_names_its_field(editor):
    page = editor.get(reverse("wagtaildocs:add_multiple")).text

    assert "Möglich sind PDF, PPTX" in page
    assert '<label class="w-sr-only" for="fileupload">' in page


def test_form_after_a_dropped_file_begins_with_what_every_document_needs(editor):
    form = drop(editor, upload())["form"]
    first, _, rest = form.partition("<details")
    pk = Document.objects.get().pk

    names = [f'name="doc-{pk}-{name}"' for name in ("title", "kind", "edition", "programme_key", "people", "level")]
    assert [name for name in names if name not in first] == []
    assert f'name="doc-{pk}-licence"' in rest and f'name="doc-{pk}-summary"' in rest
    assert rest.startswith(' class="upload-more">')


def test_mistake_in_the_folded_part_of_the_form_is_shown(editor):
    pk = drop(editor, upload())["doc_id"]
    changes = edit_data(Document.objects.get(), embargo_until="bald")

    response = editor.post(
        reverse("wagtaildocs:edit_multiple", args=[pk]), {f"doc-{pk}-{key}": value for key, value in changes.items()}
    )

    assert '<details class="upload-more" open>' in json.loads(response.content)["form"]


def test_language_is_chosen_by_its_name_and_an_odd_one_stays(editor, document):
    url = reverse("wagtaildocs:edit", args=[document.pk])
    Document.objects.filter(pk=document.pk).update(language="so")

    page = editor.get(url).text
    editor.post(url, edit_data(document, language="so"))
    kept = Document.objects.get().language
    editor.post(url, edit_data(document, language="tlh"))

    assert '<option value="uk">Ukrainisch</option>' in page
    assert '<option value="so" selected>' in page
    assert (kept, Document.objects.get().language) == ("so", "so")


def test_upload_tab_of_the_chooser_goes_through_the_intake(editor):
    response = editor.post(
        reverse("wagtaildocs_chooser:create"),
        {"document-chooser-upload-title": "Gewählt", "document-chooser-upload-file": upload()},
    )

    document = Document.objects.get()
    assert json.loads(response.content)["result"]["url"] == f"/archiv/{document.pk}/datei/"
    assert document.versions.count() == 1


def test_edit_form_has_no_file_but_a_new_version(editor, document):
    page = editor.get(reverse("wagtaildocs:edit", args=[document.pk])).text

    assert 'name="file"' not in page
    assert 'name="new_file"' in page
    assert 'enctype="multipart/form-data"' in page


def test_new_version_from_the_edit_form(editor, document, users):
    data = edit_data(document, new_file=upload("besser", "neu.txt"), version_note="Tippfehler")

    editor.post(reverse("wagtaildocs:edit", args=[document.pk]), data)

    document.refresh_from_db()
    assert (document.current_version.number, document.current_version.note) == (2, "Tippfehler")
    assert document.current_version.uploaded_by == users["admin"]
    assert document.versions.count() == 2


def test_new_title_is_found_in_the_admin_and_in_the_archive(editor, document):
    editor.post(reverse("wagtaildocs:edit", args=[document.pk]), edit_data(document, title="Haushaltsplan", level=0))

    assert "Haushaltsplan" in editor.get(reverse("wagtaildocs:index"), {"q": "Haushaltsplan"}).text
    assert "Haushaltsplan" in editor.get("/archiv/", {"q": "Haushalt"}).text
    assert "Haushaltsplan" not in editor.get("/archiv/", {"q": "Protokoll"}).text


def test_refused_file_is_explained_in_the_form(editor):
    page = editor.post(reverse("wagtaildocs:add"), {"title": "x", "file": upload("MZ", "a.exe")}).text

    assert "nimmt das Archiv nicht an" in page
    assert not Document.objects.exists()


def test_deleted_document_leaves_lists_and_choosers(editor, document):
    editor.post(reverse("wagtaildocs:delete", args=[document.pk]), {"reason": "Doppelt hochgeladen"})

    assert not Document.objects.exists()
    assert Document.with_tombstones.get().deletion_reason == "Doppelt hochgeladen"
    editor.get(reverse("wagtaildocs:index"))  # Shows the messages of what was done.
    assert "Protokoll" not in editor.get(reverse("wagtaildocs:index")).text
    assert editor.get(reverse("wagtaildocs:edit", args=[document.pk])).status_code == 404


def test_bulk_deletion_leaves_tombstones(editor, document):
    url = reverse("wagtail_bulk_action", args=["archive", "document", "delete"])

    without = editor.post(f"{url}?id={document.pk}&next=/admin/")
    response = editor.post(f"{url}?id={document.pk}&next=/admin/", {"reason": "Doppelt hochgeladen"})

    assert "Dieses Feld muss ausgefüllt werden." in without.text
    assert response.status_code == 302
    assert Document.with_tombstones.get().deletion_reason == "Doppelt hochgeladen"


@pytest.mark.parametrize("name", ["index", "add_multiple", "add"])
def test_pages_of_the_admin_open(editor, document, name):
    assert editor.get(reverse(f"wagtaildocs:{name}")).status_code == 200


def test_upload_without_a_broker_waits_for_the_sweep(editor, document):
    assert document.current_version.extraction == "waiting"


# Where a document belongs


@made_once
def series(site):
    series = EventSeries.objects.create(name="Ideenwerkstatt", slug="ideenwerkstatt")
    return site.root_page.add_child(instance=SeriesPage(title="Chronik", slug="ideenwerkstatt", series=series))


@made_once
def editions(series):
    """Two editions with one part of the programme each, the older one first."""
    made = []
    for number, year, place in ((12, 2023, "Stendal"), (13, 2024, "Halle")):
        day = datetime.date(year, 11, 21)
        edition = series.add_child(
            instance=EditionPage(title=f"Nr. {number}", slug=str(number), number=number, start_date=day, place=place)
        )
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
        edition = series.add_child(instance=EditionPage(title=f"Nr. {number}", slug=str(number), number=number))
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


# How far the text is


@pytest.fixture
def failed(document):
    DocumentVersion.objects.update(extraction="failed", extraction_error="Die Datei ist beschädigt.")
    return document


@pytest.mark.parametrize("view", ["wagtaildocs:index", "wagtaildocs:edit"])
def test_failed_reading_is_explained_with_a_button_that_begins_it_again(editor, failed, view):
    address = reverse(view, args=[failed.pk] if view.endswith("edit") else [])

    page = editor.get(address).text
    (action,) = re.findall(r'action="([^"]*/lesen/)"', page)
    (back,) = set(re.findall(r'name="next" value="([^"]+)"', page))
    response = editor.post(action, {"next": back})

    assert "fehlgeschlagen" in page
    assert "Die Datei ist beschädigt." in page
    assert response.url == address
    failed.current_version.refresh_from_db()
    assert (failed.current_version.extraction, failed.current_version.extraction_error) == ("waiting", "")


def test_reading_again_needs_the_right_to_change(failed, client, users):
    client.force_login(users["Koordination"])

    client.post(reverse("archive_read_again", args=[failed.pk]))

    failed.current_version.refresh_from_db()
    assert failed.current_version.extraction == "failed"


def test_list_shows_and_filters_by_state_in_a_fixed_number_of_queries(editor, failed):
    take_in(ContentFile(b"eins"), "eins.txt")
    with CaptureQueriesContext(connection) as few:
        page = editor.get(reverse("wagtaildocs:index")).text
    for number in range(5):
        take_in(ContentFile(b"%d" % number), f"{number}.txt")

    with CaptureQueriesContext(connection) as many:
        editor.get(reverse("wagtaildocs:index"))
    found = editor.get(reverse("wagtaildocs:index_results"), {"extraction": "failed", "q": "Protokoll"}).text

    assert "eins.txt" in page
    assert "wartet" in page
    assert len(many) <= len(few)
    assert "Protokoll" in found
    assert "eins.txt" not in editor.get(reverse("wagtaildocs:index_results"), {"extraction": "failed"}).text


def test_badge_says_what_a_pdf_lacks(editor, pdf, site):
    document = take_in(pdf, pdf.name).document
    address = reverse("wagtaildocs:edit", args=[document.pk])
    unread = editor.get(address).text
    version = read_version(document.current_version_id)

    page = editor.get(address).text
    DocumentVersion.objects.update(embedded_title="", is_tagged=False)
    lacking = editor.get(address).text

    assert "ungeprüft" in unread
    assert (version.accessibility, version.embedded_language) == ("yes", "de-DE")
    assert re.search(r"Barrierefrei</dt>\s*<dd><span[^>]*>ja<", page)
    assert "Der Datei fehlt: Tags für Vorleseprogramme, ein Titel." in lacking


def test_damaged_file_is_named_at_its_document(editor, document):
    DocumentVersion.objects.update(damage="missing")

    assert "Datei fehlt" in editor.get(reverse("wagtaildocs:edit", args=[document.pk])).text
