"""How dates, sizes and counts read in German. Used by pages, mails and the PDF alike."""

from collections.abc import Iterable
from datetime import date, datetime

from django import template
from django.utils import timezone

register = template.Library()

MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni",
    "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip
WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


@register.filter
def long_date(value: date | datetime | None) -> str:
    """`date(2024, 11, 21)` -> "21. November 2024"; a datetime is read in the site's time zone; None -> ""."""
    if value is None:
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value.day}. {MONTHS[value.month - 1]} {value.year}"


@register.filter
def weekday_date(value: date | None) -> str:
    """`date(2024, 11, 21)` -> "Donnerstag, 21. November"."""
    return "" if value is None else f"{WEEKDAYS[value.weekday()]}, {value.day}. {MONTHS[value.month - 1]}"


@register.filter
def month_year(value: date | None) -> str:
    """`date(2025, 11, 1)` -> "November 2025"."""
    return "" if value is None else f"{MONTHS[value.month - 1]} {value.year}"


@register.simple_tag
def date_range(start: date | None, end: date | None = None, precision: str = "day", year: bool = True) -> str:
    """The shortest German form of a period: "21.–22. November 2024", "30. November bis 1. Dezember 2024".

    `precision="month"` leaves out the days ("November 2025"); `year=False` leaves out the last year.
    """
    if start is None:
        return ""
    last = end or start
    tail = f" {last.year}" if year else ""
    same_year, same_month = start.year == last.year, (start.year, start.month) == (last.year, last.month)
    start_year = "" if same_year else f" {start.year}"
    if precision == "month":
        if same_month:
            return f"{MONTHS[last.month - 1]}{tail}"
        return f"{MONTHS[start.month - 1]}{start_year} bis {MONTHS[last.month - 1]}{tail}"
    closing = f"{last.day}. {MONTHS[last.month - 1]}{tail}"
    if start == last:
        return closing
    if same_month:
        return f"{start.day}.–{closing}"
    return f"{start.day}. {MONTHS[start.month - 1]}{start_year} bis {closing}"


@register.filter
def file_size(size: int | None) -> str:
    """Bytes in the unit a reader expects, with a decimal comma: 1_843_200 -> "1,8 MB"."""
    if not size:
        return ""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} KB"
    return f"{size / 1_000_000:.1f} MB".replace(".", ",")


@register.filter
def number(value: int | float | None) -> str:
    """4200 -> "4.200", with the German point between thousands."""
    if value is None:
        return ""
    whole, _, decimals = f"{value:,}".partition(".")
    whole = whole.replace(",", ".")
    return f"{whole},{decimals}" if decimals else whole


@register.filter
def counted(value: int, words: str) -> str:
    """`3|counted:"Dokument,Dokumente"` -> "3 Dokumente"."""
    one, _, many = words.partition(",")
    return f"{number(value)} {one if value == 1 else many}"


@register.filter
def listed(values: Iterable[object]) -> str:
    """["a", "b", "c"] -> "a, b und c"."""
    words = [str(value) for value in values]
    return " und ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
