"""Drawn pictures: patterns of quarter circles in the colours of the site. No photo of unknown origin is used."""

from __future__ import annotations

import io
import math
import random

from PIL import Image, ImageDraw

GROUND, PETROL, YELLOW, SAND = "#f0eadd", "#0b4250", "#f4b91f", "#d8cfbd"
COLUMNS, ROWS, CELL = 4, 3, 400
SCALE = 2  # Drawn larger and reduced, so that the curves are smooth.

# key: (title, alternative text)
PICTURES = {
    "dialogue": (
        "Muster: Gespräch",
        "Gezeichnetes Muster aus Viertelkreisen in Petrol, Gelb und Sand, die ineinandergreifen.",
    ),
    "exchange": (
        "Muster: Austausch",
        "Gezeichnetes Muster aus Viertelkreisen und Quadraten in Petrol, Gelb und Sand, Platzhalter für ein Foto.",
    ),
    "barcamp": (
        "Muster: Barcamp",
        "Gezeichnetes Muster aus Viertelkreisen und Scheiben in Petrol, Gelb und Sand, Platzhalter für ein Foto.",
    ),
    "balance": (
        "Muster: Bilanz",
        "Gezeichnetes Muster aus Viertelkreisen und Kreisen, Platzhalter für ein Foto.",
    ),
}
CREDIT = "Zeichnung: IKOE-Demo"

# File name of the logo of a funder, its title, what it shows, its credit.
EMBLEM = ("europaeische-union.svg", "Emblem der Europäischen Union", "Zwölf goldene Sterne im Kreis auf blauem Grund.")
EMBLEM_CREDIT = "Europäische Union"


def draw(key: str) -> bytes:
    """Return a PNG of 1600 × 1200 pixels; the same key gives the same picture."""
    choose = random.Random(key)  # noqa: S311  a pattern, not a secret
    cell = CELL * SCALE
    image = Image.new("RGB", (COLUMNS * cell, ROWS * cell), GROUND)
    canvas = ImageDraw.Draw(image)
    for row in range(ROWS):
        for column in range(COLUMNS):
            _tile(canvas, choose, column * cell, row * cell, cell)
    output = io.BytesIO()
    image.resize((COLUMNS * CELL, ROWS * CELL), Image.Resampling.LANCZOS).save(output, "PNG", optimize=True)
    return output.getvalue()


def european_emblem() -> bytes:
    """The emblem of the European Union as SVG, as its graphical specification draws it.

    A field of 3 : 2 in #003399; twelve stars #FFCC00 upright on a circle of a third of the height, like the hours on
    a clock; each star in a circle of 1/18 of the height (Interinstitutional Style Guide, annex A1).
    """
    stars = []
    for hour in range(12):
        x = 270 + 120 * math.sin(math.tau * hour / 12)
        y = 180 - 120 * math.cos(math.tau * hour / 12)
        # Every second point of a pentagon: the five points of a star, each line drawn through.
        points = [math.tau * 2 * step / 5 for step in range(5)]
        corners = (f"{x + 20 * math.sin(turn):.2f},{y - 20 * math.cos(turn):.2f}" for turn in points)
        stars.append(f'<polygon points="{" ".join(corners)}"/>')
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 540 360" width="540" height="360">'
        f'<path fill="#039" d="M0 0h540v360H0z"/><g fill="#fc0">{"".join(stars)}</g></svg>'
    ).encode()


def _tile(canvas: ImageDraw.ImageDraw, choose: random.Random, x: int, y: int, cell: int) -> None:
    shape = choose.choice(("quarter", "quarter", "quarter", "square", "disc", "none"))
    colour = choose.choice((PETROL, PETROL, SAND, SAND, YELLOW))
    if shape == "square":
        canvas.rectangle((x, y, x + cell - 1, y + cell - 1), fill=SAND)
    elif shape == "disc":
        canvas.ellipse((x, y, x + cell - 1, y + cell - 1), fill=colour)
    elif shape == "quarter":
        corner = choose.randrange(4)
        left, top = x - cell * (corner in (1, 2)), y - cell * (corner in (2, 3))
        start = {0: 180, 1: 270, 2: 0, 3: 90}[corner]
        canvas.pieslice((left, top, left + 2 * cell, top + 2 * cell), start, start + 90, fill=colour)
