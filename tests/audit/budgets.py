"""Which pages are looked at, what they may weigh, and what of a report fails. Knows nothing of how a report is made."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

# Lighthouse's categories and the words of the table.
SCORES = {
    "performance": "Leistung",
    "accessibility": "Zugänglich",
    "best-practices": "Praxis",
    "seo": "Suche",
}
# What each score must reach. Three of them count what is right or wrong on a page, wherever it is looked at. Speed is
# reckoned from what the browser did, as if on a phone with a slow line, and a busy machine spoils it a little: seen
# were 96 to 100, also with eight programs on two cores. What falls below 80 has got a script or a picture in its way.
FLOORS = dict.fromkeys(SCORES, 100) | {"performance": 80}
KINDS = ("HTML", "CSS", "JS", "Schrift", "Bilder", "Sonstiges")


@dataclass(frozen=True, slots=True)
class Page:
    """A page and its budget: `kilobytes` at most cross the line for a first visit, all kinds together."""

    label: str
    path: str
    kilobytes: int
    # Some pages ask search engines to stay away, and Lighthouse would hold that against them.
    is_listed: bool = True


@dataclass(frozen=True, slots=True)
class Report:
    """What was found on one page. Scores are 0 to 100, weights bytes as transferred, LCP seconds."""

    scores: dict[str, int]
    weights: dict[str, int]
    lcp: float
    # Titles of what costs points, by category.
    faults: dict[str, list[str]]
    foreign: list[str]

    @property
    def total(self) -> int:
        return sum(self.weights.values())


# What every text page keeps to; a page that shows a page of a document brings its picture.
TEXT = 100
LEAF = 150
PAGES = {
    "home": Page("Startseite", "/", TEXT),
    "report": Page("Bericht", "/aktuelles/ikoe-projekt-erfolgreich-abgeschlossen/", TEXT),
    "chronicle": Page("Chronik", "/ideenwerkstatt/", TEXT),
    "edition": Page("Ausgabe 13", "/ideenwerkstatt/13/", TEXT),
    "dates": Page("Termine", "/termine/", TEXT),
    "office": Page("Koordinierungsstelle", "/koordinierungsstellen/halle/", TEXT),
    "hits": Page("Treffer im Archiv", "/archiv/?q=Fördermittel", TEXT, is_listed=False),
    "document": Page("Dokument", "/archiv/4/?seite=2", LEAF),
    "sign-up": Page("Newsletter bestellen", "/newsletter/anmelden/", TEXT, is_listed=False),
    "login": Page("Anmelden", "/konto/login/", TEXT, is_listed=False),
}
# Of every page, whatever it shows: 1 KB is 1,000 bytes.
LIMITS = {"HTML": 15, "CSS": 12, "JS": 5, "Schrift": 40}


def missed(page: Page, report: Report) -> Iterator[str]:
    """A German sentence for each budget and score that the page misses."""
    for kind, limit in LIMITS.items():
        if report.weights[kind] > limit * 1000:
            yield f"{page.label}: {kind} {_rounded_up(report.weights[kind])} KB statt höchstens {limit} KB."
    if report.total > page.kilobytes * 1000:
        yield f"{page.label}: zusammen {_rounded_up(report.total)} KB statt höchstens {page.kilobytes} KB."
    for category, score in report.scores.items():
        if score < FLOORS[category]:
            faults = "; ".join(report.faults[category]) or "ohne Angabe"
            yield f"{page.label}: {SCORES[category]} {score} statt mindestens {FLOORS[category]} ({faults})."
    for address in report.foreign:
        yield f"{page.label}: fremder Server {address}."


def table(found: dict[str, Report]) -> str:
    """One line a page, as text for a terminal."""
    rows = [("Seite", *SCORES.values(), "LCP s", *KINDS, "KB", "Grenze")]
    for name, report in found.items():
        page = PAGES[name]
        rows.append(
            (
                page.label,
                *(str(report.scores[category]) for category in SCORES),
                f"{report.lcp:.1f}".replace(".", ","),
                *(_kilobytes(report.weights[kind]) for kind in KINDS),
                _kilobytes(report.total),
                str(page.kilobytes),
            )
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    )


def _kilobytes(size: int) -> str:
    """With one decimal below ten, where a whole number would hide too much."""
    return f"{size / 1000:.1f}".replace(".", ",") if size < 10_000 else f"{size / 1000:.0f}"


def _rounded_up(size: int) -> int:
    """So that what is over its limit never reads like the limit."""
    return math.ceil(size / 1000)
