"""Which dates are ahead and which lie behind."""

from __future__ import annotations

import calendar
import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import Locale

from home.events.models import EditionPage

if TYPE_CHECKING:
    from collections.abc import Sequence


def published_editions() -> QuerySet[EditionPage]:
    """Editions and dates of all series that everybody may see, without translations."""
    return (
        EditionPage.objects.live()
        .public()
        .filter(locale=Locale.get_default())
        .select_related("series", "locale")
        .order_by("start_date", "number")
    )


def over_after(edition: EditionPage) -> datetime.date | None:
    """The last day on which the edition may still take place; a date of month precision lasts until the month ends."""
    day = edition.last_day
    if day is None or edition.date_precision == EditionPage.Precision.DAY:
        return day
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def split_by_day(
    editions: Sequence[EditionPage] | QuerySet[EditionPage], today: datetime.date | None = None
) -> tuple[list[EditionPage], list[EditionPage]]:
    """Dates from `today` on (nearest first) and dates before it (latest first); editions without a date are left out."""
    today = today or timezone.localdate()
    dated = [(edition, last) for edition in editions if (last := over_after(edition)) is not None]
    ahead = [edition for edition, last in dated if last >= today]
    behind = [edition for edition, last in reversed(dated) if last < today]
    return ahead, behind
