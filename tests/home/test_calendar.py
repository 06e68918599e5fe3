"""Dates leave the site as iCalendar files that calendars can keep up to date."""

import datetime

import pytest
from icalendar import Calendar

from home.events.models import EditionPage, EventSeries, ProgrammeItem, SeriesPage

DAY = datetime.date


@pytest.fixture
def chronicle(site):
    series = EventSeries.objects.create(name="Ideenwerkstatt", slug="ideenwerkstatt")
    return site.root_page.add_child(instance=SeriesPage(title="Ideenwerkstatt", slug="ideenwerkstatt", series=series))


def add_edition(chronicle, **fields):
    values = {
        "title": "13. Ideenwerkstatt",
        "slug": "13",
        "number": 13,
        "place": "Halle (Saale)",
        "start_date": DAY(2024, 11, 21),
        "end_date": DAY(2024, 11, 22),
    }
    page = chronicle.add_child(instance=EditionPage(**(values | fields)))
    page.save_revision().publish()
    return page


def events(client, url="/termine/kalender.ics"):
    response = client.get(url)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content).walk("VEVENT")


def test_edition_without_times_is_whole_days(chronicle, client):
    page = add_edition(chronicle)

    (event,) = events(client)

    assert event["SUMMARY"] == "13. Ideenwerkstatt, Halle (Saale)"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (DAY(2024, 11, 21), DAY(2024, 11, 23))
    assert event["UID"].startswith(str(page.translation_key))
    assert event["URL"].endswith("/ideenwerkstatt/13/")


def test_edition_with_times_has_them_in_the_time_of_berlin(chronicle, client):
    page = add_edition(chronicle)
    page.programme_items.add(
        ProgrammeItem(title="Eröffnung", day=DAY(2024, 11, 21), start=datetime.time(10), locale=page.locale),
        ProgrammeItem(
            title="Barcamp",
            day=DAY(2024, 11, 22),
            start=datetime.time(9),
            end=datetime.time(12, 30),
            locale=page.locale,
        ),
    )
    page.save_revision().publish()

    (event,) = events(client)

    assert event["DTSTART"].dt.isoformat() == "2024-11-21T10:00:00+01:00"
    assert event["DTEND"].dt.isoformat() == "2024-11-22T12:30:00+01:00"


def test_date_known_to_the_month_only_is_in_no_calendar(chronicle, client):
    add_edition(chronicle, slug="herbst", number=None, date_precision="month", end_date=None)

    assert events(client) == []
    assert client.get("/ideenwerkstatt/herbst/termin.ics").status_code == 404


def test_change_of_an_edition_replaces_its_event(chronicle, client):
    page = add_edition(chronicle)
    (before,) = events(client, "/ideenwerkstatt/13/termin.ics")
    page.place = "Merseburg"
    page.save_revision().publish()

    (after,) = events(client, "/ideenwerkstatt/13/termin.ics")

    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["SUMMARY"] == "13. Ideenwerkstatt, Merseburg"


def test_cancelled_edition_says_so(chronicle, client):
    add_edition(chronicle, state=EditionPage.State.CANCELLED)

    (event,) = events(client)

    assert event["STATUS"] == "CANCELLED"


def test_unpublished_edition_is_in_no_calendar(chronicle, client):
    add_edition(chronicle).unpublish()

    assert events(client) == []
    assert client.get("/ideenwerkstatt/13/termin.ics").status_code == 404
