"""Which files the archive takes, by their content and not by their name alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader, PdfWriter

from archive import file_types
from archive.file_types import FileRefused, check_file, clean_name, extension_of
from tests.archive.made_files import changed


def write(path, data):
    path.write_bytes(data)
    return path


def test_demo_files_are_what_they_say(demo_files):
    found = {name: check_file(path, name).extension for name, path in demo_files.items()}

    assert all(name.endswith(f".{extension}") for name, extension in found.items())
    assert set(found.values()) == {"pptx", "docx", "odt", "pdf", "txt"}


def test_images_and_spreadsheets_are_taken(tmp_path, png):
    from openpyxl import Workbook

    Workbook().save(tmp_path / "a.xlsx")
    Image.new("RGB", (20, 20)).save(tmp_path / "a.jpg")

    assert check_file(tmp_path / "a.xlsx", "a.xlsx").label == "Excel"
    assert check_file(tmp_path / "a.jpg", "Foto.JPEG").extension == "jpg"
    assert check_file(write(tmp_path / "b", png), "b.png").inline


@pytest.mark.parametrize(
    ("extension", "start"),
    [
        ("mp4", b"\0\0\0\x20ftypisom"),
        ("webm", b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm"),
        ("vtt", b"WEBVTT\n\n00:00.000 --> 00:02.000\nGuten Tag!"),
    ],
)
def test_videos_and_their_subtitles_are_taken(tmp_path, extension, start):
    assert check_file(write(tmp_path / "file", start + b"x" * 100), f"a.{extension}").extension == extension


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.exe", "a.zip", "a", ".pdf", "", "a.pdf.exe", "a.doc"])
def test_other_formats_are_refused_with_the_possible_ones(tmp_path, name):
    path = write(tmp_path / "file", b"<html></html>")

    with pytest.raises(FileRefused, match="PDF, PPTX"):
        check_file(path, name)


@pytest.mark.parametrize("name", ["a.pptm", "a.docm", "A.XLSM"])
def test_macro_formats_are_refused(tmp_path, name):
    with pytest.raises(FileRefused, match="Makros"):
        check_file(write(tmp_path / "file", b"PK"), name)


@pytest.mark.parametrize("extension", list(file_types.FILE_TYPES))
def test_content_that_is_something_else_is_refused(tmp_path, extension):
    content = b"MZ\x90\x00\x03\x00\x00\x00 a program" * 20

    with pytest.raises(FileRefused, match=r"passt nicht zur Endung|beschädigt"):
        check_file(write(tmp_path / "file", content), f"a.{extension}")


@pytest.mark.parametrize("extension", ["pdf", "pptx", "odt", "png", "jpg"])
def test_web_page_under_another_name_is_refused(tmp_path, extension):
    page = b"<!doctype html><script>alert(1)</script> %PDF-1.7 %%EOF"

    with pytest.raises(FileRefused):
        check_file(write(tmp_path / "file", page), f"a.{extension}")


def test_office_formats_are_not_mistaken_for_each_other(demo_files, tmp_path):
    slides = demo_files["Fördermittel und Drittmittelakquise.pptx"]

    for name in ("a.docx", "a.xlsx", "a.odt", "a.odp", "a.pdf", "a.txt"):
        with pytest.raises(FileRefused):
            check_file(slides, name)


def test_macros_inside_an_office_file_are_refused(demo_files, tmp_path):
    path = write(tmp_path / "a", changed(demo_files["Ergebnisse des Barcamps.docx"], **{"word__vbaProject.bin": b"x"}))

    with pytest.raises(FileRefused, match="Makros"):
        check_file(path, "a.docx")


def test_encrypted_pdf_is_refused(pdf, tmp_path):
    writer = PdfWriter(clone_from=PdfReader(pdf))
    writer.encrypt("geheim", algorithm="AES-256")
    writer.write(tmp_path / "a.pdf")

    with pytest.raises(FileRefused, match="Kennwort"):
        check_file(tmp_path / "a.pdf", "a.pdf")


@pytest.mark.parametrize("name", ["Neue Antragsformalitäten ab 2025.pdf", "Ergebnisse des Barcamps.docx"])
def test_truncated_file_is_refused(demo_files, tmp_path, name):
    data = demo_files[name].read_bytes()

    with pytest.raises(FileRefused, match="beschädigt"):
        check_file(write(tmp_path / "file", data[: len(data) // 2]), name)


def test_truncated_image_is_refused(tmp_path, png):
    with pytest.raises(FileRefused):
        check_file(write(tmp_path / "file", png[:40]), "a.png")


def test_zip_bomb_is_refused_without_unpacking(demo_files, tmp_path, monkeypatch):
    monkeypatch.setattr(file_types, "MAX_UNPACKED_BYTES", 1_000_000)
    data = changed(demo_files["Ergebnisse des Barcamps.docx"], word__media="0" * 2_000_000)

    with pytest.raises(FileRefused, match="unzulässige Größe"):
        check_file(write(tmp_path / "file", data), "a.docx")


def test_empty_and_too_large_files_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(file_types, "MAX_BYTES", 10)

    with pytest.raises(FileRefused, match="leer"):
        check_file(write(tmp_path / "file", b""), "a.txt")
    with pytest.raises(FileRefused, match="größer"):
        check_file(write(tmp_path / "file", b"x" * 11), "a.txt")


@pytest.mark.parametrize(
    ("offered", "stored"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Ordner\\Protokoll.docx", "Protokoll.docx"),
        ("Fördermittel – März.pdf", "Fördermittel – März.pdf"),
        ("a\0b\n.pdf", "ab.pdf"),
        ('"><script>.pdf', "script.pdf"),
        ("   .pdf", "pdf"),
        ("", "Datei"),
        ("..", "Datei"),
        ("\u202etxt.exe", "txt.exe"),
    ],
)
def test_names_are_made_harmless(offered, stored):
    assert clean_name(offered) == stored


@given(st.text(max_size=400))
def test_any_name_becomes_one_that_can_be_stored(name):
    cleaned = clean_name(name)

    assert cleaned
    assert len(cleaned) <= 120
    assert not set(cleaned) & set('/\\\0\n\r"<>|')
    assert cleaned not in (".", "..")
    assert extension_of(cleaned) == extension_of(name)
