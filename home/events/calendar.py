"""Dates as iCalendar (RFC 5545, with NAME and REFRESH-INTERVAL of RFC 7986)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count
from icalendar import Calendar, Event
from wagtail.models import Revision

from home.events.models import EditionPage

if TYPE_CHECKING:
    from collections.abc import Iterable

ZONE = ZoneInfo("Europe/Berlin")
REFRESH = datetime.timedelta(hours=12)


def calendar_of(editions: Iterable[EditionPage]) -> bytes:
    """An iCalendar file of all editions that have a date of day precision; the others are left out.

    The UID is made of the page's translation key and stays for ever; SEQUENCE counts the revisions of the page, so
    calendars replace what they hold. Editions without programme times are whole days (DTEND is exclusive).
    """
    dated = [edition for edition in editions if has_day(edition)]
    revisions = _revision_counts(dated)
    result = Calendar()
    result.add("prodid", "-//AGSA//IKOE//DE")
    result.add("version", "2.0")
    result.add("name", "IKOE: Termine")
    result.add("x-wr-calname", "IKOE: Termine")
    result.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for edition in dated:
        result.add_component(_event(edition, revisions.get(str(edition.pk), 0)))
    result.add_missing_timezones()
    return result.to_ical()


def has_day(edition: EditionPage) -> bool:
    """Whether the date is known to the day, so that it can stand in a calendar."""
    return edition.start_date is not None and edition.date_precision == EditionPage.Precision.DAY


def _event(edition: EditionPage, sequence: int) -> Event:
    address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    start, end = _span(edition)
    event = Event()
    event.add("uid", f"{edition.translation_key}@{address.hostname}")
    event.add("sequence", sequence)
    event.add("dtstamp", edition.last_published_at or edition.latest_revision_created_at or _midnight(edition))
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", f"{edition.heading}, {edition.place}" if edition.place else edition.heading)
    where = ", ".join(filter(None, [edition.venue, edition.place]))
    if where:
        event.add("location", where)
    if edition.motto:
        event.add("description", edition.motto)
    event.add("url", f"{address.scheme}://{address.netloc}{edition.get_url()}")
    event.add("status", "CANCELLED" if edition.state == EditionPage.State.CANCELLED else "CONFIRMED")
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


def _revision_counts(editions: list[EditionPage]) -> dict[str, int]:
    """Number of revisions by primary key (as text, as the revision table has it), in one query."""
    if not editions:
        return {}
    counted = (
        Revision.objects.filter(
            base_content_type=editions[0].get_base_content_type(), object_id__in=[str(e.pk) for e in editions]
        )
        .values("object_id")
        .annotate(revisions=Count("pk"))
    )
    return {row["object_id"]: row["revisions"] for row in counted}
