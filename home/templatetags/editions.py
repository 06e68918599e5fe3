"""What blocks show of editions: their programme, the dates ahead."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django import template
from django.db.models import Q, prefetch_related_objects
from django.utils import timezone

from home.events import chronicle
from home.events.calendar import has_day
from home.events.chronicle import Half, default_editions, halves, is_upcoming
from home.events.models import EditionPage
from home.rendering.targets import Targets

register = template.Library()


@register.simple_tag
def programme_of(edition: EditionPage) -> list[Half]:
    """The programme by half day (two queries and one for each kind of contributor)."""
    return halves(edition.programme_items.prefetch_related("speakers__person", "speakers__office"))


@register.simple_tag(takes_context=True)
def dates_of(context: Mapping[str, Any], value: Mapping[str, Any], targets: Targets) -> list[EditionPage]:
    """The editions of a block of dates: the chosen ones, or the next ones where none was chosen.

    The next ones are those of today, or of the day that the page names in `dates_as_of`.
    """
    if len(value["editions"]):
        chosen = [edition for edition in map(targets.page, value["editions"]) if edition is not None]
        prefetch_related_objects(chosen, "series")
        return chosen
    return upcoming_editions(value["count"] or 0, getattr(context.get("page"), "dates_as_of", None))


@register.filter
def is_ahead(edition: EditionPage) -> bool:
    """Whether an edition is still to come or under way."""
    return is_upcoming(edition)


@register.filter
def was_planned(edition: EditionPage) -> bool:
    """Whether its days are over without a record that it took place."""
    return chronicle.was_only_planned(edition)


@register.filter
def state_words(edition: EditionPage) -> str:
    """The state of an edition, as visitors read it."""
    return chronicle.state_words(edition)


@register.filter
def in_calendar(edition: EditionPage) -> bool:
    """Whether there is something to put into a calendar: a day that is still to come."""
    return has_day(edition) and is_upcoming(edition)


def upcoming_editions(count: int, today: datetime.date | None = None) -> list[EditionPage]:
    """The next `count` editions of all series, soonest first."""
    today = today or timezone.localdate()
    # A date known by month counts until the month ends, so the days of the whole month are looked at.
    month = today.replace(day=1)
    editions = default_editions().filter(Q(end_date__gte=month) | Q(end_date=None, start_date__gte=month))
    ahead = [edition for edition in editions.order_by("start_date", "pk") if is_upcoming(edition, today)]
    return ahead[:count]
