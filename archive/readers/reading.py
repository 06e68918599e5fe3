"""What a reader finds in a file, and how its text is made ready for people and for the search."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from home.search.analysis import clean

# A single piece of text longer than this is cut: no page that people read is that long.
MAX_LEAF_CHARACTERS = 400_000
# Of a whole file; what a worker and the database can hold at once. 10,000 full pages have less.
MAX_CHARACTERS = 30_000_000
MAX_LEAVES = 12_000
# Text without pages is cut into pieces of about this length, so that a hit points to a place.
PIECE_CHARACTERS = 20_000
# From this number of pages on, a line that stands on more than this share of them is a running head.
SMALLEST_BOOK = 5
RUNNING_SHARE = 0.6

# Ends a page in a text of `by_pages`.
NEW_PAGE = "\f"

TOO_LONG = "Die Datei ist sehr lang. Nur ihr Anfang ist durchsuchbar."
Numbered = tuple[int, str]


@dataclass(slots=True)
class Reading:
    """Text and facts of one file.

    `pages` counts all of them, `leaves` are (number from 1, text) of those that are shown. `is_tagged` is known for PDF
    only. `remark` is a German sentence about what could not be read.
    """

    pages: int
    leaves: list[Numbered] = field(default_factory=list)
    title: str = ""
    language: str = ""
    is_tagged: bool | None = None
    remark: str = ""
    # Pieces of a text without pages have no running heads.
    has_pages: bool = True

    def made_ready(self) -> Reading:
        """The reading with clean texts within the limits, without lines that stand on every page."""
        self.title, self.language = _line(self.title), _line(self.language)
        if len(self.leaves) > MAX_LEAVES:
            self.leaves, self.remark = self.leaves[:MAX_LEAVES], TOO_LONG
        left = MAX_CHARACTERS
        leaves = []
        for number, text in self.leaves:
            tidied = _tidy(text[: min(left, MAX_LEAF_CHARACTERS)])
            if len(text) > min(left, MAX_LEAF_CHARACTERS):
                self.remark = TOO_LONG
            left -= len(tidied)
            leaves.append((number, tidied))
        repeated = _running_heads([text for _, text in leaves]) if self.has_pages else set()
        self.leaves = [(number, _without(repeated, number, text)) for number, text in leaves]
        return self


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _tidy(text: str) -> str:
    return re.sub(r"\n\s*\n", "\n\n", clean(text)).strip()


def _running_heads(texts: list[str]) -> set[str]:
    """Lines that stand on most pages: as hits they would point to every page and so to none."""
    if len(texts) < SMALLEST_BOOK:
        return set()
    counts = Counter(line for text in texts for line in {line.strip() for line in text.split("\n")} if line)
    return {line for line, count in counts.items() if count > RUNNING_SHARE * len(texts)}


def _without(repeated: set[str], number: int, text: str) -> str:
    noise = repeated | {str(number)} if repeated else repeated
    return "\n".join(line for line in text.split("\n") if line.strip() not in noise).strip()


def numbered(texts: Iterable[str]) -> list[Numbered]:
    """Texts with their numbers from 1."""
    return list(enumerate(texts, 1))


def by_pages(text: str, *, title: str, language: str) -> Reading:
    """A text by the pages that NEW_PAGE ends, without the empty ones; in pieces if it is of one page only."""
    pages = [page for page in text.split(NEW_PAGE) if page.strip()]
    has_pages = len(pages) > 1
    if not has_pages:
        pages = list(pieces("".join(pages)))
    return Reading(len(pages), numbered(pages), title=title, language=language, has_pages=has_pages)


def pieces(text: str) -> Iterator[str]:
    """A text that has no pages, in pieces that end with a paragraph or at least with a line."""
    start = 0
    while len(text) - start > PIECE_CHARACTERS:
        end = start + PIECE_CHARACTERS
        for separator in ("\n\n", "\n", " "):
            found = text.rfind(separator, start + PIECE_CHARACTERS // 2, end)
            if found > 0:
                end = found + len(separator)
                break
        yield text[start:end]
        start = end
    yield text[start:]
