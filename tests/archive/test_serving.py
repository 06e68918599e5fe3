"""The bytes of a document: to whom, with which headers, and in parts."""

import datetime
import os
import subprocess
import sys

import pytest
import time_machine
from django.core.files.base import ContentFile

from archive.access import Level
from archive.indexing import read_version
from archive.intake import add_version, take_in
from archive.models import Document, DownloadCount
from archive.storage import archive_storage
from tests.accounts_content import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(site, pdf):
    return take_in(pdf, "Anträge – neu.pdf", document=Document(title="Anträge", level=Level.PUBLIC)).document


@pytest.fixture
def content(pdf):
    return pdf.read_bytes()


def test_public_pdf_is_shown_with_safe_headers(document, client, content):
    response = client.get(document.url)

    assert response.status_code == 200
    assert response.getvalue() == content
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Length"] == str(len(content))
    assert response["Content-Disposition"] == (
        "inline; filename=\"Antrage _ neu.pdf\"; filename*=UTF-8''Antr%C3%A4ge%20%E2%80%93%20neu.pdf"
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cache-Control"] == "no-cache"
    assert response["ETag"] == f'"{document.current_version.sha256}"'
    assert "Content-Encoding" not in response
    assert not response.cookies


def test_internal_file_is_kept_by_nobody(document, client, users):
    Document.objects.update(level=Level.COORDINATION)
    client.force_login(users["Koordination"])

    response = client.get(document.url)

    assert response.getvalue()
    assert response["Cache-Control"] == "private, no-store"


def test_embargoed_file_is_kept_by_nobody(document, client, users):
    Document.objects.update(embargo_until="2999-01-01")
    client.force_login(users["Redaktion"])

    response = client.get(document.url)

    assert response.getvalue()
    assert response["Cache-Control"] == "private, no-store"


def test_office_and_text_files_are_downloads(site, client, demo_files):
    path = demo_files["Ergebnisse des Barcamps.docx"]
    document = take_in(path, path.name, document=Document(level=Level.PUBLIC)).document

    response = client.get(document.url)

    assert response["Content-Disposition"].startswith("attachment;")
    assert response.getvalue() == path.read_bytes()


def test_known_version_is_not_sent_again(document, client):
    etag = client.head(document.url)["ETag"]

    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        response = client.get(document.url, headers={"if-none-match": known})
        assert (response.status_code, response.content) == (304, b"")
        assert response["ETag"] == etag
    assert client.get(document.url, headers={"if-none-match": '"other"'}).getvalue()


def test_head_has_headers_only(document, client, content):
    response = client.head(document.url)

    assert response.status_code == 200
    assert response["Content-Length"] == str(len(content))
    assert response.getvalue() == b""


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-99", 0, 99), ("bytes=100-", 100, None), ("bytes=-50", -50, None), ("bytes=10-999999999", 10, None)],
)
def test_range_is_answered(document, client, content, asked, first, last):
    response = client.get(document.url, headers={"range": asked})

    expected = content[first:] if last is None else content[first : last + 1]
    start = first if first >= 0 else len(content) + first
    assert response.status_code == 206
    assert response.getvalue() == expected
    assert response["Content-Length"] == str(len(expected))
    assert response["Content-Range"] == f"bytes {start}-{start + len(expected) - 1}/{len(content)}"


@pytest.mark.parametrize(
    "asked",
    ["bytes=5-1", "bytes=-", "bytes=0-1,5-6", "items=0-1", "bytes=a-b", "bytes=٣-٤", f"bytes=0-{'9' * 5000}"],
)
def test_other_ranges_get_the_whole_file(document, client, content, asked):
    response = client.get(document.url, headers={"range": asked})

    assert (response.status_code, len(response.getvalue())) == (200, len(content))


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=-0"])
def test_range_outside_the_file_is_refused(document, client, content, asked):
    response = client.get(document.url, headers={"range": asked})

    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(content)}"


def test_range_of_another_version_gets_the_whole_file(document, client, content):
    headers = {"range": "bytes=0-9", "if-range": '"other"'}

    assert len(client.get(document.url, headers=headers).getvalue()) == len(content)


def test_proxy_sends_the_bytes_where_there_is_one(document, client, settings):
    settings.ACCEL_PREFIX = "/_intern/"

    response = client.get(document.url, headers={"range": "bytes=0-9"})

    assert response.status_code == 200
    assert response["X-Accel-Redirect"] == f"/_intern/{document.current_version.file.name}"
    assert response.content == b""
    assert response["ETag"]
    assert "Content-Length" not in response or response["Content-Length"] == "0"
    assert "Accept-Ranges" not in response


@pytest.mark.usefixtures("kept_frame")
def test_file_that_was_closed_goes_to_visitors_for_seconds_and_with_a_login_not_at_all(document, client, users):
    reader = client_of(users["Koordination"])
    with time_machine.travel("2026-11-28T12:00:00+01:00", tick=False) as time:
        client.get(document.url).getvalue()
        Document.objects.update(level=Level.STEERING_GROUP)

        with_login = reader.get(document.url)
        time.shift(datetime.timedelta(seconds=6))
        later = client.get(document.url)

    assert with_login.status_code == 403
    assert later.status_code == 404


@pytest.mark.usefixtures("kept_frame")
def test_file_that_was_opened_goes_to_visitors_at_once(document, client, content):
    Document.objects.update(level=Level.COORDINATION)
    assert client.get(document.url).status_code == 404

    Document.objects.update(level=Level.PUBLIC)

    assert client.get(document.url).getvalue() == content


@pytest.mark.usefixtures("kept_frame")
def test_file_that_many_want_is_looked_up_once_and_counted_each_time(document, client, django_assert_num_queries):
    for _first_of_the_month in range(2):
        client.get(document.url).getvalue()

    with django_assert_num_queries(1):
        client.get(document.url).getvalue()

    assert DownloadCount.objects.get().count == 3


@pytest.mark.every_storage
def test_every_version_keeps_its_address(document, client, content):
    add_version(document, ContentFile(b"neu"), "neu.txt")

    assert client.get(f"/archiv/{document.pk}/v/1/datei/").getvalue() == content
    assert client.get(f"/archiv/{document.pk}/v/2/datei/").getvalue() == b"neu"
    assert client.get(f"/archiv/{document.pk}/datei/").getvalue() == b"neu"


@pytest.mark.every_storage
def test_page_picture_is_served(document, client):
    read_version(document.current_version_id)

    response = client.get(f"/archiv/{document.pk}/v/1/seite/2.webp")

    assert response["Content-Type"] == "image/webp"
    assert response.getvalue()[8:12] == b"WEBP"
    assert response["Cache-Control"] == "no-cache"
    assert client.get(f"/archiv/{document.pk}/v/1/seite/99.webp").status_code == 404
    assert client.get(f"/archiv/{document.pk}/v/9/seite/1.webp").status_code == 404


def test_only_real_downloads_are_counted(document, client, users):
    def count():
        return sum(DownloadCount.objects.values_list("count", flat=True))

    etag = client.head(document.url)["ETag"]
    client.get(document.url, headers={"range": "bytes=100-"}).getvalue()
    client.get(document.url, headers={"user-agent": "ExampleBot/1.0"}).getvalue()
    client.get(document.url, headers={"if-none-match": etag})
    assert count() == 0

    client.get(document.url).getvalue()
    client.get(document.url, headers={"range": "bytes=0-"}).getvalue()
    assert count() == 2

    client.force_login(users["Redaktion"])
    client.get(document.url).getvalue()
    assert count() == 2
    row = DownloadCount.objects.get()
    assert (row.document, row.month.day) == (document, 1)


def test_posting_is_not_answered(document, client):
    assert client.post(document.url).status_code == 405


def stored_names(storage, folder=""):
    directories, files = storage.listdir(folder)
    yield from (f"{folder}/{name}".lstrip("/") for name in files)
    for directory in directories:
        yield from stored_names(storage, f"{folder}/{directory}".lstrip("/"))


@pytest.mark.every_storage
@pytest.mark.slow
def test_no_public_address_serves_a_document_a_picture_of_its_pages_or_an_internal_photo(document, client, png):
    read_version(document.current_version_id)
    photo = Document(title="Gruppenbild", kind=Document.Kind.PHOTO, level=Level.COORDINATION)
    read_version(take_in(ContentFile(png), "gruppe.png", document=photo).version.pk)
    stored = set(stored_names(archive_storage()))
    assert {document.file.name, photo.file.name} < stored
    assert any(name.startswith("leaves/") for name in stored)

    served = [
        address
        for name in (*stored, f"{photo.pk}/gruppe.png", f"{document.pk}/{document.current_version.original_name}")
        for address in (
            f"/media/{name}",
            f"/static/{name}",
            f"/documents/{name}",
            f"/media/images/../{name}",
            f"/media/images/../../archive/{name}",
            f"/static/../archive/{name}",
        )
        if client.get(address).status_code not in (400, 404)
    ]

    assert served == []


@pytest.mark.parametrize("public", ["MEDIA_ROOT", "STATIC_ROOT"])
def test_archive_below_a_public_directory_is_refused(public, tmp_path):
    environment = os.environ | {"DEBUG": "1", public: str(tmp_path), "ARCHIVE_ROOT": str(tmp_path / "archive")}

    done = subprocess.run(
        [sys.executable, "-c", "import cms.settings"], env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert done.stderr.startswith("ARCHIVE_ROOT: expected a directory outside")


def test_header_takes_no_line_breaks():
    from archive.serving import content_disposition

    header = content_disposition('a"\r\nSet-Cookie: x.pdf', inline=True)

    assert "\r" not in header
    assert "\n" not in header
