"""Internal protocol of the barcamp of edition 13 (Halle, 22 November 2024), made with python-docx."""

from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from archive.demo_files import look
from archive.demo_files.packing import repack

TITLE = "Ergebnisse des Barcamps"
SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Anlass",
        (
            "Am zweiten Tag der 13. IKOE-Ideenwerkstatt in Halle (Saale) besprachen die Integrationskoordinatorinnen "
            "und Integrationskoordinatoren in einem Barcamp aktuelle Themen aus ihren Landkreisen. Dieses Protokoll "
            "hält die Themen und die weiteren Schritte fest. Es ist für die Koordinierungsstellen bestimmt.",
        ),
    ),
    (
        "Thema 1: Job-Buddy-Programm",
        (
            "Leitfrage: Wie finden neu Zugewanderte und Menschen mit Berufserfahrung im Betrieb zusammen?",
            "Gesammelte Fragen: Wer spricht Betriebe an? Wer begleitet die Paare? Was geschieht, wenn es nicht passt?",
            "Idee: Ein gemeinsames Merkblatt mit Rollen, Zeitaufwand und Ansprechstellen erarbeiten.",
        ),
    ),
    (
        "Thema 2: Politische Partizipation",
        (
            "Einblick: Der Migrationsbeirat aus Halle berichtete davon, was er bewegen kann und wie er arbeitet.",
            "Gesammelte Fragen: Wie entsteht ein Beirat? Welche Rechte braucht er? Wie bleibt er arbeitsfähig?",
            "Idee: Satzungen und Erfahrungen der Beiräte im Archiv zusammenführen.",
        ),
    ),
    (
        "Thema 3: Verwaltung und Betriebe",
        (
            "Leitfrage: Wie werden Stammtische zu einem Ort, an dem konkrete Fälle gelöst werden?",
            "Gesammelte Fragen: Wer lädt ein? Welche Fälle eignen sich? Wie wird Vertraulichkeit vereinbart?",
            "Idee: Eine Vorlage für Einladung, Ablauf und Ergebnisblatt ausprobieren.",
        ),
    ),
)
TASKS = (
    ("Wer", "Was", "Bis wann"),
    ("Steuerungsgruppe", "Merkblatt Job-Buddy abstimmen", "nächstes Ideencafé"),
    ("IKOE-Projektteam", "Unterlagen der Beiräte im Archiv bündeln", "nächstes Ideencafé"),
    ("Koordinierungsstellen", "Vorlage für Stammtische erproben", "nächste Ideenwerkstatt"),
)


def write(path: Path) -> None:
    """Writes the DOCX to `path`."""
    document = Document()
    _set_up(document)
    document.add_paragraph("Protokoll · nur für Koordinierungsstellen", style="Subtitle")
    document.add_heading(TITLE, level=0)
    document.add_paragraph("13. IKOE-Ideenwerkstatt, Halle (Saale), 22. November 2024", style="Subtitle")
    for heading, lines in SECTIONS:
        document.add_heading(heading, level=1)
        for line in lines:
            head, colon, rest = line.partition(": ")
            paragraph = document.add_paragraph(style="List Bullet" if colon else None)
            if colon:
                paragraph.add_run(f"{head}: ").bold = True
            paragraph.add_run(rest if colon else line)
    document.add_heading("Wer macht was bis wann?", level=1)
    _task_table(document)
    document.add_paragraph()
    document.add_paragraph(look.NOTICE_LONG, style="Caption")
    buffer = BytesIO()
    document.save(buffer)
    repack(buffer.getvalue(), path)


def _set_up(document: Any) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.language = TITLE, look.PUBLISHER, "de-DE"
    properties.last_modified_by, properties.comments = look.PUBLISHER, look.NOTICE
    properties.created = properties.modified = look.MADE_AT
    properties.revision = 1
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    for name, size, colour in (
        ("Normal", 11, look.INK),
        ("Title", 26, look.PETROL),
        ("Subtitle", 12, look.INK_2),
        ("Heading 1", 15, look.PETROL),
        ("Caption", 9, look.INK_2),
    ):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Arial", Pt(size), RGBColor.from_string(colour)
        style.font.italic = False
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in list(fonts.attrib):
            if attribute.endswith("Theme"):
                del fonts.attrib[attribute]
    language = document.styles["Normal"].element.rPr.makeelement(qn("w:lang"), {qn("w:val"): "de-DE"})
    document.styles["Normal"].element.rPr.append(language)


def _task_table(document: Any) -> None:
    table = document.add_table(rows=0, cols=3)
    table.style = "Table Grid"
    for index, task in enumerate(TASKS):
        row = table.add_row()
        for cell, text in zip(row.cells, task, strict=True):
            cell.paragraphs[0].add_run(text).bold = index == 0
        if index == 0:
            row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
