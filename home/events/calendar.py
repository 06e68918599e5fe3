"""Dates as iCalendar (RFC 5545, with NAME and REFRESH-INTERVAL of RFC 7986)."""

from __future__ import annotations

import datetime
import hashlib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar, Event, vText

from home.events.chronicle import was_only_planned
from home.events.models import CalendarEntry, EditionPage

if TYPE_CHECKING:
    from collections.abc import Iterable

ZONE = ZoneInfo("Europe/Berlin")
REFRESH = datetime.timedelta(hours=12)
STATUS = {EditionPage.State.CANCELLED: "CANCELLED", EditionPage.State.PREPARING: "TENTATIVE"}


def calendar_of(editions: Iterable[EditionPage]) -> bytes:
    """An iCalendar file of all editions that have a date of day precision; the others are left out.

    The UID is the page's translation key, a UUID (RFC 7986, 5.3): it stays for ever, whatever the domain. SEQUENCE and
    LAST-MODIFIED come from the edition's CalendarEntry, so calendars replace what they hold when, and only when, it is
    out of date. A cancelled edition stays in the file: calendars learn of it that way. Editions without programme times
    are whole days (DTEND is exclusive).
    """
    dated = [edition for edition in editions if has_day(edition)]
    entries = {entry.edition_id: entry for entry in CalendarEntry.objects.filter(edition__in=dated)} if dated else {}
    result = Calendar()
    result.add("prodid", "-//AGSA//IKOE//DE")
    result.add("version", "2.0")
    result.add("name", "IKOE: Termine")
    result.add("x-wr-calname", "IKOE: Termine")
    result.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for edition in dated:
        result.add_component(_event(edition, entries.get(edition.pk)))
    result.add_missing_timezones()
    return result.to_ical()


def has_day(edition: EditionPage) -> bool:
    """Whether the date is known to the day, so that it can stand in a calendar."""
    return edition.start_date is not None and edition.date_precision == EditionPage.Precision.DAY


def digest_of(edition: EditionPage) -> str:
    """SHA-256 in hex over all that a calendar shows of an edition; "" while its day is not known."""
    return hashlib.sha256(_facts(edition).to_ical()).hexdigest() if has_day(edition) else ""


def _event(edition: EditionPage, entry: CalendarEntry | None) -> Event:
    changed_at = entry.changed_at if entry else edition.last_published_at or _midnight(edition)
    event = _facts(edition)
    if was_only_planned(edition):
        # Nobody has recorded that it took place. Not one of the facts: it comes with the day, not with a change.
        event["status"] = vText("TENTATIVE")
    event.add("sequence", entry.sequence if entry else 0)
    # Without METHOD, DTSTAMP is the time of the last change too (RFC 5545, 3.8.7.2).
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    return event


def _facts(edition: EditionPage) -> Event:
    """The event without what counts its changes."""
    address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    start, end = _span(edition)
    title = f"{edition.heading}, {edition.place}" if edition.place else edition.heading
    event = Event()
    event.add("uid", str(edition.translation_key))
    event.add("dtstart", start)
    event.add("dtend", end)
    # Some calendars do not show STATUS.
    cancelled = edition.state == EditionPage.State.CANCELLED
    event.add("summary", f"Abgesagt: {title}" if cancelled else title)
    where = ", ".join(filter(None, [edition.venue, edition.place]))
    if where:
        event.add("location", where)
    if edition.motto:
        event.add("description", edition.motto)
    event.add("url", f"{address.scheme}://{address.netloc}{edition.get_url()}")
    event.add("status", STATUS.get(EditionPage.State(edition.state), "CONFIRMED"))
    return event


def _span(edition: EditionPage) -> tuple[datetime.date, datetime.date]:
    """From the first programme item to the end of the last one, or whole days if one of these times is unknown."""
    first, last = edition.start_date, edition.last_day
    assert first is not None and last is not None  # noqa: S101 - `has_day` chose these editions.
    items = list(edition.programme_items.all())
    starts = [item.start for item in items if item.day == first and item.start]
    ends = [item.end for item in items if item.day == last and item.end]
    if starts and ends:
        start = datetime.datetime.combine(first, min(starts), ZONE)
        end = datetime.datetime.combine(last, max(ends), ZONE)
        if end > start:
            return start, end
    return first, last + datetime.timedelta(days=1)


def _midnight(edition: EditionPage) -> datetime.datetime:
    return datetime.datetime.combine(edition.start_date or datetime.date.min, datetime.time(), datetime.UTC)
