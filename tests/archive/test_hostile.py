"""Files that want to break the intake: each ends stored, duplicate, rejected or failed with a reason."""

import gzip
import struct
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from archive.extraction import ExtractionFailed, extract
from archive.file_types import FileRefused, check_file
from archive.limited import MEMORY_BYTES
from archive.management.commands.import_documents import take_in_path
from archive.models import Document, DocumentVersion
from tests.archive.made_files import LAUGHS, office, pdf_of, png_header, repacked

pytestmark = pytest.mark.usefixtures("bare_path")


CATALOGUE = "<< /Type /Catalog /Pages 2 0 R >>"


def external_entity(secret):
    return (
        f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file://{secret}">]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        "<w:t>Text &x;</w:t></w:r></w:p></w:body></w:document>"
    ).encode()


def zip_bomb():
    """The directory says that one part unpacks to 700 MB."""
    return with_size(office("docx"), "word/document.xml", 700_000_000)


def lying_zip():
    """The directory says that the main part unpacks to ten bytes; it unpacks to 50 MB."""
    return with_size(office("docx", **{"word__document.xml": b" " * 50_000_000}), "word/document.xml", 10)


def with_size(data, name, size):
    """A ZIP container whose directory claims this size for a part (APPNOTE 4.3.12)."""
    changed = bytearray(data)
    entry = changed.rindex(b"PK\x01\x02", 0, changed.rindex(name.encode()))
    struct.pack_into("<L", changed, entry + 24, size)
    return bytes(changed)


def nested_zip():
    data = b"\0" * 20_000_000
    for _ in range(4):
        data = repacked(office("docx"), {"word/embeddings/a.docx": data})
    return data


def template_of(target):
    return {
        "word___rels__settings.xml.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
            f'Target="{target}" TargetMode="External"/></Relationships>'
        )
    }


# Name of the file, its bytes, how it ends, and a word of the reason.
FILES = {
    "empty": ("a.pdf", lambda: b"", "rejected", "leer"),
    "program": ("a.pdf", lambda: b"MZ" + bytes(range(256)), "rejected", "Endung"),
    "web page": ("a.docx", lambda: b"<html><script>alert(1)</script>", "rejected", "Endung"),
    "name with folders": ("../../etc/passwd.txt", lambda: b"eins", "stored", ""),
    "name with NUL": ("a\0b.txt", lambda: b"zwei", "stored", ""),
    "long name": ("ü" * 300 + ".txt", lambda: b"drei", "stored", ""),
    "turned name": ("\u202etxt.exe", lambda: b"MZ", "rejected", "Dateiformat"),
    "name of signs": ("\x1b[31m\r\n.txt", lambda: b"vier", "stored", ""),
    "macros by name": ("a.docm", lambda: office("docx"), "rejected", "Makros"),
    "macros inside": ("a.docx", lambda: office("docx", **{"word__vbaProject.bin": b"x"}), "rejected", "Makros"),
    "encrypted": (
        "a.pdf",
        lambda: pdf_of(CATALOGUE, "<< /Type /Pages /Count 0 /Kids [] >>", trailer="/Root 1 0 R /Encrypt << >>"),
        "rejected",
        "Kennwort",
    ),
    "encrypted in disguise": (
        "a.pdf",
        lambda: pdf_of(CATALOGUE, "<< /Type /Pages /Count 0 /Kids [] >>", trailer="/Root 1 0 R /E#6ecrypt << >>"),
        "failed",
        "beschädigt",
    ),
    "recursive pages": (
        "a.pdf",
        lambda: pdf_of(CATALOGUE, "<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R] >>"),
        "failed",
        "beschädigt",
    ),
    "two billion pages": (
        "a.pdf",
        lambda: pdf_of(
            CATALOGUE,
            "<< /Type /Pages /Count 2000000000 /Kids [3 0 R] >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
        ),
        "any",
        "",
    ),
    "huge page": (
        "a.pdf",
        lambda: pdf_of(
            CATALOGUE,
            "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1e9 1e9] /UserUnit 1e6 >>",
        ),
        "stored",
        "",
    ),
    "bomb of a picture": ("a.png", lambda: png_header(60_000, 60_000), "rejected", "Bildpunkte"),
    "picture without pixels": ("a.png", lambda: png_header(4_000, 4_000), "failed", "beschädigt"),
    "zip bomb": ("a.docx", zip_bomb, "rejected", "entpacken"),
    "many parts": (
        "a.docx",
        lambda: office("docx", **{f"x{number}": b"" for number in range(20_001)}),
        "rejected",
        "entpacken",
    ),
    "lying zip": ("a.docx", lying_zip, "failed", "beschädigt"),
    "nested zip": ("a.docx", nested_zip, "stored", ""),
    "billion laughs": ("a.docx", lambda: office("docx", **{"word__document.xml": LAUGHS}), "any", ""),
    "remote template": (
        "a.docx",
        lambda: office("docx", **template_of("http://x.example/a.dotm")),
        "rejected",
        "Internet",
    ),
    "own template": ("a.docx", lambda: office("docx", **template_of("file:///C:/Brief.dotx")), "stored", ""),
    "gzip as text": ("a.txt", lambda: gzip.compress(b"Text"), "rejected", "Endung"),
    "text of Windows": ("a.txt", lambda: "Fördermaßnahme – ".encode("cp1252") * 300_000, "stored", ""),
}


@pytest.mark.django_db
@pytest.mark.parametrize("case", FILES)
def test_every_file_ends_with_a_status(site, tmp_path, case):
    name, make, status, reason = FILES[case]
    path = tmp_path / "file"
    path.write_bytes(make())

    result = take_in_path(path, name, None)

    assert result["status"] == status or (status == "any" and result["status"] in ("stored", "failed", "rejected"))
    assert reason in result["reason"]
    assert bool(result["reason"]) == (result["status"] != "stored")
    if result["status"] in ("stored", "failed"):
        version = DocumentVersion.objects.get()
        assert version.extraction == ("done" if result["status"] == "stored" else "failed")
        assert not set(version.original_name) & set("/\\\0\r\n\x1b\u202e")
    else:
        assert not Document.with_tombstones.exists()


@pytest.mark.django_db
@pytest.mark.slow
def test_text_of_five_megabytes_is_found_to_its_end(site, tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(("Fördermaßnahme – Überblick\n".encode("cp1252") * 200_000) + b"Schlusswort")

    result = take_in_path(path, "a.txt", None)

    leaves = DocumentVersion.objects.get().leaves
    assert (result["status"], result["characters"] > 5_000_000) == ("stored", True)
    assert leaves.filter(terms__contains="schlusswort").count() == 1
    assert leaves.count() > 200


@pytest.mark.parametrize("kind", ["pdf", "pptx", "docx", "odt", "png", "jpg"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_truncated_file_ends_with_a_sentence(demo_files, png, tmp_path, kind, share):
    path = tmp_path / f"a.{kind}"
    if kind in ("png", "jpg"):
        Image.effect_noise((300, 200), 50).convert("RGB").save(path)
        data = path.read_bytes()
    else:
        data = next(file for name, file in demo_files.items() if name.endswith(kind)).read_bytes()
    path.write_bytes(data[: int(len(data) * share)])

    with pytest.raises((FileRefused, ExtractionFailed), match=r"Datei"):
        check_file(path, path.name)
        extract(path, kind, tmp_path)


@pytest.mark.slow
def test_ten_thousand_pages_are_read_within_the_limits(tmp_path):
    fonts = "<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 20] /Contents 10003 0 R /Resources {fonts} >>"
    content = "BT /F 12 Tf 20 5 Td (Kommunale Integration) Tj ET"
    kids = " ".join(f"{number} 0 R" for number in range(3, 10_003))
    tree = f"<< /Type /Pages /Count 10000 /Kids [{kids}] >>"
    stream = f"<< /Length {len(content)} >>\nstream\n{content}\nendstream"
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_of(CATALOGUE, tree, *[page] * 10_000, stream))

    extraction = extract(path, "pdf", tmp_path)

    assert extraction.pages == len(extraction.leaves) == 10_000
    assert sum(leaf.image is not None for leaf in extraction.leaves) == 400
    assert 0 < extraction.peak_kilobytes * 1024 < MEMORY_BYTES


def test_pages_that_cannot_be_drawn_keep_their_text(tmp_path):
    """A picture that unpacks to gigabytes ends the drawing, after the text has been saved."""
    rows = zlib.compress(b"\0" * 40_000 * 1_000)
    picture = (
        "<< /Type /XObject /Subtype /Image /Width 40000 /Height 40000 /ColorSpace /DeviceRGB /BitsPerComponent 8 "
        f"/Filter [/ASCIIHexDecode /FlateDecode] /Length {len(rows) * 2} >>\nstream\n{rows.hex()}\nendstream"
    )
    content = "BT /F 12 Tf 20 20 Td (Kommunale Integration) Tj ET 200 0 0 200 0 0 cm /I Do"
    page = (
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> "
        "/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
    )
    stream = f"<< /Length {len(content)} >>\nstream\n{content}\nendstream"
    path = tmp_path / "b.pdf"
    path.write_bytes(pdf_of(CATALOGUE, "<< /Type /Pages /Count 1 /Kids [3 0 R] >>", page, stream, picture))

    extraction = extract(path, "pdf", tmp_path)

    assert extraction.leaves[0].text == "Kommunale Integration"
    assert extraction.peak_kilobytes * 1024 < MEMORY_BYTES


def test_external_entity_brings_no_file_in(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("Geheimnis")
    path = tmp_path / "a.docx"
    path.write_bytes(office("docx", **{"word__document.xml": external_entity(secret)}))

    try:
        text = "".join(leaf.text for leaf in extract(path, "docx", tmp_path).leaves)
    except ExtractionFailed:
        text = ""

    assert "Geheimnis" not in text


@pytest.mark.slow
def test_million_rows_are_cut_and_said_so(tmp_path):
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Werte")
    for number in range(1, 2_001):
        sheet.append([number, "Landkreis"])
    book.save(tmp_path / "small.xlsx")
    row = '<row r="%d"><c r="A%d" t="inlineStr"><is><t>Landkreis</t></is></c></row>'
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    head += '<dimension ref="A1:A1000000"/><sheetData>'
    rows = "".join(row % (number, number) for number in range(1, 1_000_001))
    path = tmp_path / "a.xlsx"
    sheet_xml = f"{head}{rows}</sheetData></worksheet>".encode()
    path.write_bytes(repacked((tmp_path / "small.xlsx").read_bytes(), {"xl/worksheets/sheet1.xml": sheet_xml}))

    check_file(path, "a.xlsx")
    extraction = extract(path, "xlsx", tmp_path)

    assert "Nur ihr Anfang" in extraction.remark
    assert extraction.peak_kilobytes * 1024 < MEMORY_BYTES


@pytest.fixture(scope="session")
def small_files(demo_files, png):
    """Bytes of one small file of each type."""
    found = {path.suffix[1:]: path.read_bytes() for path in demo_files.values() if path.stat().st_size < 200_000}
    return found | {"png": png, "docx": office("docx")}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_check_of_mangled_bytes_only_ever_refuses(small_files, tmp_path, data):
    """The checks run in the web process, so nothing but a German sentence may come out of them."""
    kind = data.draw(st.sampled_from(sorted(small_files)))
    content = bytearray(small_files[kind])
    for place, value in data.draw(
        st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=30)
    ):
        content[place] = value
    cut = data.draw(st.integers(0, len(content)))
    path = tmp_path / "mangled"
    path.write_bytes(content[:cut] if data.draw(st.booleans()) else content)

    try:
        check_file(path, f"a.{kind}")
    except FileRefused as refused:
        assert str(refused).endswith(".")
