"""Drawn parts of the look: the emblem, generated art and thumbnails of pages. Everything here is decoration."""

from hashlib import blake2b
from typing import NamedTuple

from django import template

register = template.Library()


class EmblemTile(NamedTuple):
    """A tile of the emblem by its upper left corner; those of cities are circles, and one is lit."""

    x: int
    y: int
    city: bool
    lit: bool


class Shape(NamedTuple):
    """A piece of generated art: the class of its colour, and the path as SVG writes it."""

    tone: str
    path: str


class Line(NamedTuple):
    """A line of text on a drawn page: how far down, and how long."""

    y: float
    width: int


# The state as fourteen tiles: number plate code, column in half tiles, row, kreisfreie Stadt.
EMBLEM = (
    ("SAW", 2, 0, False), ("SDL", 4, 0, False), ("BK", 1, 1, False), ("MD", 3, 1, True), ("JL", 5, 1, False),
    ("HZ", 0, 2, False), ("SLK", 2, 2, False), ("ABI", 4, 2, False), ("DE", 6, 2, True), ("WB", 8, 2, False),
    ("MSH", 1, 3, False), ("HAL", 3, 3, True), ("SK", 5, 3, False), ("BLK", 4, 4, False),
)  # fmt: skip
ART_COLUMNS, ART_ROWS, CELL = 4, 3, 40


@register.inclusion_tag("components/emblem.html")
def emblem(lit: str = "MD") -> dict[str, list[EmblemTile]]:
    """The emblem with one lit tile, named by its number plate code; Magdeburg where nothing else fits."""
    codes = {code for code, *_ in EMBLEM}
    lit = lit if lit in codes else "MD"
    return {"tiles": [EmblemTile(column * 5, row * 10, city, code == lit) for code, column, row, city in EMBLEM]}


@register.inclusion_tag("components/art.html")
def art(seed: object) -> dict[str, object]:
    """A picture of quarter circles and discs for whatever has no photo; the same seed gives the same picture."""
    digest = blake2b(str(seed).encode(), digest_size=2 * ART_COLUMNS * ART_ROWS).digest()
    shapes = []
    accents = 0
    for cell, (form, tone) in enumerate(zip(digest[::2], digest[1::2], strict=True)):
        row, column = divmod(cell, ART_COLUMNS)
        path = _shape(form % 10, column * CELL, row * CELL)
        if path is None:
            continue
        wants_accent = tone % 10 in (0, 1) or (cell > ART_COLUMNS and accents == 0)
        if wants_accent and accents < 2:
            accents += 1
            shapes.append(Shape("c", path))
        else:
            shapes.append(Shape("d" if tone % 10 in (2, 3, 4) else "b", path))
    return {"shapes": shapes, "width": ART_COLUMNS * CELL, "height": ART_ROWS * CELL}


def _shape(form: int, x: int, y: int) -> str | None:
    """SVG path of one cell: a quarter circle in four turns (twice as likely as the rest), a square or a disc."""
    match form:
        case 0 | 4:
            return f"M{x} {y + CELL}a{CELL} {CELL} 0 0 1 {CELL} {-CELL}v{CELL}z"
        case 1 | 5:
            return f"M{x} {y}a{CELL} {CELL} 0 0 1 {CELL} {CELL}h{-CELL}z"
        case 2 | 6:
            return f"M{x + CELL} {y}a{CELL} {CELL} 0 0 1 {-CELL} {CELL}v{-CELL}z"
        case 3:
            return f"M{x + CELL} {y + CELL}a{CELL} {CELL} 0 0 1 {-CELL} {-CELL}h{CELL}z"
        case 7:
            return f"M{x} {y}h{CELL}v{CELL}h{-CELL}z"
        case 8:
            radius = CELL // 2
            return f"M{x} {y + radius}a{radius} {radius} 0 1 1 {CELL} 0a{radius} {radius} 0 1 1 {-CELL} 0"
        case _:
            return None


@register.inclusion_tag("components/page_thumbnail.html")
def page_thumbnail(seed: object, landscape: bool = True, marked: int = -1) -> dict[str, object]:
    """A drawn page or slide with a head and lines; `marked` is the number of the line that holds a find."""
    width, height = (64, 48) if landscape else (48, 66)
    digest = blake2b(str(seed).encode(), digest_size=12).digest()
    count = int((height - 20) / 5.6) + 1
    lines = [Line(round(16 + 5.6 * i, 1), (width - 12) * (50 + digest[i] % 50) // 100) for i in range(count)]
    return {
        "width": width,
        "height": height,
        "head": (width - 12) * (35 + digest[11] % 25) // 100,
        "lines": lines,
        "marked": marked % count if marked >= 0 else -1,
    }
