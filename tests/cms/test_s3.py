"""Files in a bucket: a real S3 server (moto) keeps them, and nothing changes for readers."""

from __future__ import annotations

import datetime
import io
import json
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.test import Client

from archive.access import Level
from archive.fixity import check, check_due, strays
from archive.indexing import read_version
from archive.intake import take_in
from archive.models import Document
from cms.checks import check_bucket
from home.pages.cards import Card, stored_card
from home.roles import Role
from tests.accounts_content import client_of, member
from tests.bucket import NAME, address, files_in
from tests.pictures import make_image

pytestmark = pytest.mark.django_db

CONTENT = b"%PDF-1.7\n" + bytes(range(256)) * 4000 + b"%%EOF\n"


@pytest.fixture
def document(site, bucket):
    document = Document(title="Anträge", level=Level.COORDINATION)
    return take_in(ContentFile(CONTENT), "Anträge – neu.pdf", document=document).document


@pytest.fixture
def away():
    """S3_URL of a server that is not there."""
    return address("127.0.0.1:1")


@pytest.fixture
def reader(site):
    return client_of(member(Role.COORDINATOR))


def names(bucket):
    return sorted(item.key for item in bucket.objects.all())


def test_a_document_lies_in_the_bucket_under_the_name_that_the_database_knows(document, bucket):
    assert names(bucket) == [f"site/archive/{document.current_version.file.name}"]
    assert bucket.Object(names(bucket)[0]).get()["Body"].read() == CONTENT


def test_readers_get_it_from_the_site_with_the_headers_of_the_site(document, reader):
    answer = reader.get(document.url)

    assert answer.getvalue() == CONTENT
    assert answer.headers["Content-Length"] == str(len(CONTENT))
    assert answer.headers["ETag"] == f'"{document.current_version.sha256}"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Disposition"].endswith("filename*=UTF-8''Antr%C3%A4ge%20%E2%80%93%20neu.pdf")
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert "amz" not in repr(answer.headers).lower()


@pytest.mark.parametrize("prefix", ["", "/_archiv/"])
def test_parts_conditions_and_head_are_answered_as_from_a_disk(document, reader, settings, prefix):
    settings.ACCEL_PREFIX = prefix
    etag = f'"{document.current_version.sha256}"'

    part = reader.get(document.url, headers={"range": "bytes=5-14"})
    end = reader.get(document.url, headers={"range": "bytes=-7"})
    outside = reader.get(document.url, headers={"range": "bytes=99999999-"})
    known = reader.get(document.url, headers={"if-none-match": etag})
    head = reader.head(document.url)

    assert (part.status_code, part.getvalue()) == (206, CONTENT[5:15])
    assert part.headers["Content-Range"] == f"bytes 5-14/{len(CONTENT)}"
    assert end.getvalue() == CONTENT[-7:]
    assert (outside.status_code, known.status_code) == (416, 304)
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", str(len(CONTENT)))


def test_whoever_may_not_read_it_learns_nothing_of_the_bucket(document, bucket):
    answer = Client().get(document.url)

    assert answer.status_code == 404
    assert NAME not in answer.headers.get("Location", "")
    with pytest.raises(ValueError, match="not accessible"):
        storages["archive"].url(document.current_version.file.name)


def test_several_documents_are_packed_out_of_the_bucket(document, reader):
    second = take_in(ContentFile(b"zweites"), "b.txt", document=Document(title="B", level=Level.PUBLIC)).document

    answer = reader.get(f"/archiv/zip/?dokument={document.pk}&dokument={second.pk}")
    content = answer.getvalue()

    assert len(content) == int(answer.headers["Content-Length"])
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.read("Anträge.pdf") == CONTENT
        assert packed.read("B.txt") == b"zweites"


def test_what_is_missing_changed_or_unknown_in_the_bucket_is_found(document, bucket, monkeypatch):
    version = document.current_version
    key = names(bucket)[0]
    monkeypatch.setattr("archive.fixity.STRAY_AFTER", datetime.timedelta(hours=-1))
    bucket.put_object(Key="site/archive/documents/77/stray.pdf", Body=b"x")

    intact = check(version)
    unknown = list(strays())
    bucket.put_object(Key=key, Body=b"other")
    changed = check(version)
    bucket.Object(key).delete()

    assert (intact, changed, check(version)) == ("intact", "changed", "missing")
    assert unknown == ["documents/77/stray.pdf"]


def test_a_missing_file_is_a_missing_page_and_no_error(document, reader, bucket):
    bucket.objects.delete()

    assert reader.get(document.url).status_code == 404


def test_a_picture_is_scaled_in_the_bucket_and_shown_by_the_site(site, bucket, client):
    image = make_image(60, 40)

    rendition = image.get_rendition("width-30")
    shown = client.get(rendition.url)

    assert rendition.url.startswith("/media/images/")
    assert shown.getvalue().startswith(b"\x89PNG")
    shown.close()
    assert [name.split("/")[1] for name in names(bucket)] == ["media", "private"]


@pytest.mark.every_storage
@pytest.mark.parametrize("form", ["webp", "avif", "png"])
def test_a_picture_says_what_it_is(site, client, form):
    image = make_image(60, 40)

    shown = client.get(image.get_rendition(f"width-30|format-{form}").url)
    shown.close()

    assert (shown.status_code, shown.headers["Content-Type"]) == (200, f"image/{form}")


def test_a_card_for_link_previews_is_kept_until_it_looks_different(bucket):
    first, again = (stored_card(7, Card("Saal")) for _time in range(2))
    before = names(bucket)
    changed = stored_card(7, Card("Hof"))

    assert first == again != changed
    assert (len(before), len(names(bucket)), before == names(bucket)) == (1, 1, False)


def test_a_backup_holds_the_files_of_the_bucket(document, tmp_path, capsys):
    call_command("backup", output=tmp_path / "b.tar", json=True)

    made = json.loads(capsys.readouterr().out)
    assert made["missing"] == []
    assert made["files"] >= 1
    assert CONTENT[:200] in (tmp_path / "b.tar").read_bytes()


def test_the_site_is_ready_only_while_the_bucket_answers(bucket, away, client):
    ready = client.get("/readyz").json()

    with files_in(away):
        assert client.get("/readyz").status_code == 503
        assert [warning.id for warning in check_bucket(None)] == ["cms.W001"]

    assert ready["storage"] == "ok"
    assert check_bucket(None) == []


def test_a_bucket_that_does_not_exist_is_no_storage(s3_server, client):
    with files_in(address(s3_server).replace(f"/{NAME}?", "/another?")):
        assert client.get("/readyz").json()["storage"] == "failed"


def test_a_bucket_that_is_away_is_no_damage_and_nothing_is_lost(document, away, tmp_path):
    version = document.current_version

    with files_in(away):
        assert check_due() is False
        with pytest.raises(CommandError, match=r"^Der Speicher von S3_URL antwortet nicht \(\w+\)\. Was bis dahin"):
            call_command("verify_archive")
        with pytest.raises(CommandError, match="konnte nicht geschrieben werden: Der Speicher von S3_URL"):
            call_command("backup", output=tmp_path / "b.tar")
        version = read_version(version.pk)

    assert (version.damage, version.verified_at) == ("", None)
    assert (version.extraction, version.extraction_error) == ("waiting", "")
    assert list(tmp_path.iterdir()) == []


def test_readers_of_a_bucket_that_is_away_get_an_error_page_without_its_address(document, reader, away):
    reader.raise_request_exception = False

    with files_in(away):
        answer = reader.get(document.url)

    assert answer.status_code == 500
    assert "127.0.0.1:1" not in answer.text
