"""Parts of a programme that get in each other's way: two in one room, one person in two places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from home.events.programme import items_of
from home.templatetags.german import weekday_date

if TYPE_CHECKING:
    from home.events.models import EditionPage, ProgrammeItem


def collisions(edition: EditionPage) -> list[str]:
    """One German sentence for each collision in the programme of `edition`, saved or not."""
    pairs = [pair for pair in combinations(items_of(edition), 2) if at_the_same_time(*pair)]
    return [*_one_room(pairs), *_one_person(pairs)]


def at_the_same_time(one: ProgrammeItem, other: ProgrammeItem) -> bool:
    """Whether two parts share some time. One without an end is a point in time; one without a beginning is nowhere."""
    if one.day is None or one.day != other.day or one.start is None or other.start is None:
        return False
    if one.start == other.start:
        return True
    earlier_end, later_start = (one.end, other.start) if one.start < other.start else (other.end, one.start)
    return earlier_end is not None and later_start < earlier_end


def _one_room(pairs: Iterable[tuple[ProgrammeItem, ProgrammeItem]]) -> Iterator[str]:
    for one, other in pairs:
        if one.room.strip() and one.room.strip().casefold() == other.room.strip().casefold():
            yield f"{_both(one, other)} liegen {_time(one, other)} beide in „{one.room.strip()}“."


def _one_person(pairs: Iterable[tuple[ProgrammeItem, ProgrammeItem]]) -> Iterator[str]:
    for one, other in pairs:
        people = {speaker.person_id: speaker.person for speaker in one.speakers.all() if speaker.person}
        busy = {speaker.person_id for speaker in other.speakers.all()} & people.keys()
        for key in sorted(busy):
            yield f"{people[key].name} steht {_time(one, other)} in {_both(one, other)}."


def _both(one: ProgrammeItem, other: ProgrammeItem) -> str:
    return f"„{one.title}“ und „{other.title}“"


def _time(one: ProgrammeItem, other: ProgrammeItem) -> str:
    """The time that two parts share: "am Donnerstag, 21. November, von 10:00 bis 10:30 Uhr"."""
    begin = max(filter(None, (one.start, other.start)))
    end = min(filter(None, (one.end, other.end)), default=None)
    hours = f"von {begin:%H:%M} bis {end:%H:%M} Uhr" if end and end > begin else f"um {begin:%H:%M} Uhr"
    return f"am {weekday_date(one.day)}, {hours}"
