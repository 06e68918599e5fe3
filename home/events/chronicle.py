"""What chronicle and edition pages show, built from the data of all editions of a series."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from home.events.models import EditionPage, Participation, ProgrammeItem, SeriesPage
from home.joins import with_many
from home.pages.visibility import open_to_all
from home.people import CoordinationOffice, Topic

Presence = Literal["host", "in", "out", "unknown"]
PRESENCE_LABELS: dict[Presence, Any] = {
    "host": gettext_lazy("Gastgeberin"),
    "in": gettext_lazy("dabei"),
    "out": gettext_lazy("nicht dabei"),
    "unknown": gettext_lazy("keine Angaben"),
}
NOON = datetime.time(12)


@dataclass(frozen=True)
class Attendance:
    """An office and what is known of its part in one edition."""

    office: CoordinationOffice
    presence: Presence = "unknown"
    persons: int | None = None

    @property
    def label(self) -> str:
        """The presence in words, in the language of the reader."""
        return str(PRESENCE_LABELS[self.presence])


@dataclass(frozen=True)
class Half:
    """Programme items of one half day; `day` is None for items whose day is not known."""

    day: datetime.date | None
    label: str
    items: list[ProgrammeItem]


@dataclass(frozen=True)
class ChronicleEntry:
    """One edition in the chronicle."""

    edition: EditionPage
    hosts: list[CoordinationOffice]
    subjects: list[str]
    topics: list[Topic]


@dataclass(frozen=True)
class MatrixRow:
    """One office and its presence at every edition, in the order of `Chronicle.entries`."""

    office: CoordinationOffice
    attendances: list[Attendance]


@dataclass(frozen=True)
class Chronicle:
    """All editions of a series in chronological order, and the offices × editions matrix."""

    entries: list[ChronicleEntry]
    rows: list[MatrixRow]
    # Editions hosted by an office, for the tiles of the map: office primary key → editions, oldest first.
    hosted: dict[int, list[EditionPage]] = field(default_factory=dict)

    @property
    def latest(self) -> EditionPage | None:
        """The youngest edition that has taken place."""
        held = [entry.edition for entry in self.entries if has_taken_place(entry.edition)]
        return held[-1] if held else None

    @property
    def held_count(self) -> int:
        """The highest number counts: editions that are not recorded yet took place all the same."""
        latest = self.latest
        return (latest.number or len(self.entries)) if latest else 0

    @property
    def upcoming(self) -> list[EditionPage]:
        """Those that are still to come, the next one first."""
        return [entry.edition for entry in self.entries if is_upcoming(entry.edition)]


def default_editions() -> QuerySet[EditionPage]:
    """Published editions in the site's language: translations share their data and would count twice."""
    return (
        open_to_all(EditionPage.objects.all())
        .filter(locale__language_code=settings.LANGUAGE_CODE)
        .select_related("series", "locale")
        .defer("body")
    )


def has_taken_place(edition: EditionPage) -> bool:
    """Whether there was a meeting, as far as anybody has written down."""
    return edition.state in (EditionPage.State.HELD, EditionPage.State.DOCUMENTED)


def is_upcoming(edition: EditionPage, today: datetime.date | None = None) -> bool:
    """Whether the edition's last day is still to come; a date known by month counts until the month ends."""
    last = edition.last_day
    if last is None or edition.state == EditionPage.State.UNRECORDED:
        return False
    today = today or timezone.localdate()
    if edition.date_precision == EditionPage.Precision.MONTH:
        return (last.year, last.month) >= (today.year, today.month)
    return last >= today


def was_only_planned(edition: EditionPage, today: datetime.date | None = None) -> bool:
    """Whether the days of an edition are over, and nobody has recorded that it took place."""
    planned = edition.state in (EditionPage.State.PREPARING, EditionPage.State.ANNOUNCED)
    return planned and edition.last_day is not None and not is_upcoming(edition, today)


def state_words(edition: EditionPage) -> str:
    """The state in words: a plan whose days are over is neither in preparation nor announced any more."""
    return gettext("war geplant") if was_only_planned(edition) else str(edition.get_state_display())


def chronological(editions: Iterable[EditionPage]) -> list[EditionPage]:
    """Oldest first. Numbers order the editions; one without a number follows those that began before it."""
    editions = list(editions)
    dated = [edition for edition in editions if edition.number and edition.start_date]

    def place(edition: EditionPage) -> tuple[float, datetime.date]:
        start = edition.start_date or datetime.date.max
        if edition.number:
            return float(edition.number), start
        earlier = [other.number or 0 for other in dated if other.start_date and other.start_date < start]
        return max(earlier, default=0) + 0.5, start

    return sorted(editions, key=place)


def chronicle(page: SeriesPage) -> Chronicle:
    """The chronicle of the series of `page`, from editions in the site's language (three queries)."""
    topics = dict(with_many(default_editions().filter(series_id=page.series_id), "topics", order=("name",)))
    editions = chronological(topics)
    known = with_many(CoordinationOffice.objects.all(), "participations", where=Q(participations__page__in=editions))
    offices = [office for office, _parts in known]
    presences: dict[int, list[Participation]] = defaultdict(list)
    for office, parts in known:
        for part in parts:
            part.office = office
            presences[part.page_id].append(part)
    subjects: dict[int, list[str]] = defaultdict(list)
    for page_id, title in ProgrammeItem.objects.filter(page__in=editions).values_list("page_id", "title"):
        subjects[page_id].append(title)

    hosted: dict[int, list[EditionPage]] = defaultdict(list)
    entries = []
    for edition in editions:
        hosts = [part.office for part in presences[edition.pk] if part.hosted]
        for office in hosts:
            hosted[office.pk].append(edition)
        entries.append(ChronicleEntry(edition, hosts, subjects[edition.pk], topics[edition]))
    columns = [attendances(offices, presences[edition.pk]) for edition in editions]
    rows = [MatrixRow(office, [column[index] for column in columns]) for index, office in enumerate(offices)]
    return Chronicle(entries, rows, dict(hosted))


def offices_hosting(edition: EditionPage) -> list[CoordinationOffice]:
    """All offices in the order of their lists; `hosting` says which invited to `edition` (one query)."""
    invited = Participation.objects.filter(office=OuterRef("pk"), page=edition, hosted=True)
    return list(CoordinationOffice.objects.annotate(hosting=Exists(invited)))


def attendances_at(edition: EditionPage) -> list[Attendance]:
    """One row for every office (one query); a draft that is not saved holds its participations in memory."""
    parts = edition.participations.all()
    if not isinstance(parts, QuerySet):
        return attendances(list(CoordinationOffice.objects.all()), parts)
    known = with_many(CoordinationOffice.objects.all(), "participations", where=Q(participations__page=edition))
    return [_attendance(office, parts[0] if parts else None) for office, parts in known]


def attendances(offices: list[CoordinationOffice], participations: Iterable[Participation]) -> list[Attendance]:
    """One row for every office, in the order of `offices`; an office without a record is unknown."""
    known = {participation.office_id: participation for participation in participations}
    return [_attendance(office, known.get(office.pk)) for office in offices]


def _attendance(office: CoordinationOffice, part: Participation | None) -> Attendance:
    if part is None or (part.attended is None and not part.hosted):
        return Attendance(office)
    presence: Presence = "host" if part.hosted else "in" if part.attended else "out"
    return Attendance(office, presence, part.persons)


def halves(items: Iterable[ProgrammeItem]) -> list[Half]:
    """The programme by half day. Items with a day but no time form one group; those without a day come last."""
    morning, afternoon = gettext("Vormittag"), gettext("Nachmittag")
    groups: dict[tuple[datetime.date | None, str], list[ProgrammeItem]] = defaultdict(list)
    for item in items:
        label = "" if item.start is None else morning if item.start < NOON else afternoon
        groups[item.day, label].append(item)
    for group in groups.values():
        group.sort(key=lambda item: (item.start or datetime.time.min, item.sort_order or 0))
    order = {morning: 0, "": 1, afternoon: 2}
    keys = sorted(groups, key=lambda key: (key[0] or datetime.date.max, order[key[1]]))
    return [Half(day, label, groups[day, label]) for day, label in keys]
