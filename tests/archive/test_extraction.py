"""Text and pictures of the pages of a file."""

import pytest
from docx import Document as Word
from docx.enum.text import WD_BREAK
from openpyxl import Workbook
from PIL import Image
from pptx import Presentation
from pypdf import PdfReader, PdfWriter

from archive.extraction import ExtractionFailed, extract


def texts(extraction):
    return [leaf.text for leaf in extraction.leaves]


def test_pdf_gives_text_and_picture_of_each_page(pdf, tmp_path):
    extraction = extract(pdf, "pdf", tmp_path)

    assert extraction.pages == 6
    assert [leaf.number for leaf in extraction.leaves] == [1, 2, 3, 4, 5, 6]
    assert "Vor dem Antrag" in extraction.leaves[2].text
    assert (extraction.title, extraction.language) == ("Neue Antragsformalitäten ab 2025", "de-DE")
    with Image.open(extraction.leaves[0].image) as picture:
        assert picture.format == "WEBP"
        assert picture.width == 880


def test_words_hyphenated_at_line_ends_are_joined(tmp_path):
    from weasyprint import HTML

    html = (
        "<html lang='de'><style>p { width: 3cm; hyphens: auto; text-align: justify }</style>"
        "<p>Integrationskoordinatorinnen und Integrationskoordinatoren besprechen Fördermittelanträge"
    )
    HTML(string=html).write_pdf(tmp_path / "a.pdf")

    text = extract(tmp_path / "a.pdf", "pdf", tmp_path).leaves[0].text

    assert {"Integrationskoordinatorinnen", "Integrationskoordinatoren", "Fördermittelanträge"} <= set(text.split())


def test_lines_repeated_on_every_page_are_no_text(demo_files, tmp_path):
    extraction = extract(demo_files["Verwaltung und Wirtschaft im Gespräch.pdf"], "pdf", tmp_path)

    assert extraction.pages == 20
    assert sum("Beispieldokument der Demo" in text for text in texts(extraction)) == 1


def test_slides_without_notes_and_hidden_slides(tmp_path):
    presentation = Presentation()
    for title in ("Offen", "Verborgen"):
        slide = presentation.slides.add_slide(presentation.slide_layouts[5])
        slide.shapes.title.text = title
        slide.notes_slide.notes_text_frame.text = "Nur für mich"
    slide._element.set("show", "0")
    presentation.save(tmp_path / "a.pptx")

    extraction = extract(tmp_path / "a.pptx", "pptx", tmp_path)

    assert extraction.pages == 2
    assert texts(extraction) == ["Offen"]


def test_tables_and_groups_on_slides_are_read(demo_files, tmp_path):
    extraction = extract(demo_files["Fördermittel und Drittmittelakquise.pptx"], "pptx", tmp_path)

    assert "Verwendungsnachweis | Bericht über Arbeit und Ausgaben" in extraction.leaves[2].text


def test_word_text_is_split_at_page_breaks(tmp_path):
    document = Word()
    document.add_paragraph("Erste Seite").add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("Zweite Seite")
    document.save(tmp_path / "a.docx")

    assert texts(extract(tmp_path / "a.docx", "docx", tmp_path)) == ["Erste Seite", "Zweite Seite"]


def test_word_tables_and_odt_lists_are_read(demo_files, tmp_path):
    protocol = extract(demo_files["Ergebnisse des Barcamps.docx"], "docx", tmp_path)
    guide = extract(demo_files["Begehung der Migrationsagentur Burgenlandkreis.odt"], "odt", tmp_path)

    assert "Merkblatt Job-Buddy abstimmen" in protocol.leaves[0].text
    assert "Wege: Welche Stellen arbeiten unter einem Dach" in guide.leaves[0].text


def test_hidden_sheets_are_left_out(tmp_path):
    book = Workbook()
    book.active.append(["Landkreis", "Harz"])
    hidden = book.create_sheet("Geheim")
    hidden.append(["intern"])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")

    assert texts(extract(tmp_path / "a.xlsx", "xlsx", tmp_path)) == ["Sheet\nLandkreis\tHarz"]


def test_text_in_the_code_page_of_windows_is_read(tmp_path):
    (tmp_path / "a.txt").write_bytes("Fördermittel – Maßnahme".encode("cp1252"))

    assert texts(extract(tmp_path / "a.txt", "txt", tmp_path)) == ["Fördermittel – Maßnahme"]


def test_picture_gives_one_leaf_without_text(tmp_path, png):
    (tmp_path / "a.png").write_bytes(png)

    (leaf,) = extract(tmp_path / "a.png", "png", tmp_path).leaves

    assert leaf.text == ""
    assert leaf.image.exists()


@pytest.mark.parametrize("extension", ["pdf", "pptx", "docx", "xlsx", "odt", "png"])
def test_damaged_file_ends_in_a_german_sentence(tmp_path, extension):
    (tmp_path / "file").write_bytes(b"%PDF-1.7 PK\x03\x04 nothing of use %%EOF")

    with pytest.raises(ExtractionFailed, match="beschädigt"):
        extract(tmp_path / "file", extension, tmp_path)


def test_password_is_named_as_the_reason(pdf, tmp_path):
    writer = PdfWriter(clone_from=PdfReader(pdf))
    writer.encrypt("geheim", algorithm="AES-256")
    writer.write(tmp_path / "a.pdf")

    with pytest.raises(ExtractionFailed, match="Kennwort"):
        extract(tmp_path / "a.pdf", "pdf", tmp_path)


def test_page_of_absurd_size_does_not_take_the_memory(tmp_path):
    writer = PdfWriter()
    writer.add_blank_page(width=14_400, height=14_400)
    writer.add_blank_page(width=14_400, height=1)
    writer.write(tmp_path / "a.pdf")

    extraction = extract(tmp_path / "a.pdf", "pdf", tmp_path)

    assert extraction.pages == 2
