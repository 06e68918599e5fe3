"""Scanned pages: with OCRmyPDF and Tesseract where they are installed, else with a hint."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageFont

import home
from archive.extraction import ExtractedLeaf, Extraction
from archive.indexing import read_version
from archive.intake import take_in
from archive.recognition import _pages, needs_recognition
from home.search.analysis import terms

FONT = Path(home.__file__).parent / "static/fonts/print/FiraSans-Regular.ttf"


@pytest.fixture(scope="session")
def scan(tmp_path_factory):
    """Two pages as pictures, as a scanner makes them."""
    font = ImageFont.truetype(FONT, 44)
    pages = []
    for text in ("Kommunale Integration", "Fördermittel für Begegnungen"):
        page = Image.new("L", (1240, 600), "white")
        ImageDraw.Draw(page).text((100, 200), text, font=font, fill="black")
        pages.append(page)
    path = tmp_path_factory.mktemp("scan") / "scan.pdf"
    pages[0].save(path, save_all=True, append_images=pages[1:], resolution=150)
    return path


@pytest.mark.ocr
@pytest.mark.django_db
def test_scanned_pages_are_found_by_their_text(site, scan):
    version = read_version(take_in(scan, "scan.pdf").version.pk)

    assert (version.extraction, version.extraction_error, version.text_recognised) == ("done", "", True)
    leaves = version.leaves.order_by("number")
    assert "Kommunale Integration" in leaves[0].text
    assert set(terms("Fördermittel Begegnungen")) <= set(leaves[1].terms.split())
    assert all(leaf.image for leaf in leaves)


@pytest.mark.django_db
def test_without_the_programs_the_state_says_so(site, scan, bare_path, client, users):
    taken = take_in(scan, "scan.pdf")
    version = read_version(taken.version.pk)

    client.force_login(users["admin"])
    page = client.get(f"/admin/documents/edit/{taken.document.pk}/").text

    assert (version.extraction, version.text_recognised) == ("done", False)
    assert "Texterkennung ist auf diesem Server nicht eingerichtet" in version.extraction_error
    assert version.extraction_error in page
    assert "Noch einmal lesen" in page


@pytest.mark.django_db
def test_program_that_fails_leaves_pictures_and_a_hint(site, scan, bare_path, tmp_path):
    for name in ("ocrmypdf", "tesseract"):
        program = tmp_path / "bare-path" / name
        program.write_text("#!/bin/sh\nexit 3\n")
        program.chmod(0o755)

    version = read_version(take_in(scan, "scan.pdf").version.pk)

    assert (version.extraction, "hat nicht geklappt" in version.extraction_error) == ("done", True)
    assert version.leaves.exclude(image="").count() == 2


def test_text_on_few_pages_is_enough():
    pages = [ExtractedLeaf(1, "x" * 100), ExtractedLeaf(2, "")]

    assert not needs_recognition(Extraction(2, pages))
    assert needs_recognition(Extraction(2, [ExtractedLeaf(1, "x" * 30), ExtractedLeaf(2, "")]))
    assert not needs_recognition(Extraction(0))


def test_pages_that_were_skipped_are_counted():
    sidecar = "Eins\f[OCR skipped on page(s) 2-3]\fVier\f[OCR skipped on page(s) 5]"

    assert dict(_pages(sidecar)) == {1: "Eins", 4: "Vier"}


@pytest.mark.django_db
def test_content_of_a_small_pdf_with_text_is_left_alone(site, pdf):
    version = read_version(take_in(ContentFile(pdf.read_bytes()), "a.pdf").version.pk)

    assert not version.text_recognised
