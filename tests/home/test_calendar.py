"""Dates leave the site as iCalendar files that calendars can keep up to date."""

import datetime

from icalendar import Calendar
from wagtail.models import Locale

from home.events.models import CalendarEntry, EditionPage, EventSeries, ProgrammeItem
from tests.contents import made_once
from tests.editions_content import make_edition, make_series

DAY = datetime.date


@made_once
def chronicle(site):
    return make_series(site.root_page)


def add_edition(chronicle, **fields):
    values = {
        "title": "13. Ideenwerkstatt",
        "place": "Halle (Saale)",
        "start_date": DAY(2024, 11, 21),
        "end_date": DAY(2024, 11, 22),
    }
    page = make_edition(chronicle, **(values | fields))
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


def test_publishing_without_a_change_keeps_the_number(chronicle, client):
    page = add_edition(chronicle)
    (before,) = events(client)
    page.search_description = "Steht in keinem Kalender."
    page.save_revision().publish()

    (after,) = events(client)

    assert (after["SEQUENCE"], after["DTSTAMP"].dt) == (before["SEQUENCE"], before["DTSTAMP"].dt)


def test_number_outlives_the_revisions_and_an_unpublishing(chronicle, client):
    page = add_edition(chronicle)
    for place in ("Merseburg", "Naumburg"):
        page.place = place
        page.save_revision().publish()
    (before,) = events(client)

    page.unpublish()
    page.revisions.exclude(pk=page.latest_revision_id).delete()
    page.place = "Barby"
    page.save_revision().publish()
    (after,) = events(client)

    assert (before["SEQUENCE"], after["SEQUENCE"]) == (2, 3)
    assert after["LAST-MODIFIED"].dt >= before["LAST-MODIFIED"].dt


def test_edition_told_before_there_were_rows_gets_a_higher_number(chronicle, client):
    page = add_edition(chronicle)
    CalendarEntry.objects.all().delete()
    (before,) = events(client)
    page.refresh_from_db()
    page.place = "Merseburg"
    page.save_revision().publish()

    (after,) = events(client)

    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)


def test_cancelling_raises_the_number_and_stays_in_the_calendar(chronicle, client):
    page = add_edition(chronicle)
    page.state = EditionPage.State.CANCELLED
    page.save_revision().publish()

    (event,) = events(client)

    assert (event["SEQUENCE"], event["STATUS"]) == (1, "CANCELLED")
    assert event["SUMMARY"] == "Abgesagt: 13. Ideenwerkstatt, Halle (Saale)"


def test_edition_in_preparation_is_tentative(chronicle, client):
    add_edition(chronicle, state=EditionPage.State.PREPARING)

    (event,) = events(client)

    assert event["STATUS"] == "TENTATIVE"


def test_new_name_of_a_series_reaches_calendars(chronicle, client):
    add_edition(chronicle)
    series = EventSeries.objects.get()
    series.name = "Werkstatt"
    series.save()

    (event,) = events(client)

    assert (event["SEQUENCE"], event["SUMMARY"]) == (1, "13. Werkstatt, Halle (Saale)")


def test_translation_counts_nothing_and_stands_in_no_calendar(chronicle, client):
    page = add_edition(chronicle)
    english, _ = Locale.objects.get_or_create(language_code="en")
    copy = page.copy_for_translation(english, copy_parents=True)
    copy.save_revision().publish()

    assert CalendarEntry.objects.get().edition == page
    assert len(events(client)) == 1


def test_unusual_text_is_escaped_and_folded(chronicle, client):
    place = "Straße, Haus; \\ " + "ÄÖÜ" * 25
    add_edition(chronicle, place=place)

    content = client.get("/termine/kalender.ics").content
    (event,) = Calendar.from_ical(content).walk("VEVENT")

    assert max(map(len, content.split(b"\r\n"))) <= 75
    assert event["SUMMARY"] == f"13. Ideenwerkstatt, {place}"


def test_times_of_summer_and_winter_name_their_zone(chronicle, client):
    for number, day in ((2, DAY(2025, 6, 21)), (3, DAY(2025, 11, 9))):
        page = add_edition(chronicle, title=str(number), slug=str(number), number=number, start_date=day, end_date=None)
        page.programme_items.add(
            ProgrammeItem(title="Tag", day=day, start=datetime.time(10), end=datetime.time(16), locale=page.locale)
        )
        page.save_revision().publish()

    calendar = Calendar.from_ical(client.get("/termine/kalender.ics").content)

    offsets = {event["DTSTART"].dt.isoformat()[-6:] for event in calendar.walk("VEVENT")}
    assert offsets == {"+02:00", "+01:00"}
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Berlin"]


def test_identity_of_an_event_does_not_change_with_the_domain(chronicle, client, settings):
    page = add_edition(chronicle)
    settings.WAGTAILADMIN_BASE_URL = "https://elsewhere.example.org"

    (event,) = events(client)

    assert event["UID"] == str(page.translation_key)


def test_plan_whose_days_are_over_is_not_confirmed(chronicle, client):
    add_edition(chronicle, state=EditionPage.State.ANNOUNCED)
    add_edition(
        chronicle, slug="99", number=99, start_date=DAY(2999, 1, 1), end_date=None, state=EditionPage.State.ANNOUNCED
    )

    status = {event["SUMMARY"][:2]: event["STATUS"] for event in events(client)}

    assert status == {"13": "TENTATIVE", "99": "CONFIRMED"}


def test_page_of_dates_offers_a_subscription_and_its_address(site, client, settings):
    settings.BASE_URL = "https://ikoe.example.org"

    page = client.get("/termine/").text

    assert 'href="webcal://ikoe.example.org/termine/kalender.ics"' in page
    assert 'value="https://ikoe.example.org/termine/kalender.ics" readonly' in page
