"""What is new to a coordinator since the last visit to the archive."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.utils import timezone

from archive.access import Level
from archive.models import ArchiveVisit, Document, DocumentVersion
from archive.usage.visits import visit
from home.roles import Role
from tests.accounts_content import client_of, text_of
from tests.archive.forms import edit_data

pytestmark = pytest.mark.django_db
START = datetime.datetime(2026, 3, 12, 10, tzinfo=datetime.UTC)


@pytest.fixture
def coordinator(users):
    return users[Role.COORDINATOR.value]


def at(hours):
    return time_machine.travel(START + datetime.timedelta(hours=hours), tick=False)


def test_four_hours_away_make_a_new_visit(coordinator):
    seen = []
    for hours in (0, 1, 4.5, 9, 10, 24):
        with at(hours):
            seen.append(visit(coordinator))

    hour = datetime.timedelta(hours=1)
    assert seen == [None, None, None, START + 4.5 * hour, START + 4.5 * hour, START + 10 * hour]


def test_reading_on_does_not_write_each_time(coordinator, django_assert_num_queries):
    with at(0):
        visit(coordinator)
    with at(0.01), django_assert_num_queries(1):
        visit(coordinator)


def test_new_documents_are_named_until_the_visit_ends(coordinator, add_text):
    client = client_of(coordinator)
    with at(0):
        add_text("Längst da", "alt")
        first = text_of(client.get("/archiv/"))
    with at(30):
        for number in (1, 2):
            add_text(f"Protokoll {number}", f"neu {number}", level=Level.COORDINATION)
        add_text("Nur für wenige", "neu 3", level=Level.STEERING_GROUP)
    # A session ends after two weeks.
    client = client_of(coordinator)
    with at(48):
        second, again = text_of(client.get("/archiv/")), text_of(client.get("/archiv/"))
    client = client_of(coordinator)
    with at(72):
        third, asked = text_of(client.get("/archiv/")), text_of(client.get("/archiv/?neu=1"))

    assert "seit dem" not in first
    assert "2 neue Dokumente seit dem 12. März 2026" in second
    assert "2 neue Dokumente seit dem 12. März 2026" in again
    assert "Nur für wenige" not in second
    assert "neue Dokumente seit" not in third
    assert "Seit dem 14. März 2026 ist nichts Neues dazugekommen." in asked


def test_all_are_listed_when_asked_for(coordinator, add_text):
    ArchiveVisit.objects.create(
        user=coordinator, seen_at=timezone.now(), new_since=timezone.now() - datetime.timedelta(days=9)
    )
    for number in range(7):
        add_text(f"Dokument {number}", f"Text {number}")
    client = client_of(coordinator)

    short = client.get("/archiv/").content.decode().partition('id="neu"')[2].partition("</section>")[0]
    full = client.get("/archiv/?neu=1").content.decode().partition('id="neu"')[2].partition("</section>")[0]

    assert short.count("<li>") == 5
    assert "Alle 7 neuen Dokumente zeigen" in short
    assert full.count("<li>") == 7


def test_new_version_and_ended_embargo_are_new(coordinator, add_text):
    long_ago = timezone.now() - datetime.timedelta(days=300)
    ArchiveVisit.objects.create(
        user=coordinator, seen_at=timezone.now(), new_since=timezone.now() - datetime.timedelta(days=9)
    )
    for title in ("Bleibt", "Neue Fassung", "War gesperrt"):
        add_text(title, title)
    DocumentVersion.objects.update(uploaded_at=long_ago)
    DocumentVersion.objects.filter(document__title="Neue Fassung").update(uploaded_at=timezone.now())
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Document.objects.filter(title="War gesperrt").update(embargo_until=yesterday)

    box = client_of(coordinator).get("/archiv/").content.decode().partition('id="neu"')[2].partition("</section>")[0]

    assert "2 neue Dokumente" in box
    assert "Bleibt" not in box


def test_what_is_opened_to_more_people_is_new_to_them(coordinator, users, add_text, client):
    ArchiveVisit.objects.create(
        user=coordinator, seen_at=timezone.now(), new_since=timezone.now() - datetime.timedelta(days=9)
    )
    document = add_text("War intern", "Inhalt", level=Level.STEERING_GROUP)
    add_text("Neuer", "Anderes")
    DocumentVersion.objects.update(uploaded_at=timezone.now() - datetime.timedelta(days=300))
    editor = client_of(users["admin"])

    def set_level(level):
        editor.post(f"/admin/documents/edit/{document.pk}/", edit_data(document, level=level.value))
        return client_of(coordinator).get("/archiv/").text.partition('id="neu"')[2].partition("</section>")[0]

    opened, closed = set_level(Level.COORDINATION), set_level(Level.EDITORS)
    made_public = set_level(Level.PUBLIC)

    assert "War intern" in opened
    assert "Neuer" not in opened
    assert "War intern" not in closed
    assert "War intern" in made_public
    # It is the latest for the public, too.
    assert client.get("/archiv/feed/").text.index("War intern") < client.get("/archiv/feed/").text.index("Neuer")


def test_question_is_answered_without_news(coordinator, add_text):
    ArchiveVisit.objects.create(
        user=coordinator, seen_at=timezone.now(), new_since=timezone.now() - datetime.timedelta(days=9)
    )
    add_text("Neu", "Stammtisch")

    assert "seit dem" not in text_of(client_of(coordinator).get("/archiv/?q=Stammtisch"))


@pytest.mark.parametrize("role", ["anonymous", ""])
def test_nobody_else_leaves_a_trace(users, client, add_text, role):
    add_text("Neu", "neu")
    if role != "anonymous":
        client.force_login(users[role])

    for query in ("", "?neu=1"):
        assert "seit dem" not in text_of(client.get(f"/archiv/{query}"))
    assert not ArchiveVisit.objects.exists()
