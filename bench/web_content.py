"""The page that both sites show: the same headings, paragraphs with links, pictures, quotation and list."""

from __future__ import annotations

import io

from PIL import Image

HEADINGS, PARAGRAPHS, PICTURES = 4, 12, 3
WORDS = (
    "Am zweiten Tag bestimmten die Teilnehmenden die Themen selbst. Im Barcamp ging es um politische Partizipation, um "
    "Stammtische mit Unternehmen und darum, wie Beratung in der Fläche erreichbar bleibt. Die Ergebnisse stehen in der "
)


def paragraph(page: int, words: str = "") -> str:
    """One with a link inside the site, in Wagtail's own notation."""
    return f'<p>{words}{WORDS}<a linktype="page" id="{page}">Dokumentation der Ausgabe</a>.</p>'


def blocks(pages: list[int]) -> list[tuple[str, int | str]]:
    """("heading" | "text" | "quote", text) and ("image", number), in order; links go to `pages` in turn."""
    found: list[tuple[str, int | str]] = []
    for number in range(PARAGRAPHS):
        if number % (PARAGRAPHS // HEADINGS) == 0:
            found.append(("heading", f"Was besprochen wurde, Teil {number}"))
        found.append(("text", paragraph(pages[number % len(pages)])))
        if number % (PARAGRAPHS // PICTURES) == 1:
            found.append(("image", number))
    found.append(("quote", "Hier kann ich fragen, was ich sonst niemanden fragen kann."))
    found.append(("text", "<ul><li>Sprache</li><li>Arbeit</li><li>Wohnen</li><li>Teilhabe</li></ul>"))
    return found


def picture(number: int) -> io.BytesIO:
    """A PNG, another one for each number."""
    file = io.BytesIO()
    Image.new("RGB", (1200, 900), (11, 66, 80 + number)).save(file, "PNG")
    file.seek(0)
    return file
