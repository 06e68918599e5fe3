"""How far the reading of a document is, in the admin."""

import re

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from archive.indexing import read_version
from archive.intake import take_in
from archive.models import DocumentVersion

pytestmark = pytest.mark.django_db


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
