"""Order of editions, what counts as upcoming, and the matrix of offices."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.events.chronicle import chronicle, chronological, halves, is_upcoming
from home.events.models import EditionPage, ProgrammeItem, SeriesPage
from home.people import CoordinationOffice


def edition(number=None, start=None, precision="day", state="held", end=None):
    return EditionPage(
        number=number,
        start_date=datetime.date.fromisoformat(start) if start else None,
        end_date=datetime.date.fromisoformat(end) if end else None,
        date_precision=precision,
        state=state,
    )


def test_chronological_puts_unnumbered_edition_after_those_that_began_before_it(db):
    first, second, undated = edition(1, "2016-11-01"), edition(2, "2017-06-21"), edition(3)
    unnumbered = edition(None, "2018-01-01")

    result = chronological([unnumbered, undated, second, first])

    assert result == [first, second, unnumbered, undated]


def test_chronological_of_nothing_is_empty():
    assert chronological([]) == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"start": "2025-01-15"}, True),
        ({"start": "2025-01-14"}, False),
        ({"start": "2025-01-14", "end": "2025-01-15"}, True),
        ({"start": "2025-01-01", "precision": "month"}, True),
        ({"start": "2024-12-01", "precision": "month"}, False),
        ({"start": "2025-11-01", "precision": "month"}, True),
        ({"start": "2025-03-21", "state": "unrecorded"}, False),
        ({}, False),
    ],
)
def test_is_upcoming_until_the_last_day_or_month_has_passed(db, fields, expected):
    assert is_upcoming(edition(**fields), datetime.date(2025, 1, 15)) is expected


def test_halves_group_by_day_and_half_and_leave_unknown_days_last():
    day = datetime.date(2024, 11, 21)
    late = ProgrammeItem(title="spät", day=day, start=datetime.time(14))
    early = ProgrammeItem(title="früh", day=day, start=datetime.time(9))
    open_time = ProgrammeItem(title="offen", day=day)
    unknown = ProgrammeItem(title="ohne Tag")

    result = halves([unknown, late, open_time, early])

    assert [(half.day, half.label, [item.title for item in half.items]) for half in result] == [
        (day, "Vormittag", ["früh"]),
        (day, "", ["offen"]),
        (day, "Nachmittag", ["spät"]),
        (None, "", ["ohne Tag"]),
    ]


def test_chronicle_shows_hosts_and_leaves_everything_else_open(demo_pages):
    result = chronicle(SeriesPage.objects.get(slug="ideenwerkstatt", locale__language_code="de"))

    assert [entry.edition.number for entry in result.entries] == [*range(1, 14), None]
    assert result.held_count == 13
    halle = next(row for row in result.rows if row.office.slug == "halle")
    assert [cell.presence for cell in halle.attendances] == ["unknown"] * 12 + ["host", "unknown"]
    assert {cell.presence for row in result.rows for cell in row.attendances} == {"host", "unknown"}


@time_machine.travel("2025-01-15T12:00:00+01:00", tick=False)
def test_chronicle_knows_what_is_upcoming(demo_pages):
    result = chronicle(SeriesPage.objects.get(slug="ideenwerkstatt", locale__language_code="de"))

    assert [page.slug for page in result.upcoming] == ["november-2025"]


def test_chronicle_needs_the_same_queries_for_more_editions(demo_pages, django_assert_num_queries):
    page = SeriesPage.objects.get(slug="ideenwerkstatt", locale__language_code="de")
    with CaptureQueriesContext(connection) as queries:
        chronicle(page)
    for number in range(14, 24):
        page.add_child(instance=EditionPage(title=str(number), slug=str(number), number=number, series=page.series))

    with django_assert_num_queries(len(queries)):
        result = chronicle(page)

    assert len(result.entries) == 24


def test_full_name_reads_well_in_a_sentence():
    district, city = CoordinationOffice.Kind.DISTRICT, CoordinationOffice.Kind.CITY

    names = [
        CoordinationOffice(name=name, kind=kind).full_name
        for name, kind in [("Harz", district), ("Burgenlandkreis", district), ("Halle (Saale)", city)]
    ]

    assert names == ["Landkreis Harz", "Burgenlandkreis", "Halle (Saale)"]


def test_offices_stand_in_german_order(demo_pages):
    names = [office.name for office in CoordinationOffice.objects.all()]

    assert names.index("Börde") < names.index("Burgenlandkreis") < names.index("Dessau-Roßlau")
