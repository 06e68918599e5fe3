"""The short version: the same document with less in it, on four pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from archive.documentation.content import SHORT, Documentation, HalfDay, ReportSection
from archive.documentation.layout import source_of
from archive.documentation.wording import first_words, shortened
from home.rendering.source import DocumentSource

MOST_PAGES = 4


@dataclass(frozen=True)
class Room:
    """How much is printed: numbers of things, and characters of each text."""

    entries: int
    title: int
    sections: int
    report: int
    quotes: int
    quote: int
    documents: int
    lead: int
    motto: int
    outlook: int


# The later ones are for editions of which so much is told that the first does not fit.
_ROOMS = (
    Room(14, 160, 8, 2000, 2, 300, 3, 420, 400, 400),
    Room(12, 120, 8, 1700, 1, 250, 3, 420, 300, 400),
    Room(10, 110, 7, 1400, 1, 200, 2, 320, 300, 300),
    Room(9, 90, 6, 1000, 0, 0, 2, 260, 200, 240),
    Room(6, 60, 4, 700, 0, 0, 1, 140, 120, 120),
)


def short_sources(documentation: Documentation, *, licence: str = "") -> Iterator[DocumentSource]:
    """The short version, then tighter ones to be tried if it has more than `MOST_PAGES` pages."""
    for room in _ROOMS:
        reduced = _reduced(documentation, room)
        yield source_of(reduced, "documentation/short.html", licence=licence, styles=("documentation/short.css",))


def _reduced(documentation: Documentation, room: Room) -> Documentation:
    halves = _halves(documentation, room)
    shown = sum(len(half.entries) for half in halves)
    documents = tuple(
        replace(
            document, title=shortened(document.title, room.title), speakers=shortened(document.speakers, room.title)
        )
        for document in documentation.documents[: room.documents]
    )
    outlook = shortened(first_words(documentation.outlook), room.outlook)
    return replace(
        documentation,
        name=SHORT,
        motto=shortened(documentation.motto, room.motto),
        lead=shortened(documentation.lead, room.lead),
        halves=halves,
        omitted_entries=len(documentation.entries) - shown,
        report=_report(documentation, room),
        documents=documents,
        omitted_documents=len(documentation.documents) - len(documents),
        photos=(),
        outlook=_paragraph(outlook),
    )


def _halves(documentation: Documentation, room: Room) -> tuple[HalfDay, ...]:
    left = room.entries
    halves = []
    for half in documentation.halves:
        entries = tuple(
            replace(
                entry,
                anchor="",
                title=shortened(entry.title, room.title),
                format="",
                people=tuple(shortened(name, room.title) for name in entry.people[:2]),
            )
            for entry in half.entries[:left]
        )
        left -= len(entries)
        if entries:
            halves.append(replace(half, entries=entries))
    return tuple(halves)


def _report(documentation: Documentation, room: Room) -> tuple[ReportSection, ...]:
    told = [section for section in documentation.report if section.essence or section.quotes][: room.sections]
    quotes = iter(islice((quote for section in told for quote in section.quotes), room.quotes))
    share = room.report // max(len(told), 1)
    sections = [
        replace(
            section,
            heading=shortened(section.heading, room.title),
            content=_paragraph(shortened(section.essence, share)),
        )
        for section in told
        if section.essence
    ]
    short_quotes = [quote for quote in quotes if len(first_words(quote)) <= room.quote]
    if short_quotes:
        sections.append(ReportSection("", format_html_join("", "{}", ((quote,) for quote in short_quotes))))
    return tuple(sections)


def _paragraph(text: str) -> SafeString:
    return format_html("<p>{}</p>", text) if text else SafeString("")
