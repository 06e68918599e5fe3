"""Colours of the site (light theme of `tokens.css`) and the tile map, for files made outside the browser."""

from datetime import datetime

PAPER = "FAF7F0"
SUNK = "F0EADD"
INK = "0F2329"
INK_2 = "38494E"
PETROL = "0B4250"
LINE = "D8CFBD"
ACCENT = "F4B91F"
HERO = "0A3540"
HERO_TILE = "1F5663"
ON_HERO = "FBF7EE"
ON_HERO_2 = "CFDCDC"

# Offices as tiles: code, left and top edge in a field of 304 × 304, kreisfreie Stadt or not.
TILES = (
    ("SAW", 62, 0, False),
    ("SDL", 124, 0, False),
    ("BK", 31, 62, False),
    ("MD", 93, 62, True),
    ("JL", 155, 62, False),
    ("HZ", 0, 124, False),
    ("SLK", 62, 124, False),
    ("ABI", 124, 124, False),
    ("DE", 186, 124, True),
    ("WB", 248, 124, False),
    ("MSH", 31, 186, False),
    ("HAL", 93, 186, True),
    ("SK", 155, 186, False),
    ("BLK", 124, 248, False),
)
TILE_SIZE = 56
MAP_SIZE = 304

NOTICE = "Beispieldokument der Demo"
NOTICE_LONG = (
    "Beispieldokument der Demo: Titel und Anlass stammen aus veröffentlichten Berichten, der Inhalt ist allgemeines "
    "Arbeitsmaterial und gibt keine Rechtslage wieder."
)
PUBLISHER = "Auslandsgesellschaft Sachsen-Anhalt e. V. (AGSA), IKOE"
# One moment for all dates inside the files, so that their bytes never change.
MADE_AT = datetime(2025, 1, 15, 9, 0, 0)


def tile_map_svg(host: str) -> str:
    """The tile map as SVG text with the tile of the office `host` lit."""
    shapes = []
    for code, left, top, is_city in TILES:
        colours = f'fill="#{ACCENT}" stroke="#{INK}" stroke-width="2"' if code == host else f'fill="#{PETROL}"'
        text_colour = INK if code == host else "FFFDF9"
        if is_city:
            shapes.append(f'<circle cx="{left + 28}" cy="{top + 28}" r="28" {colours}/>')
        else:
            shapes.append(f'<rect x="{left}" y="{top}" width="56" height="56" rx="3" {colours}/>')
        shapes.append(
            f'<text x="{left + 28}" y="{top + 33}" text-anchor="middle" font-family="Fira Sans" font-size="15" font-weight="600" '
            f'fill="#{text_colour}">{code}</text>'
        )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-3 -3 310 310">{"".join(shapes)}</svg>'
