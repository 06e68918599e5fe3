"""What becomes of words on paper: shortened at the end of a sentence or of a word, set as DIN 5008 wants it."""

from __future__ import annotations

import html
import re

from django.utils.html import strip_tags

from home.templatetags.typography import bound

_BETWEEN_TAGS = re.compile(r">[^<>]+<")
_PARAGRAPH = re.compile(r"<p\b[^>]*>(.*?)</p>", re.DOTALL)
_SENTENCE_END = re.compile(r"(?<=[^\d\s][.!?…])[“”»]?\s")
# A first sentence that leaves more than this part of the room empty is followed by a piece of the next one.
_LEAST_PART = 0.4


def first_words(markup: object) -> str:
    """The first paragraph of rich text as plain text; all of it if there is no paragraph."""
    source = str(markup)
    paragraph = next((found[1] for found in _PARAGRAPH.finditer(source) if strip_tags(found[1]).strip()), source)
    text = " ".join(html.unescape(strip_tags(paragraph)).split())
    if not text.endswith(":"):
        return text
    # It announces a list that is not shown.
    before = [found.end() for found in _SENTENCE_END.finditer(text)]
    return text[: before[-1]].rstrip() if before else f"{text[:-1]}."


def shortened(text: str, most: int) -> str:
    """`text` in about `most` characters: whole sentences if they fill a good part of that, else words and "…"."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    ends = [found.start() for found in _SENTENCE_END.finditer(text[: most + 1])]
    if ends and ends[-1] >= most * _LEAST_PART:
        return text[: ends[-1]]
    return text[:most].rsplit(" ", 1)[0].rstrip(" ,;:–-") + " …"


def unbroken(markup: str) -> str:
    """HTML in which lines do not break after "21." or "e.", see `home.templatetags.typography`; attributes stay."""
    return _BETWEEN_TAGS.sub(lambda found: bound(found[0]), markup)
