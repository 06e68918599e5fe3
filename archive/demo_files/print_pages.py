"""Printed example documents: pages of plain HTML made into a tagged PDF (PDF/UA-1) with WeasyPrint."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from archive.demo_files import look

FONTS = Path(__file__).resolve().parents[2] / "home" / "static" / "fonts" / "print"


@dataclass(frozen=True, slots=True)
class Page:
    """One page: head, introduction, lines as list or numbered list, a table with a head row, a closing note."""

    title: str
    intro: str
    lines: Sequence[str] = ()
    numbered: bool = False
    table: Sequence[Sequence[str]] = ()
    closing: str = ""


@dataclass(frozen=True, slots=True)
class Booklet:
    """A document: what stands on its cover, the office that hosted, and its pages (one page each)."""

    title: str
    subtitle: str
    occasion: str
    host: str
    pages: Sequence[Page]


CSS = f"""
@page {{ size: A5; margin: 19mm 15mm 17mm;
  @top-left {{ content: string(book); font: 7pt "Fira Sans"; color: #{look.INK_2}; }}
  @top-right {{ content: "{look.NOTICE}"; font: 7pt "Fira Sans"; color: #{look.INK_2}; }}
  @bottom-right {{ content: counter(page); font: 600 8.5pt "Fira Sans"; color: #{look.INK}; }}
  @bottom-left {{ content: "IKOE, Auslandsgesellschaft Sachsen-Anhalt e. V."; font: 7pt "Fira Sans"; color: #{look.INK_2}; }}
}}
@page :first {{ margin: 0; @top-left {{ content: none }} @top-right {{ content: none }}
  @bottom-right {{ content: none }} @bottom-left {{ content: none }} }}
html {{ font: 10pt/1.45 "Fira Sans"; color: #{look.INK}; }}
body {{ margin: 0; }}
.cover {{ height: 210mm; box-sizing: border-box; padding: 20mm 15mm; border-top: 4mm solid #{look.ACCENT}; }}
.cover h1 {{ string-set: book content(); font-size: 27pt; line-height: 1.1; margin: 0 0 6mm; color: #{look.PETROL}; }}
.cover .map {{ width: 46mm; margin: 0 0 18mm; }}
.cover .sub {{ font-size: 12.5pt; line-height: 1.35; margin: 0 0 4mm; }}
.cover .when {{ color: #{look.INK_2}; margin: 0 0 14mm; }}
.cover .notice {{ border-left: 1.5mm solid #{look.ACCENT}; padding-left: 3.5mm; font-size: 8.5pt; color: #{look.INK_2}; }}
section {{ break-before: page; }}
h2 {{ font-size: 18pt; line-height: 1.15; margin: 0 0 4mm; padding-top: 3mm; border-top: .6mm solid #{look.INK}; }}
.intro {{ font-size: 11.5pt; line-height: 1.4; margin: 0 0 5mm; color: #{look.PETROL}; }}
ul, ol {{ margin: 0 0 5mm; padding-left: 5mm; }}
li {{ margin-bottom: 2.4mm; padding-left: 1mm; }}
li::marker {{ color: #{look.PETROL}; font-weight: 600; }}
table {{ width: 100%; border-collapse: collapse; margin: 0 0 5mm; font-size: 8.8pt; line-height: 1.35; }}
th, td {{ text-align: left; vertical-align: top; padding: 1.5mm 3mm 1.5mm 0; border-top: .25mm solid #{look.LINE}; }}
td:empty {{ height: 13mm; }}
thead th {{ color: #{look.PETROL}; border-top: 0; }}
.closing {{ background: #{look.SUNK}; padding: 3mm 4mm; margin: 0; }}
p, li {{ hyphens: auto; }}
"""


def write_booklet(booklet: Booklet, path: Path) -> None:
    """Writes the PDF; the same booklet gives the same bytes with the same WeasyPrint."""
    fonts = FontConfiguration()
    document = HTML(string=_html(booklet), base_url=None)
    document.write_pdf(
        path,
        font_config=fonts,
        pdf_variant="pdf/ua-1",
        pdf_identifier=booklet.title.encode().ljust(16)[:16],
    )


def _html(booklet: Booklet) -> str:
    faces = "".join(
        f'@font-face {{ font-family: "Fira Sans"; font-weight: {weight}; src: url({(FONTS / name).as_uri()}) }}'
        for weight, name in ((400, "FiraSans-Regular.ttf"), (600, "FiraSans-SemiBold.ttf"), (700, "FiraSans-Bold.ttf"))
    )
    pages = "".join(_page(page) for page in booklet.pages)
    made = look.MADE_AT.isoformat() + "Z"
    return f"""<html lang="de-DE"><head><meta charset="utf-8"><title>{escape(booklet.title)}</title>
<meta name="author" content="{escape(look.PUBLISHER)}"><meta name="description" content="{escape(look.NOTICE_LONG)}">
<meta name="dcterms.created" content="{made}"><meta name="dcterms.modified" content="{made}">
<style>{faces}{CSS}</style></head><body>
<div class="cover"><div class="map" role="img" aria-label="Karte der 14 Koordinierungsstellen, hervorgehoben ist der
gastgebende Ort">{look.tile_map_svg(booklet.host)}</div>
<h1>{escape(booklet.title)}</h1><p class="sub">{escape(booklet.subtitle)}</p>
<p class="when">{escape(booklet.occasion)}</p><p class="notice">{escape(look.NOTICE_LONG)}</p></div>
{pages}</body></html>"""


def _page(page: Page) -> str:
    parts = [f'<section><h2>{escape(page.title)}</h2><p class="intro">{escape(page.intro)}</p>']
    if page.lines:
        tag = "ol" if page.numbered else "ul"
        parts.append(f"<{tag}>{''.join(f'<li>{escape(line)}</li>' for line in page.lines)}</{tag}>")
    if page.table:
        head, *rows = page.table
        cells = "".join(f'<th scope="col">{escape(text)}</th>' for text in head)
        body = "".join(f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in row)}</tr>" for row in rows)
        parts.append(f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>")
    if page.closing:
        parts.append(f'<p class="closing">{escape(page.closing)}</p>')
    return f"{''.join(parts)}</section>"
