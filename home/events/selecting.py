"""The chronicle by office and year: `?stelle=<slug>&jahr=<year>`, a form that needs no script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from home.events.chronicle import Chronicle, ChronicleEntry, chronicle
from home.events.models import SeriesPage
from home.pages.visibility import open_to_all

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, QueryDict

    from home.people import CoordinationOffice


@dataclass(frozen=True)
class Selection:
    """What a reader asked for. `unknown` holds words that are no office or year: they are told, and select nothing."""

    office: CoordinationOffice | None = None
    year: int | None = None
    unknown: tuple[str, ...] = ()

    @property
    def is_active(self) -> bool:
        """Whether the list is narrowed."""
        return bool(self.office or self.year)


def selection_of(query: QueryDict, known: Chronicle) -> Selection:
    """Read the query of an address; anything may stand in it."""
    slug, year = (query.get(name, "").replace("\0", "").strip() for name in ("stelle", "jahr"))
    office = next((row.office for row in known.rows if row.office.slug == slug), None)
    found_year = next((one for one in years_of(known) if str(one) == year), None)
    unknown = [text[:50] for text, found in ((slug, office), (year, found_year)) if text and not found]
    return Selection(office, found_year, tuple(unknown))


def years_of(known: Chronicle) -> list[int]:
    """The years in which editions began, newest first."""
    return sorted({entry.edition.start_date.year for entry in known.entries if entry.edition.start_date}, reverse=True)


def selected(known: Chronicle, selection: Selection) -> list[ChronicleEntry]:
    """The entries that an office hosted or attended, in a year; oldest first, as in the chronicle."""
    entries = known.entries
    if selection.office:
        row = next(row for row in known.rows if row.office == selection.office)
        entries = [
            entry
            for entry, attendance in zip(entries, row.attendances, strict=True)
            if attendance.presence in ("host", "in")
        ]
    if selection.year:
        entries = [entry for entry in entries if _year(entry) == selection.year]
    return entries


def _year(entry: ChronicleEntry) -> int | None:
    return entry.edition.start_date.year if entry.edition.start_date else None


def series_pages() -> QuerySet[SeriesPage]:
    """The public pages of all series in the site's language, in the order of the tree."""
    pages = open_to_all(SeriesPage.objects.filter(locale__language_code=settings.LANGUAGE_CODE))
    return pages.select_related("locale", "series").defer("body").order_by("path")


def series_context(page: SeriesPage, request: HttpRequest) -> dict[str, Any]:
    """The whole chronicle for map and matrix, and of its entries those that the reader asked for."""
    known = chronicle(page)
    selection = selection_of(request.GET, known)
    return {
        "chronicle": known,
        "selection": selection,
        "years": years_of(known),
        "entries": selected(known, selection),
        "others": series_pages().exclude(translation_key=page.translation_key),
    }
