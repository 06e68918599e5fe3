"""The chronicle of a series in the forms that its page shows: lines, matrix, numbers on the map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import template

from home.events.chronicle import Attendance, Chronicle, ChronicleEntry
from home.events.models import EditionPage
from home.joins import with_many
from home.people import CoordinationOffice, SteeringTerm

register = template.Library()


@dataclass(frozen=True)
class Line:
    """One edition, or several in a row of which nothing is recorded yet; newest first."""

    entries: list[ChronicleEntry]

    @property
    def newest(self) -> ChronicleEntry:
        """Its only edition, or the last one of the range."""
        return self.entries[0]

    @property
    def oldest(self) -> ChronicleEntry:
        """Its only edition, or the first one of the range."""
        return self.entries[-1]

    @property
    def is_gap(self) -> bool:
        """Whether nothing is recorded yet of what the line stands for."""
        return self.newest.edition.state == EditionPage.State.UNRECORDED


@dataclass(frozen=True)
class MatrixLine:
    """One office with its cells: the edition and what is known of the office there."""

    office: CoordinationOffice
    cells: list[tuple[EditionPage, Attendance]]

    @property
    def known(self) -> list[tuple[EditionPage, Attendance]]:
        """The cells that say something, in their order."""
        return [(edition, attendance) for edition, attendance in self.cells if attendance.presence != "unknown"]


@dataclass(frozen=True)
class Matrix:
    """Offices × numbered editions. `presences` are the states that occur: the legend explains no others."""

    editions: list[EditionPage]
    rows: list[MatrixLine]

    @property
    def presences(self) -> set[str]:
        """The states of all cells, each once."""
        return {attendance.presence for row in self.rows for _edition, attendance in row.cells}

    @property
    def is_known(self) -> bool:
        """Whether any cell says something."""
        return bool(self.presences - {"unknown"})

    @property
    def only_hosts(self) -> bool:
        """Whether nothing is known of who else was there: one sentence says so, and not every cell."""
        return self.presences <= {"host", "unknown"}


@register.filter
def lines(entries: list[ChronicleEntry]) -> list[Line]:
    """Newest first; neighbours of which nothing is recorded become one line."""
    result: list[Line] = []
    for entry in reversed(entries):
        if entry.edition.state == EditionPage.State.UNRECORDED and result and result[-1].is_gap:
            result[-1].entries.append(entry)
        else:
            result.append(Line([entry]))
    return result


@register.filter
def matrix(chronicle: Chronicle) -> Matrix:
    """The numbered editions as columns: a date without a number has no short name to stand above a column."""
    editions = [entry.edition for entry in chronicle.entries]
    return Matrix(
        [edition for edition in editions if edition.number],
        [
            MatrixLine(
                row.office,
                [cell for cell in zip(editions, row.attendances, strict=True) if cell[0].number],
            )
            for row in chronicle.rows
        ],
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
def steering_terms() -> list[SteeringTerm]:
    """The recorded steering groups with their members, newest first."""
    found = with_many(SteeringTerm.objects.all(), "members", order=("sort_order",))
    for term, members in found:
        term.members = members
    return [term for term, _members in found]


@register.filter
def at(values: Mapping[Any, Any] | None, key: Any) -> Any:
    """The value of a mapping, None if there is none: templates cannot ask with a variable."""
    return values.get(key) if values else None
