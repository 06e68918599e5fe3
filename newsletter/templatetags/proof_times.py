"""How times read in a proof: to the second, with the distance to UTC."""

from __future__ import annotations

from datetime import date, datetime

from django import template

from home.templatetags.german import long_date

register = template.Library()


@register.filter
def exact_time(value: str) -> str:
    """Read "2026-11-28T10:15:23+01:00" -> "28. November 2026, 10:15:23 Uhr (UTC+01:00)"."""
    moment = datetime.fromisoformat(value)
    return f"{long_date(moment)}, {moment:%H:%M:%S} Uhr (UTC{value[19:]})"


@register.filter
def exact_day(value: str) -> str:
    """Read "2026-11-28" -> "28. November 2026"."""
    return long_date(date.fromisoformat(value))
