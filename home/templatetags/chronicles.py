"""The chronicle of a series in the forms that its page shows: lines, matrix, numbers on the map."""

from __future__ import annotations

from dataclasses import dataclass

from django import template

from home.events.chronicle import Attendance, Chronicle, ChronicleEntry
from home.events.models import EditionPage
from home.people import CoordinationOffice, SteeringTerm

register = template.Library()


@dataclass(frozen=True)
class Line:
    """One edition, or several in a row of which nothing is recorded yet; newest first."""

    entries: list[ChronicleEntry]

    @property
    def newest(self) -> ChronicleEntry:
        return self.entries[0]

    @property
    def oldest(self) -> ChronicleEntry:
        return self.entries[-1]

    @property
    def is_gap(self) -> bool:
        return self.newest.edition.state == EditionPage.State.UNRECORDED


@dataclass(frozen=True)
class Matrix:
    editions: list[EditionPage]
    rows: list[tuple[CoordinationOffice, list[Attendance]]]

    @property
    def is_known(self) -> bool:
        return any(attendance.presence != "unknown" for _office, cells in self.rows for attendance in cells)


@register.filter
def lines(chronicle: Chronicle) -> list[Line]:
    """Newest first; neighbours of which nothing is recorded become one line."""
    result: list[Line] = []
    for entry in chronicle.newest_first:
        if entry.edition.state == EditionPage.State.UNRECORDED and result and result[-1].is_gap:
            result[-1].entries.append(entry)
        else:
            result.append(Line([entry]))
    return result


@register.filter
def matrix(chronicle: Chronicle) -> Matrix:
    """The numbered editions as columns: a date without a number has no short name to stand above a column."""
    columns = [index for index, entry in enumerate(chronicle.entries) if entry.edition.number]
    return Matrix(
        [chronicle.entries[index].edition for index in columns],
        [(row.office, [row.attendances[index] for index in columns]) for row in chronicle.rows],
    )


@register.filter
def numbers_by_office(chronicle: Chronicle) -> dict[int, int]:
    """Primary key of an office -> number of the last edition that it hosted."""
    return {key: edition.number for key, editions in chronicle.hosted.items() for edition in editions if edition.number}


@register.filter
def hosts_of_latest(chronicle: Chronicle) -> list[CoordinationOffice]:
    """Who hosted the youngest edition that took place."""
    latest = chronicle.latest
    return next((entry.hosts for entry in chronicle.entries if latest and entry.edition.pk == latest.pk), [])


@register.filter
def offices(chronicle: Chronicle) -> list[CoordinationOffice]:
    """All offices, in the order of the matrix."""
    return [row.office for row in chronicle.rows]


@register.simple_tag
def latest_steering_term() -> SteeringTerm | None:
    """The newest recorded steering group with its members."""
    return SteeringTerm.objects.prefetch_related("members").first()
