"""A new edition from the skeleton of an earlier one, and parts of a programme that get in each other's way."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from wagtail.models import PageLogEntry

from home.events.models import (
    EditionPage,
    Participation,
    ProgrammeItem,
    ProgrammeSpeaker,
)
from home.events.overlaps import collisions
from home.people import Person
from home.roles import Role
from tests.accounts_content import client_of, make_office, member
from tests.contents import made_once
from tests.editions_content import make_edition, make_series

pytestmark = pytest.mark.django_db
THURSDAY = datetime.date(2024, 11, 21)
FRIDAY = datetime.date(2024, 11, 22)


def at(text: str) -> datetime.time:
    return datetime.time.fromisoformat(text)


@made_once
def chronicle(site):
    return make_series(site.root_page)


@made_once
def edition(chronicle):
    return make_edition(
        chronicle, title="13. Ideenwerkstatt in Halle", start_date=THURSDAY, end_date=FRIDAY, place="Halle",
        venue="Rathaus", state="documented", lead="Zwei Tage über Arbeit", outlook="<p>Bald mehr</p>",
        body=[("text", "<p>Geheim</p>")],
    )  # fmt: skip


def add_item(edition, title, day=None, start="", end="", room="", position=0, **fields):
    item = ProgrammeItem(
        page=edition, title=title, day=day, room=room, sort_order=position, locale=edition.locale,
        start=at(start) if start else None, end=at(end) if end else None, **fields,
    )  # fmt: skip
    item.save()
    return item


@pytest.fixture
def editor(site):
    return client_of(member(Role.EDITOR))


def send(editor, chronicle, **fields):
    data = {"number": "14", "start": "22.05.2025", "place": "Stendal", "model": "", "with_titles": "1"} | fields
    return editor.post(reverse("home_new_edition", args=[chronicle.pk]), data)


def test_the_skeleton_moves_to_the_new_days(editor, chronicle, edition):
    first = add_item(edition, "Begrüßung", THURSDAY, "10:00", "10:30", room="Saal", format="plenary")
    add_item(edition, "Barcamp", FRIDAY, "09:00", "12:00", format="barcamp", position=1)
    add_item(edition, "Offenes Thema", position=2)

    send(editor, chronicle, model=edition.pk)

    new = EditionPage.objects.get(number=14)
    assert (new.start_date, new.end_date) == (datetime.date(2025, 5, 22), datetime.date(2025, 5, 23))
    assert (new.title, new.slug, new.place, new.venue) == ("14. Ideenwerkstatt in Stendal", "14", "Stendal", "")
    assert [(item.title, item.format, item.day, item.start, item.end) for item in new.programme_items.all()] == [
        ("Begrüßung", "plenary", datetime.date(2025, 5, 22), at("10:00"), at("10:30")),
        ("Barcamp", "barcamp", datetime.date(2025, 5, 23), at("09:00"), at("12:00")),
        ("Offenes Thema", "", None, None, None),
    ]
    assert first.translation_key not in {item.translation_key for item in new.programme_items.all()}


def test_by_itself_the_form_takes_no_titles_along(editor, chronicle, edition):
    add_item(edition, "Fragen zu neuen Antragsformalitäten ab 2025", THURSDAY, "10:00", "10:30", format="talk")
    add_item(edition, "Ankommen", THURSDAY, "09:00", position=1)
    form = editor.get(reverse("home_new_edition", args=[chronicle.pk])).context["form"]

    send(editor, chronicle, model=edition.pk, with_titles=form["with_titles"].value() or "")

    new = EditionPage.objects.get(number=14)
    assert [(item.title, item.format, item.start) for item in new.programme_items.all()] == [
        ("Fachvortrag", "talk", at("10:00")),
        ("Programmpunkt", "", at("09:00")),
    ]


def test_the_office_that_invites_is_noted(editor, chronicle):
    office = make_office()

    send(editor, chronicle, host=office.pk)

    new = EditionPage.objects.get(number=14).get_latest_revision_as_object()
    assert [(part.office, part.hosted, part.attended) for part in new.participations.all()] == [(office, True, None)]


def test_nothing_of_what_happened_is_copied(editor, chronicle, edition):
    item = add_item(edition, "Vortrag", THURSDAY, "10:00", "11:00", "Saal", abstract="<p>A</p>", results="<p>B</p>")
    ProgrammeSpeaker.objects.create(item=item, person=Person.objects.create(name="Erika Beispiel"))
    Participation.objects.create(page=edition, office=make_office(), hosted=True, persons=12)

    send(editor, chronicle, model=edition.pk)

    new = EditionPage.objects.get(number=14)
    copy = new.programme_items.get()
    assert (copy.room, copy.abstract, copy.results, copy.speakers.count()) == ("", "", "", 0)
    assert (new.participations.count(), new.lead, new.outlook, len(new.body)) == (0, "", "", 0)
    assert (new.live, new.state) == (False, "preparing")


def test_the_draft_opens_in_the_editor_with_a_history(editor, chronicle, edition):
    response = send(editor, chronicle, model=edition.pk)

    new = EditionPage.objects.get(number=14)
    assert response["Location"] == reverse("wagtailadmin_pages:edit", args=[new.pk])
    assert editor.get(response["Location"]).status_code == 200
    assert new.latest_revision is not None
    assert [entry.action for entry in PageLogEntry.objects.filter(page=new)] == ["wagtail.create"]


def test_an_edition_without_days_keeps_the_programme_without_times(editor, chronicle, edition):
    add_item(edition, "Vortrag", THURSDAY, "10:00", "11:00")

    send(editor, chronicle, model=edition.pk, start="")

    new = EditionPage.objects.get(number=14)
    assert (new.start_date, new.end_date) == (None, None)
    assert [(item.title, item.day, item.start) for item in new.programme_items.all()] == [("Vortrag", None, None)]


def test_a_series_that_does_not_count_needs_no_number(editor, chronicle):
    for _ in range(2):
        send(editor, chronicle, number="", start="", place="Magdeburg")

    new = EditionPage.objects.order_by("pk")
    assert [page.title for page in new] == ["Ideenwerkstatt in Magdeburg"] * 2
    assert len({page.slug for page in new}) == 2


def test_the_form_proposes_the_next_number_and_the_last_programme(editor, chronicle, edition):
    add_item(edition, "Vortrag")
    chronicle.add_child(
        instance=EditionPage(title="Ohne Programm", slug="x", series=chronicle.series, start_date=THURSDAY)
    )

    form = editor.get(reverse("home_new_edition", args=[chronicle.pk])).context["form"]

    assert form["number"].value() == 14
    assert form["model"].value() == edition.pk


def test_a_number_is_given_once(editor, chronicle, edition):
    response = send(editor, chronicle, number="13")

    assert "gibt es schon" in response.content.decode()
    assert EditionPage.objects.count() == 1


def test_only_those_who_may_write_make_editions(chronicle):
    client = client_of(member(Role.COORDINATOR))

    assert send(client, chronicle).status_code in (302, 403)
    assert not EditionPage.objects.exists()


def test_the_listing_of_a_chronicle_offers_the_form(editor, chronicle):
    address = reverse("home_new_edition", args=[chronicle.pk])

    assert address in editor.get(reverse("wagtailadmin_explore", args=[chronicle.pk])).content.decode()
    assert address in editor.get("/admin/ausgaben/").content.decode()


# Parts of a programme that get in each other's way


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        (("10:00", "11:00"), ("10:30", "12:00"), "von 10:30 bis 11:00 Uhr"),
        (("10:00", "12:00"), ("10:30", "11:00"), "von 10:30 bis 11:00 Uhr"),
        (("10:00", ""), ("10:00", ""), "um 10:00 Uhr"),
        (("10:00", "11:00"), ("11:00", "12:00"), None),
        (("10:00", ""), ("10:30", "11:00"), None),
        (("", ""), ("", ""), None),
    ],
)
def test_two_parts_in_one_room_are_named(edition, first, second, together):
    add_item(edition, "Vortrag", THURSDAY, *first, room="Saal 1")
    add_item(edition, "Workshop", THURSDAY, *second, room=" saal 1 ", position=1)

    found = collisions(edition)

    expected = f"„Vortrag“ und „Workshop“ liegen am Donnerstag, 21. November, {together} beide in „Saal 1“."
    assert found == ([expected] if together else [])


def test_other_rooms_and_days_are_no_collision(edition):
    add_item(edition, "A", THURSDAY, "10:00", "11:00", room="Saal")
    add_item(edition, "B", FRIDAY, "10:00", "11:00", room="Saal")
    add_item(edition, "C", THURSDAY, "10:00", "11:00", room="Keller")
    add_item(edition, "D", THURSDAY, "10:00", "11:00")
    add_item(edition, "E", THURSDAY, "10:00", "11:00")

    assert collisions(edition) == []


def test_nobody_speaks_in_two_places(edition):
    erika = Person.objects.create(name="Erika Beispiel")
    for title, start, end in (("Vortrag", "10:00", "11:00"), ("Workshop", "10:30", "12:00"), ("Plenum", "14:00", "")):
        item = add_item(edition, title, THURSDAY, start, end, room=title)
        ProgrammeSpeaker.objects.create(item=item, person=erika)
        ProgrammeSpeaker.objects.create(item=item, organisation="AGSA")

    assert collisions(edition) == [
        "Erika Beispiel steht am Donnerstag, 21. November, von 10:30 bis 11:00 Uhr in „Vortrag“ und „Workshop“."
    ]
