"""The report about links to other websites, and asking for a check in it."""

from __future__ import annotations

import csv
import datetime
import io

from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from home.models import ExternalLink
from home.roles import Role
from home.upkeep.collecting import collect
from tests.accounts_content import make_office
from tests.home.linking import page_with, the_link
from tests.queues import waiting

State = ExternalLink.State
DAY = datetime.timedelta(days=1)
REPORT = "home_links"


def test_report_puts_failing_links_first_and_names_pages_and_reason(site, client, editor):
    page = page_with(site, "https://example.org/a", "https://example.org/z", "https://example.org/m")
    collect()
    yesterday = timezone.now() - DAY
    ExternalLink.objects.filter(url__endswith="/z").update(state=State.FAILING, failing_since=yesterday, reason="Weg")
    ExternalLink.objects.filter(url__endswith="/m").update(state=State.WORKING, failing_since=yesterday)

    html = client.get(reverse(REPORT)).content.decode()

    positions = [html.index(f'"https://example.org/{name}"') for name in "zma"]
    assert positions == sorted(positions)
    assert "nicht erreichbar" in html
    assert "Weg" in html
    assert "wird noch einmal geprüft" in html
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in html


def test_report_says_when_the_last_check_was(site, client, editor):
    before = client.get(reverse(REPORT)).content.decode()
    checked = datetime.datetime(2025, 3, 4, 2, 20, tzinfo=datetime.UTC)
    ExternalLink.objects.create(url="https://example.org/", checked_at=checked)

    after = client.get(reverse(REPORT)).content.decode()

    assert "Noch nicht geprüft. Die nächste Prüfung läuft nachts." in before
    assert "Bisher ist kein Link" in before
    assert "Zuletzt geprüft am 04.03.2025, 03:20 Uhr." in after


def test_report_names_the_office_whose_website_fails(site, client, editor):
    make_office(website="https://harz.example.org/")
    collect()

    html = client.get(reverse(REPORT)).content.decode()

    assert ">Harz</a>" in html


def test_report_is_filtered_searched_and_exported(site, client, editor):
    page_with(site, "https://example.org/a", "https://example.com/b")
    collect()
    ExternalLink.objects.filter(url__endswith="/a").update(state=State.FAILING, failing_since=timezone.now())

    failing = client.get(reverse(REPORT + "_results"), {"state": "failing"}).content.decode()
    searched = client.get(reverse(REPORT + "_results"), {"q": "example.com"}).content.decode()
    export = client.get(reverse(REPORT), {"export": "csv", "state": "failing"})
    rows = list(csv.DictReader(io.StringIO(export.getvalue().decode())))

    assert "example.org/a" in failing
    assert "example.com/b" not in failing
    assert "example.com/b" in searched
    assert "example.org/a" not in searched
    assert [(row["Adresse"], row["Stand"], row["Steht auf"]) for row in rows] == [
        ("https://example.org/a", "nicht erreichbar", "Links")
    ]


def test_report_takes_the_same_queries_for_more_links(site, client, editor):
    page_with(site, "https://example.org/0")
    make_office(website="https://harz.example.org/")
    collect()
    client.get(reverse(REPORT))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse(REPORT))
    for number in range(8):
        page_with(site, f"https://example.org/{number}", f"https://example.com/{number}", slug=f"seite-{number}")
    collect()

    with CaptureQueriesContext(connection) as many:
        client.get(reverse(REPORT))

    assert len(many) == len(few)


def test_check_now_asks_a_worker_once_a_minute(site, client, editor, broker):
    page_with(site, "https://example.org/a")
    collect()
    address = reverse("home_check_link", args=[the_link().pk])

    first = client.post(address, follow=True).content.decode()
    second = client.post(address, follow=True).content.decode()

    assert "wird geprüft" in first
    assert "gerade erst geprüft" in second
    assert waiting(broker) == 1


def test_check_now_says_when_nobody_works(site, client, editor):
    page_with(site, "https://example.org/a")
    collect()

    html = client.post(reverse("home_check_link", args=[the_link().pk]), follow=True).content.decode()

    assert "Das geht gerade nicht" in html


def test_report_offers_to_check_new_links(site, client, editor, broker):
    page_with(site, "https://example.org/a").save_revision().publish()
    address = reverse("home_check_new_links")
    before = client.get(reverse(REPORT)).content.decode()

    first = client.post(address, follow=True).content.decode()
    second = client.post(address, follow=True).content.decode()
    ExternalLink.objects.update(checked_at=timezone.now())
    after = client.get(reverse(REPORT)).content.decode()

    assert f'action="{address}"' in before
    assert "Die neuen Links werden geprüft." in first
    assert "Die neuen Links werden gerade geprüft." in second
    assert f'action="{address}"' not in after
    assert waiting(broker) == 1


def test_check_of_new_links_is_closed_to_others(site, client, editor):
    assert client.get(reverse("home_check_new_links")).status_code == 405

    editor.groups.set(Group.objects.filter(name=Role.COORDINATOR))
    assert client.post(reverse("home_check_new_links")).status_code == 403


def test_check_now_is_no_link_and_closed_to_others(site, client, editor):
    page_with(site, "https://example.org/a")
    collect()
    address = reverse("home_check_link", args=[the_link().pk])

    assert client.get(address).status_code == 405

    editor.groups.set(Group.objects.filter(name=Role.COORDINATOR))
    assert client.post(address).status_code == 403
    assert client.get(reverse(REPORT)).status_code == 403


def test_first_page_tells_how_many_links_fail(site, client, editor):
    page_with(site, "https://example.org/a", "https://example.org/b", "https://example.org/c")
    collect()
    ExternalLink.objects.filter(url__endswith="/a").update(failing_since=timezone.now())
    quiet = client.get(reverse("wagtailadmin_home")).content.decode()
    ExternalLink.objects.exclude(url__endswith="/a").update(state=State.FAILING, failing_since=timezone.now())

    html = client.get(reverse("wagtailadmin_home")).content.decode()

    assert "ins Leere" not in quiet
    assert "2 Links führen ins Leere" in html
    assert f"{reverse(REPORT)}?state=failing" in html
