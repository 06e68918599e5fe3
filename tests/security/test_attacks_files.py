"""Attacks with files: what is uploaded, read, stored, packed and handed out."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signing import dumps
from django.urls import reverse
from odfdo import Document as OpenDocument
from openpyxl import Workbook
from PIL import Image

from archive.access import Level
from archive.file_types import FileRefused
from archive.indexing import read_version
from archive.intake import take_in
from archive.models import Document, DocumentLeaf, DocumentVersion
from home.models import SiteImage
from home.roles import Role
from newsletter.models import Subscriber
from tests.accounts_content import client_of, member
from tests.archive.made_files import LAUGHS, office, png_header, repacked
from tests.pictures import picture

pytestmark = pytest.mark.django_db
BLANK = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="


@pytest.fixture
def editor(site):
    return client_of(member(Role.CHIEF_EDITOR, email="redaktion@example.org"))


def upload_image(client, name: str, data: bytes):
    fields = {"title": "Bild", "description": "Ein Bild", "credit": "Foto: wir", "consent": "not_needed"}
    return client.post(reverse("wagtailimages:add"), fields | {"file": SimpleUploadedFile(name, data)}, follow=True)


def svg(body: str, head: str = "") -> bytes:
    return f'<?xml version="1.0"?>{head}<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" \
xmlns:xlink="http://www.w3.org/1999/xlink">{body}<rect width="9" height="9"/></svg>'.encode()


# Images


@pytest.mark.attack("CWE-409")
def test_cwe_409_small_picture_of_a_billion_pixels_is_refused(editor):
    answer = upload_image(editor, "bombe.png", png_header(40_000, 40_000))

    assert answer.status_code == 200
    assert not SiteImage.objects.exists()


@pytest.mark.attack("CWE-79")
@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<rect onload='alert(1)'/>",
        "<a xlink:href='javascript:alert(1)'><rect/></a>",
        "<a href=' java\tscript:alert(1)'><rect/></a>",
        "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'><p>x</p></body></foreignObject>",
        "<style>@import url(http://evil.example/)</style>",
        "<image href='http://evil.example/zaehler.png'/>",
        "<use href='data:image/svg+xml;base64,AAAA'/>",
        "<set attributeName='href' to='javascript:alert(1)'/>",
        "<rect style='fill:url(http://evil.example/#a)'/>",
        "<rect fill='url(//evil.example/#a)'/>",
    ],
)
def test_cwe_79_picture_with_code_or_an_address_is_refused(editor, body):
    answer = upload_image(editor, "bild.svg", svg(body))

    assert not SiteImage.objects.exists()
    assert "Diese SVG-Datei enthält" in answer.text


def test_plain_drawing_is_accepted(editor):
    drawing = svg(
        f'<defs><linearGradient id="a"/></defs><rect fill="url(#a)"/><use href="#a"/><image href="{BLANK}"/>'
        "<style>.a{fill:url(#a)}</style>"
    )

    upload_image(editor, "bild.svg", drawing)

    assert SiteImage.objects.count() == 1


@pytest.mark.attack("CWE-611")
def test_cwe_611_picture_with_entities_is_refused(editor):
    for head in ('<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "<!DOCTYPE svg [<!ENTITY x 'y'>]>"):
        upload_image(editor, "bild.svg", svg("<text>&x;</text>", head))

    assert not SiteImage.objects.exists()


@pytest.mark.attack("CWE-436")
def test_cwe_436_page_that_calls_itself_a_picture_is_refused(editor):
    for name in ("bild.png", "bild.jpg", "bild.webp", "bild.gif", "bild.svg"):
        upload_image(editor, name, b"GIF89a=1;<html><script>alert(1)</script></html>")
        upload_image(editor, name, b"<html><script>alert(1)</script></html>")

    assert not SiteImage.objects.exists()


@pytest.mark.attack("CWE-212")
@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "AVIF", "PNG"])
def test_cwe_212_place_where_a_photo_was_taken_does_not_reach_the_site(editor, kind):
    photo, data, exif = Image.new("RGB", (40, 30)), io.BytesIO(), Image.Exif()
    exif[0x010E], exif[0x0112] = "Privatadresse", 6
    exif.get_ifd(0x8825)[1] = "N"
    photo.save(data, kind, exif=exif, xmp=b"<x>Privatadresse</x>")
    upload_image(editor, f"foto.{kind.lower()}", data.getvalue())

    rendition = SiteImage.objects.get().get_rendition("width-20")

    with rendition.file.open() as file:
        content = file.read()
        image = Image.open(io.BytesIO(content))
        assert not image.getexif() and b"Privatadresse" not in content
        # And it is upright all the same.
        assert image.height > image.width


# Documents


def laughing(kind: str) -> tuple[str, bytes]:
    """An office file whose main part asks for a billion words."""
    places = {"pptx": "ppt/slides/slide1.xml", "xlsx": "xl/worksheets/sheet1.xml", "odt": "content.xml"}
    buffer = io.BytesIO()
    if kind == "docx":
        return "a.docx", office("docx", **{"word__document.xml": LAUGHS})
    if kind == "odt":
        OpenDocument("text").save(buffer)
    elif kind == "xlsx":
        Workbook().save(buffer)
    else:
        from pptx import Presentation

        slides = Presentation()
        slides.slides.add_slide(slides.slide_layouts[5])
        slides.save(buffer)
    head, _declaration, _rest = LAUGHS.partition(b"<w:document")
    with zipfile.ZipFile(buffer) as container:
        original = container.read(places[kind])
    start = original.index(b"<", original.index(b"?>") if b"?>" in original else 0)
    end = original.index(b">", start)
    body = head.replace(b"DOCTYPE w", b"DOCTYPE x") + original[start : end + 1] + b"&j;" + original[end + 1 :]
    return f"a.{kind}", repacked(buffer.getvalue(), {places[kind]: body})


@pytest.mark.attack("CWE-776")
@pytest.mark.parametrize("kind", ["docx", "pptx", "xlsx", "odt"])
def test_cwe_776_entities_of_an_office_file_are_not_multiplied(site, kind):
    name, data = laughing(kind)

    try:
        version = take_in(ContentFile(data), name, document=Document(title="Lachen")).version
    except FileRefused:
        return
    read_version(version.pk)

    version.refresh_from_db()
    assert version.extraction in (DocumentVersion.Extraction.DONE, DocumentVersion.Extraction.FAILED)
    text = "".join(DocumentLeaf.objects.filter(version=version).values_list("text", flat=True))
    assert text.count("lol") < 100


@pytest.mark.attack("CWE-434")
def test_cwe_434_polyglot_of_pdf_and_page_stays_a_file(site, client):
    data = b"%PDF-1.7\n%<html><script>alert(1)</script></html>\n" + b"% stays\n" * 100 + b"%%EOF\n"
    taken = take_in(ContentFile(data), "a.pdf", document=Document(title="Beides", level=Level.PUBLIC))

    response = client.get(taken.document.url)

    response.getvalue()
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"] and "'none'" in response["Content-Security-Policy"]


@pytest.mark.attack("CWE-646")
def test_cwe_646_media_type_that_the_browser_claims_counts_for_nothing(editor):
    page = SimpleUploadedFile("seite.txt", b"<html><script>alert(1)</script></html>", content_type="text/html")
    editor.post("/admin/documents/multiple/add/", {"title": "Seite", "files[]": page}, HTTP_ACCEPT="application/json")

    for document in Document.objects.all():
        response = editor.get(document.url)
        response.getvalue()
        assert response["Content-Type"].startswith("text/plain")
        assert response["Content-Disposition"].startswith("attachment")


@pytest.mark.attack("CWE-113")
def test_cwe_113_name_of_a_file_adds_no_header(site, client):
    name = 'a"\r\nSet-Cookie: b=c\r\n\r\n<script>.txt'
    taken = take_in(ContentFile(b"Text"), name, document=Document(title="Name", level=Level.PUBLIC))

    response = client.get(taken.document.url)

    response.getvalue()
    assert "\n" not in response["Content-Disposition"] and "\r" not in response["Content-Disposition"]
    assert not response.cookies


@pytest.mark.attack("CWE-73")
def test_cwe_73_ticket_of_an_import_names_no_other_file(site):
    client = client_of(member(Role.ADMINISTRATION))
    storages["default"].save("geheim.csv", ContentFile(b"email,name,topics,consent_origin,consent_at\n"))
    forged = [
        "geheim.csv", "../../db.sqlite3", "",
        dumps({"name": "geheim.csv", "user": 1, "sha256": ""}),
        dumps({"name": "geheim.csv", "user": 1, "sha256": ""}, key="geraten", salt="newsletter.import"),
    ]  # fmt: skip

    for ticket in forged:
        answer = client.post(reverse("newsletter_import"), {"ticket": ticket})
        assert answer.status_code in (302, 422), ticket

    assert not Subscriber.objects.exists()
    assert storages["default"].exists("geheim.csv")


@pytest.mark.attack("CWE-552")
@pytest.mark.parametrize(
    "path",
    ["/static/..%2f..%2fcms/settings.py", "/static//etc/passwd", "/static/%2e%2e/%2e%2e/manage.py", "/.env",
     "/.git/config", "/media/images/..%2f..%2fdb.sqlite3", "/media/original_images/a.png",
     "/media/documents/a.pdf", "/var/db.sqlite3"],
)  # fmt: skip
def test_cwe_552_no_address_leads_to_files_of_the_machine(site, client, path):
    assert client.get(path).status_code in (400, 404)


@pytest.mark.attack("CWE-59")
def test_cwe_59_original_of_an_image_is_behind_no_address(editor, client):
    upload_image(editor, "bild.png", picture(8, 8).read())
    image = SiteImage.objects.get()

    assert client.get(image.file.url).status_code == 404


@pytest.mark.attack("CWE-755")
def test_cwe_755_picture_with_a_broken_chunk_is_refused(editor):
    body = struct.pack("!LLBBBBB", 9, 9, 8, 2, 0, 0, 0)
    broken = b"\x89PNG\r\n\x1a\n" + struct.pack("!L", 2**31) + b"IHDR" + body + struct.pack("!L", zlib.crc32(body))

    assert upload_image(editor, "kaputt.png", broken).status_code == 200
    assert not SiteImage.objects.exists()
