"""Drawn pictures: patterns of quarter circles in the colours of the site. No photo of unknown origin is used."""

from __future__ import annotations

import io
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
    "balance": (
        "Muster: Bilanz",
        "Gezeichnetes Muster aus Viertelkreisen und Kreisen, Platzhalter für ein Foto.",
    ),
}
CREDIT = "Zeichnung: IKOE-Demo"


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
