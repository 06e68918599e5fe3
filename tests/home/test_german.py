"""How dates, sizes and counts read."""

import datetime

import pytest
from django.utils import translation

from home.templatetags import german

DAY = datetime.date


@pytest.mark.parametrize(
    ("start", "end", "precision", "year", "expected"),
    [
        (None, None, "day", True, ""),
        (DAY(2025, 3, 21), None, "day", True, "21. März 2025"),
        (DAY(2024, 11, 21), DAY(2024, 11, 22), "day", True, "21.–22. November 2024"),
        (DAY(2024, 11, 21), DAY(2024, 11, 22), "day", False, "21.–22. November"),
        (DAY(2024, 11, 30), DAY(2024, 12, 1), "day", True, "30. November bis 1. Dezember 2024"),
        (DAY(2024, 12, 31), DAY(2025, 1, 1), "day", True, "31. Dezember 2024 bis 1. Januar 2025"),
        (DAY(2025, 11, 1), None, "month", True, "November 2025"),
        (DAY(2025, 11, 1), None, "month", False, "November"),
        (DAY(2025, 11, 1), DAY(2026, 2, 1), "month", True, "November 2025 bis Februar 2026"),
    ],
)
def test_date_range_is_as_short_as_it_can_be(start, end, precision, year, expected):
    assert german.date_range(start, end, precision, year) == expected


def test_long_date_of_a_moment_is_the_day_in_magdeburg():
    late_evening_in_london = datetime.datetime(2024, 12, 31, 23, 30, tzinfo=datetime.UTC)

    assert german.long_date(late_evening_in_london) == "1. Januar 2025"


@pytest.mark.parametrize(
    ("size", "expected"),
    [(None, ""), (0, ""), (1, "1 KB"), (48_400, "48 KB"), (999_999, "1000 KB"), (1_843_200, "1,8 MB")],
)
def test_file_size(size, expected):
    assert german.file_size(size) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(0, "0"), (999, "999"), (4200, "4.200"), (1234.5, "1.234,5"), (None, "")]
)
def test_number(value, expected):
    assert german.number(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(0, "0 Dokumente"), (1, "1 Dokument"), (2, "2 Dokumente"), (1000, "1.000 Dokumente")]
)
def test_counted(value, expected):
    assert german.counted(value, "Dokument,Dokumente") == expected


@pytest.mark.parametrize(
    ("values", "expected"), [([], ""), (["a"], "a"), (["a", "b"], "a und b"), (["a", "b", "c"], "a, b und c")]
)
def test_listed(values, expected):
    assert german.listed(values) == expected


@pytest.mark.parametrize(
    ("start", "end", "precision", "expected"),
    [
        (DAY(2025, 3, 21), None, "day", "21 March 2025"),
        (DAY(2024, 11, 21), DAY(2024, 11, 22), "day", "21–22 November 2024"),
        (DAY(2024, 11, 30), DAY(2024, 12, 1), "day", "30 November to 1 December 2024"),
        (DAY(2025, 11, 1), DAY(2026, 2, 1), "month", "November 2025 to February 2026"),
    ],
)
def test_date_range_reads_english_on_english_pages(start, end, precision, expected):
    with translation.override("en"):
        assert german.date_range(start, end, precision) == expected


def test_numbers_lists_and_days_read_english_on_english_pages():
    with translation.override("en"):
        assert german.number(4200) == "4,200"
        assert german.number(1234.5) == "1,234.5"
        assert german.file_size(1_843_200) == "1.8 MB"
        assert german.listed(["a", "b", "c"]) == "a, b and c"
        assert german.counted(3, "document,documents") == "3 documents"
        assert german.long_date(DAY(2024, 11, 21)) == "21 November 2024"
        assert german.weekday_date(DAY(2024, 11, 21)) == "Thursday 21 November"


@pytest.mark.parametrize("language", ["de", "de-simple", None])
def test_everything_else_reads_german(language):
    with translation.override(language):
        assert german.long_date(DAY(2024, 3, 21)) == "21. März 2024"
