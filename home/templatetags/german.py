"""How dates, sizes and counts read: in German, and in English on English pages. Mails and the PDF are German."""

from collections.abc import Iterable
from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.translation import get_language

register = template.Library()

MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni",
    "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip
ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
ENGLISH_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def reads_english() -> bool:
    """Whether the page that is being made is in English."""
    return (get_language() or "").startswith("en")


@register.filter
def long_date(value: date | datetime | None) -> str:
    """`date(2024, 11, 21)` -> "21. November 2024"; a datetime is read in the site's time zone; None -> ""."""
    if value is None:
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{_day(value)} {value.year}"


@register.filter
def weekday_date(value: date | None) -> str:
    """`date(2024, 11, 21)` -> "Donnerstag, 21. November"."""
    if value is None:
        return ""
    weekday = (ENGLISH_WEEKDAYS if reads_english() else WEEKDAYS)[value.weekday()]
    return f"{weekday}{' ' if reads_english() else ', '}{_day(value)}"


@register.filter
def month_year(value: date | None) -> str:
    """`date(2025, 11, 1)` -> "November 2025"."""
    return "" if value is None else f"{_month(value)} {value.year}"


@register.simple_tag
def date_range(start: date | None, end: date | None = None, precision: str = "day", year: bool = True) -> str:
    """The shortest form of a period: "21.–22. November 2024", "30. November bis 1. Dezember 2024".

    `precision="month"` leaves out the days ("November 2025"); `year=False` leaves out the last year.
    """
    if start is None:
        return ""
    last = end or start
    tail = f" {last.year}" if year else ""
    same_year, same_month = start.year == last.year, (start.year, start.month) == (last.year, last.month)
    start_year = "" if same_year else f" {start.year}"
    until = " to " if reads_english() else " bis "
    if precision == "month":
        if same_month:
            return f"{_month(last)}{tail}"
        return f"{_month(start)}{start_year}{until}{_month(last)}{tail}"
    closing = f"{_day(last)}{tail}"
    if start == last:
        return closing
    if same_month:
        return f"{_ordinal(start)}–{closing}"
    return f"{_day(start)}{start_year}{until}{closing}"


@register.filter
def file_size(size: int | None) -> str:
    """Bytes in the unit a reader expects, with a decimal comma: 1_843_200 -> "1,8 MB"."""
    if not size:
        return ""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} KB"
    return f"{number(round(size / 1_000_000, 1))} MB"


@register.filter
def number(value: int | float | None) -> str:
    """4200 -> "4.200", with the German point between thousands."""
    if value is None:
        return ""
    text = f"{value:,}"
    return text if reads_english() else text.translate(_GERMAN_MARKS)


_GERMAN_MARKS = str.maketrans(",.", ".,")


@register.filter
def counted(value: int, words: str) -> str:
    """`3|counted:"Dokument,Dokumente"` -> "3 Dokumente"."""
    one, _, many = words.partition(",")
    return f"{number(value)} {one if value == 1 else many}"


@register.filter
def listed(values: Iterable[object]) -> str:
    """["a", "b", "c"] -> "a, b und c"."""
    words = [str(value) for value in values]
    last = " and " if reads_english() else " und "
    return last.join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _ordinal(value: date) -> str:
    return str(value.day) if reads_english() else f"{value.day}."


def _day(value: date) -> str:
    return f"{_ordinal(value)} {_month(value)}"


def _month(value: date) -> str:
    return (ENGLISH_MONTHS if reads_english() else MONTHS)[value.month - 1]
