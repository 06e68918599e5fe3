"""Pictures for link previews (Open Graph, 1200 × 630): drawn where a page has no photo, kept beside the renditions."""

from __future__ import annotations

import hashlib
import io
import json
import re
from bisect import bisect
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import translation
from django.utils.translation import gettext
from PIL import Image, ImageDraw, ImageFont

from home.events.chronicle import default_editions
from home.events.edition import hosts_of, source_of
from home.events.models import EditionPage
from home.pages.listings import hero_of
from home.pages.models import HomePage, NewsPage
from home.people import CoordinationOffice
from home.templatetags.german import date_range, long_date
from home.templatetags.shapes import EMBLEM
from home.templatetags.typography import bound

if TYPE_CHECKING:
    from wagtail.models import Page

WIDTH, HEIGHT = 1200, 630
# Part of every address: raised when the drawing changes.
DRAWING = 2
FONTS = Path(__file__).resolve().parents[1] / "static" / "fonts" / "print"
GROUND, TILE, YELLOW, LIGHT, SOFT, INK = "#0a3540", "#1f5663", "#f4b91f", "#fbf7ee", "#cfdcdc", "#0f2329"
# No card has room for more, whatever an editor writes.
MOST_CHARACTERS = 400
MARGIN, TEXT_WIDTH = 72, 600
# The fonts of the card have no signs for these: soft hyphen, word joiner.
UNSEEN = dict.fromkeys([0xAD, 0x2060])
BOTTOM = HEIGHT - 118
MAP_LEFT, MAP_TOP, PITCH, TILE_SIZE = 726, 100, 84, 76


@dataclass(frozen=True)
class Card:
    """What stands on a card, from top to bottom. `lit` is the number plate code of the yellow tile."""

    title: str
    eyebrow: str = ""
    numeral: str = ""
    text: str = ""
    lit: str = "MD"

    @property
    def digest(self) -> str:
        """Sixteen hex digits that change when the card would look different."""
        facts = json.dumps([DRAWING, asdict(self)], sort_keys=True)
        return hashlib.sha256(facts.encode()).hexdigest()[:16]

    @property
    def words(self) -> str:
        """The text alternative: all that can be read on the card."""
        number = f"{self.numeral}." if self.numeral else ""
        opening = " ".join([number, *self.eyebrow.split("\n")]).strip()
        return " – ".join(filter(None, [opening, self.title, self.text]))


def card_of(page: Page, hosts: list[CoordinationOffice] | None = None) -> Card:
    """The card of any page, in its own language. The hosts of its edition are asked for if they are not given."""
    hosts = _hosts_shown_on(page) if hosts is None else hosts
    lit = hosts[0].code if hosts else "MD"
    with translation.override(page.locale.language_code):
        if isinstance(page, EditionPage):
            return _edition_card(page, lit)
        if isinstance(page, NewsPage):
            return Card(page.title, f"{gettext('Aktuelles')}, {long_date(page.date)}", lit=lit)
        if isinstance(page, HomePage):
            return Card(page.hero_title or page.title, gettext("Interkulturelle Öffnung in Sachsen-Anhalt"), lit=lit)
        return Card(page.title, "IKOE")


def _hosts_shown_on(page: Page) -> list[CoordinationOffice]:
    """Who invited to the edition that the page is about; nobody if it is about none."""
    if isinstance(page, EditionPage):
        return hosts_of(source_of(page))
    if isinstance(page, HomePage) and not page.reads_simply:
        hero = hero_of(page, default_editions())
        return hosts_of(hero) if hero else []
    if isinstance(page, NewsPage) and page.edition_id:
        invited = {"participations__page": page.edition_id, "participations__hosted": True}
        return list(CoordinationOffice.objects.filter(**invited, participations__page__live=True))
    return []


def _edition_card(edition: EditionPage, lit: str) -> Card:
    dates = date_range(edition.start_date, edition.end_date, edition.date_precision)
    return Card(
        title=edition.place or edition.title,
        eyebrow=f"{edition.series.name}\n{dates}".strip(),
        numeral=str(edition.number or ""),
        text=edition.motto or edition.lead,
        lit=lit,
    )


def stored_card(page_id: int, card: Card) -> bytes:
    """The PNG of a card, drawn at the first request; what the page looked like before is thrown away."""
    storage, folder = storages["renditions"], f"cards/{page_id}"
    name = f"{folder}/{card.digest}.png"
    if storage.exists(name):
        with storage.open(name) as file:
            return bytes(file.read())
    content = draw(card)
    # Only a directory can be missing; S3 knows none.
    with suppress(FileNotFoundError):
        for old in storage.listdir(folder)[1]:
            storage.delete(f"{folder}/{old}")
    storage.save(name, ContentFile(content))
    return content


def draw(card: Card) -> bytes:
    """A PNG of 1200 × 630 pixels: numeral, words and the state as tiles, as in the opening of the home page."""
    image = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    canvas = ImageDraw.Draw(image)
    canvas.rectangle((0, 0, WIDTH, 14), fill=YELLOW)
    _draw_tiles(image, card.lit)
    top = _draw_opening(canvas, card)
    top = _draw_fitted(canvas, card.title, top, "SemiBold", (76, 64, 54, 46, 40), LIGHT)
    if card.text:
        _draw_fitted(canvas, card.text, top + 14, "Regular", (30, 27), SOFT)
    canvas.text((MARGIN, HEIGHT - 60), "IKOE", font=_font("SemiBold", 40), fill=LIGHT, anchor="ls")
    words = "Interkulturelle Öffnung und Kompetenzentwicklung"
    canvas.text((MARGIN + 112, HEIGHT - 60), words, font=_font("Regular", 22), fill=SOFT, anchor="ls")
    output = io.BytesIO()
    # The palette halves the file and is not seen on flat colours.
    image.quantize(64, dither=Image.Dither.NONE).save(output, "PNG", optimize=True)
    return output.getvalue()


def _draw_opening(canvas: ImageDraw.ImageDraw, card: Card) -> int:
    """Numeral and eyebrow; returns where the title begins."""
    lines = [line for line in card.eyebrow.split("\n") if line]
    font = _font("Regular", 30)
    if not card.numeral:
        for index, line in enumerate(lines):
            canvas.text((MARGIN, 108 + 40 * index), line, font=font, fill=SOFT, anchor="ls")
        return 150 + 40 * max(0, len(lines) - 1)
    numeral = _font("Bold", 220)
    canvas.text((MARGIN - 8, 262), card.numeral, font=numeral, fill=YELLOW, anchor="ls")
    left = MARGIN + int(numeral.getlength(card.numeral)) + 24
    for index, line in enumerate(reversed(lines)):
        canvas.text((left, 260 - 42 * index), line, font=font, fill=LIGHT, anchor="ls")
    return 300


def _draw_fitted(
    canvas: ImageDraw.ImageDraw, text: str, top: int, weight: str, sizes: tuple[int, ...], fill: str
) -> int:
    """Text in the largest of `sizes` that cuts no word, else shortened with an ellipsis; returns where it ends."""
    for size in sizes:
        font = _font(weight, size)
        lines = _wrapped(text, font)
        step = round(size * 1.18)
        room = max(1, (BOTTOM - top) // step)
        if len(lines) <= room and all(font.getlength(word) <= TEXT_WIDTH for word in _words(text)):
            break
    if len(lines) > room:
        lines = [*lines[: room - 1], f"{lines[room - 1].rstrip(' ,;:.')} …"]
    for index, line in enumerate(lines):
        canvas.text((MARGIN, top + step * index + round(size * 0.95)), line, font=font, fill=fill, anchor="ls")
    return top + step * len(lines)


def _words(text: str) -> list[str]:
    """What a line may be broken between: "13. Ideenwerkstatt" is one."""
    return re.split(r"[ \t\n\r]+", bound(text[:MOST_CHARACTERS]).translate(UNSEEN).strip())


def _wrapped(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """Lines that fit the column; a word that is too long for a line is cut."""
    lines = [""]
    for word in _words(text):
        wanted = f"{lines[-1]} {word}".strip()
        if font.getlength(wanted) <= TEXT_WIDTH:
            lines[-1] = wanted
            continue
        while font.getlength(word) > TEXT_WIDTH:
            lengths = range(2, len(word))
            fitting = bisect(lengths, TEXT_WIDTH, key=lambda length: int(font.getlength(f"{word[:length]}-"))) + 1
            lines.append(f"{word[:fitting]}-")
            word = word[fitting:]
        lines.append(word)
    return [line for line in lines if line] or [""]


def _draw_tiles(image: Image.Image, lit: str) -> None:
    scale = 4  # Drawn larger and reduced, so that the circles are smooth.
    width, height = WIDTH - MAP_LEFT, 5 * PITCH
    layer = Image.new("RGB", (width * scale, height * scale), GROUND)
    canvas = ImageDraw.Draw(layer)
    side = TILE_SIZE * scale
    font = _font("SemiBold", 24 * scale)
    for code, column, row, city, *_ in EMBLEM:
        x, y = column * PITCH * scale // 2, row * PITCH * scale
        fill, ink = (YELLOW, INK) if code == lit else (TILE, LIGHT)
        box = (x, y, x + side, y + side)
        if city:
            canvas.ellipse(box, fill=fill)
        else:
            canvas.rounded_rectangle(box, 4 * scale, fill=fill)
        canvas.text((x + side / 2, y + side / 2), code, font=font, fill=ink, anchor="mm")
    image.paste(layer.resize((width, height), Image.Resampling.LANCZOS), (MAP_LEFT, MAP_TOP))


def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"FiraSans-{weight}.ttf"), size)
