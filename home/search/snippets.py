"""The piece of a page in which a hit is seen, escaped first and marked then."""

from collections.abc import Collection

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from home.search import analysis

LENGTH = 220
BEFORE = 50


def snippet(text: str, terms: Collection[str]) -> SafeString:
    """The stretch of `text` with the most different words of `terms`, about 220 characters, words in `<mark>`.

    Everything from the document is escaped; the only markup in the result is `<mark>`. Without a hit the text's
    beginning is returned.
    """
    text = " ".join(text.split())
    hits = list(analysis.occurrences(text, set(terms)))
    start, end = _window(text, hits)
    pieces: list[str] = ["… " if start else ""]
    position = start
    for word in hits:
        if word.start >= position and word.end <= end:
            pieces.append(escape(text[position : word.start]))
            pieces.append(format_html("<mark>{}</mark>", word.surface))
            position = word.end
    pieces.append(escape(text[position:end]))
    pieces.append(" …" if end < len(text) else "")
    return mark_safe("".join(pieces))  # noqa: S308 -- every piece is escaped above


def _window(text: str, hits: list[analysis.Word]) -> tuple[int, int]:
    best, best_count = 0, 0
    for index, first in enumerate(hits[:200]):
        inside = {word.term for word in hits[index : index + 40] if word.end <= first.start + LENGTH - BEFORE}
        if len(inside) > best_count:
            best, best_count = first.start, len(inside)
    start = max(best - BEFORE, 0)
    if start:
        gap = text.find(" ", start, best)
        start = gap + 1 if gap >= 0 else best
    end = min(start + LENGTH, len(text))
    if end < len(text):
        gap = text.rfind(" ", best + 1, end)
        end = gap if gap > best else end
    # A word longer than the window is shown whole rather than cut.
    cut = next((word.end for word in hits if word.start < end < word.end), end)
    return start, cut
