"""Slides in the look of the site, made with python-pptx."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from archive.demo_files import look
from archive.demo_files.packing import repack

FONT = "Arial"
WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
TITLE_ONLY, TITLE_AND_BODY = 5, 1


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide: a head, lines (one paragraph each), and perhaps a second column or a table with a head row."""

    title: str
    lines: Sequence[str] = ()
    second: Sequence[str] = ()
    table: Sequence[Sequence[str]] = ()
    numbered: bool = False
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Deck:
    """A presentation: what stands on its first slide, the office that hosted, and the slides after it."""

    title: str
    occasion: str
    host: str
    slides: Sequence[Slide] = field(default_factory=tuple)


def write_deck(deck: Deck, path: Path) -> None:
    """Writes the presentation as PPTX; the same deck gives the same bytes."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = WIDTH, HEIGHT
    properties = presentation.core_properties
    properties.title, properties.author, properties.language = deck.title, look.PUBLISHER, "de-DE"
    properties.subject, properties.last_modified_by = look.NOTICE, look.PUBLISHER
    properties.created = properties.modified = look.MADE_AT
    properties.revision = 1
    _opening(presentation, deck)
    for number, slide in enumerate(deck.slides, 2):
        _content(presentation, deck, slide, number)
    buffer = BytesIO()
    presentation.save(buffer)
    repack(buffer.getvalue(), path)


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour)


def _fill(shape: Any, colour: str) -> None:
    shape.fill.solid()
    shape.fill.fore_color.rgb = _rgb(colour)
    shape.line.fill.background()
    shape.shadow.inherit = False


def _bar(slide: Any, left: int, top: int, width: int, height: int, colour: str) -> None:
    _fill(slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, left, top, width, height), colour)


def _place(shape: Any, left: float, top: float, width: float, height: float) -> Any:
    shape.left, shape.top, shape.width, shape.height = Inches(left), Inches(top), Inches(width), Inches(height)
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    return frame


def _write(paragraph: Any, text: str, size: float, colour: str, bold: bool = False) -> None:
    run = paragraph.add_run()
    run.text = text
    run.font.name, run.font.size, run.font.bold = FONT, Pt(size), bold
    run.font.color.rgb = _rgb(colour)
    run._r.get_or_add_rPr().set("lang", "de-DE")


def _background(slide: Any, colour: str) -> None:
    slide.background.fill.solid()
    slide.background.fill.fore_color.rgb = _rgb(colour)


def _tiles(slide: Any, host: str, left: float, top: float, size: float, colour: str) -> None:
    step = Inches(size) / look.MAP_SIZE
    group = slide.shapes.add_group_shape()
    group.name = "Kachelkarte Sachsen-Anhalt"
    for code, x, y, is_city in look.TILES:
        tile = group.shapes.add_shape(
            MSO_SHAPE.OVAL if is_city else MSO_SHAPE.RECTANGLE,
            Emu(int(Inches(left) + x * step)),
            Emu(int(Inches(top) + y * step)),
            Emu(int(look.TILE_SIZE * step)),
            Emu(int(look.TILE_SIZE * step)),
        )
        tile.name = code
        _fill(tile, look.ACCENT if code == host else colour)
    properties = group._element.find(qn("p:nvGrpSpPr")).find(qn("p:cNvPr"))
    properties.set("descr", "Karte der 14 Koordinierungsstellen; der Ort der Ausgabe ist hervorgehoben.")


def _opening(presentation: Any, deck: Deck) -> None:
    slide = presentation.slides.add_slide(presentation.slide_layouts[TITLE_ONLY])
    _background(slide, look.HERO)
    _bar(slide, 0, 0, WIDTH, Inches(0.14), look.ACCENT)
    _tiles(slide, deck.host, 9.1, 1.75, 3.5, look.HERO_TILE)
    frame = _place(slide.shapes.title, 0.75, 1.75, 7.9, 2.4)
    frame.vertical_anchor = MSO_ANCHOR.TOP
    frame.paragraphs[0].line_spacing = 1.0
    frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    _write(frame.paragraphs[0], deck.title, 44, look.ON_HERO, bold=True)
    frame = _place(slide.shapes.add_textbox(0, 0, 0, 0), 0.75, 4.5, 7.9, 0.8)
    _write(frame.paragraphs[0], deck.occasion, 20, look.ON_HERO_2)
    frame = _place(slide.shapes.add_textbox(0, 0, 0, 0), 0.75, 6.3, 11.8, 0.8)
    _write(frame.paragraphs[0], look.NOTICE_LONG, 13, look.ON_HERO_2)


def _content(presentation: Any, deck: Deck, content: Slide, number: int) -> None:
    layout = TITLE_ONLY if content.table else TITLE_AND_BODY
    slide = presentation.slides.add_slide(presentation.slide_layouts[layout])
    _background(slide, look.PAPER)
    _bar(slide, Inches(0.75), Inches(0.6), Inches(11.83), Pt(2), look.INK)
    frame = _place(slide.shapes.title, 0.75, 0.8, 11.83, 0.95)
    frame.vertical_anchor = MSO_ANCHOR.TOP
    frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    _write(frame.paragraphs[0], content.title, 32, look.INK, bold=True)
    if content.table:
        _table(slide, content.table)
    else:
        width = 5.6 if content.second else 11.0
        _lines(_place(slide.placeholders[1], 0.75, 1.95, width, 4.6), content.lines, content.numbered)
    if content.second:
        _lines(_place(slide.shapes.add_textbox(0, 0, 0, 0), 6.95, 1.95, 5.6, 4.6), content.second, False)
    frame = _place(slide.shapes.add_textbox(0, 0, 0, 0), 0.75, 6.9, 11.0, 0.35)
    _write(frame.paragraphs[0], f"{deck.title} · {look.NOTICE}", 12, look.INK_2)
    frame = _place(slide.shapes.add_textbox(0, 0, 0, 0), 12.0, 6.9, 0.58, 0.35)
    frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
    _write(frame.paragraphs[0], str(number), 12, look.INK, bold=True)
    if content.notes:
        slide.notes_slide.notes_text_frame.text = content.notes


def _lines(frame: Any, lines: Sequence[str], numbered: bool) -> None:
    for index, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(11)
        paragraph.line_spacing = 1.1
        paragraph.alignment = PP_ALIGN.LEFT
        head, colon, rest = line.partition(": ")
        _bullet(paragraph, numbered)
        if colon and len(head) < 40:
            _write(paragraph, f"{head}: ", 20, look.PETROL, bold=True)
            _write(paragraph, rest, 20, look.INK)
        else:
            _write(paragraph, line, 20, look.INK)


def _bullet(paragraph: Any, numbered: bool) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", str(Inches(0.4)))
    properties.set("indent", str(-Inches(0.4)))
    colour = properties.makeelement(qn("a:buClr"), {})
    colour.append(colour.makeelement(qn("a:srgbClr"), {"val": look.PETROL}))
    properties.append(colour)
    if numbered:
        properties.append(properties.makeelement(qn("a:buFont"), {"typeface": "+mj-lt"}))
        properties.append(properties.makeelement(qn("a:buAutoNum"), {"type": "arabicPeriod"}))
    else:
        properties.append(properties.makeelement(qn("a:buFont"), {"typeface": FONT}))
        properties.append(properties.makeelement(qn("a:buChar"), {"char": "–"}))


def _table(slide: Any, rows: Sequence[Sequence[str]]) -> None:
    shape = slide.shapes.add_table(
        len(rows), len(rows[0]), Inches(0.75), Inches(1.95), Inches(11.83), Inches(0.62 * len(rows))
    )
    for row_index, row in enumerate(rows):
        for column_index, text in enumerate(row):
            cell = shape.table.cell(row_index, column_index)
            cell.fill.solid()
            cell.fill.fore_color.rgb = _rgb(
                look.PETROL if row_index == 0 else look.PAPER if row_index % 2 else look.SUNK
            )
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            colour = "FFFDF9" if row_index == 0 else look.INK
            _write(cell.text_frame.paragraphs[0], text, 17, colour, bold=row_index == 0 or column_index == 0)
