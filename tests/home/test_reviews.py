"""Pages without review for a year: the report, and the button that says that a page still holds."""

from __future__ import annotations

import csv
import datetime
import io
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page, PageLogEntry

from home.models import ContentPage, PageReview
from home.roles import Role
from home.upkeep.reviewing import pages_due, review
from tests.accounts_content import member

DAY = datetime.timedelta(days=1)
REPORT = "home_pages_due"


def publish(site, title: str, *, days_ago: int, user=None) -> ContentPage:
    with time_machine.travel(timezone.now() - days_ago * DAY):
        page = site.root_page.add_child(instance=ContentPage(title=title, slug=title.lower()))
        page.save_revision(user=user).publish(user=user)
    return page


@pytest.fixture
def editor(site, client):
    user = member(Role.CHIEF_EDITOR)
    client.force_login(user)
    return user


def test_page_is_due_a_year_after_its_last_change(site):
    publish(site, "Alt", days_ago=366)
    publish(site, "Jung", days_ago=364)

    titles = [page.title for page in pages_due()]

    assert titles == ["Alt"]


def test_review_counts_for_a_year(site, editor):
    page = publish(site, "Alt", days_ago=800)
    with time_machine.travel(timezone.now() - 365 * DAY):
        review(page, editor)

    assert not pages_due().exists()

    with time_machine.travel(timezone.now() + DAY):
        assert pages_due().get().pk == page.pk


def test_drafts_and_aliases_are_not_due(site):
    publish(site, "Entwurf", days_ago=800).unpublish()
    publish(site, "Alt", days_ago=800).create_alias(update_slug="zweitname")

    Page.objects.update(last_published_at=timezone.now() - 800 * DAY)

    assert [page.slug for page in pages_due().filter(depth__gt=2)] == ["alt"]


def test_pages_due_is_silent_about_pages_that_were_never_published(site):
    assert site.root_page.last_published_at is None

    assert not pages_due().exists()


def test_report_names_type_publisher_and_date(site, client, editor):
    publish(site, "Alt", days_ago=800, user=editor)

    html = client.get(reverse(REPORT)).content.decode()

    assert "Alt" in html
    assert "Inhaltsseite" in html
    assert "Erika Beispiel" in html
    assert "Geprüft, stimmt noch" in html


def test_empty_report_says_what_it_is_for(site, client, editor):
    html = client.get(reverse("home_pages_due")).content.decode()

    assert "älter als ein Jahr" in html
    assert "Keine Seite ist an der Reihe." in html


def test_report_is_filtered_by_type_and_refreshed_in_parts(site, client, editor):
    publish(site, "Alt", days_ago=800)
    own_type = ContentPage.objects.get(slug="alt").content_type_id

    matching = client.get(reverse(REPORT + "_results"), {"content_type": own_type}).content.decode()
    other = client.get(reverse(REPORT + "_results"), {"content_type": site.root_page.content_type_id}).content.decode()

    assert "<html" not in matching
    assert "Alt" in matching
    assert "stimmt noch" not in other


def test_report_is_exported(site, client, editor):
    page = publish(site, "Alt", days_ago=800, user=editor)
    with time_machine.travel(timezone.now() - 500 * DAY):
        review(page, editor)

    response = client.get(reverse(REPORT), {"export": "csv"})
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode())))
    workbook = client.get(reverse(REPORT), {"export": "xlsx"})

    assert [(row["Titel"], row["Seitentyp"], row["Zuletzt veröffentlicht von"]) for row in rows] == [
        ("Alt", "Inhaltsseite", "Erika Beispiel")
    ]
    assert rows[0]["Zuletzt geprüft am"] == str(timezone.localdate() - 500 * DAY)
    assert workbook.getvalue().startswith(b"PK")


def test_report_takes_the_same_queries_for_more_pages(site, client, editor):
    publish(site, "Alt", days_ago=800, user=editor)
    client.get(reverse(REPORT))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse(REPORT))
    for number in range(10):
        publish(site, f"Seite{number}", days_ago=700, user=member(Role.CHIEF_EDITOR, email=f"{number}@example.org"))

    with CaptureQueriesContext(connection) as many:
        client.get(reverse(REPORT))

    assert len(many) == len(few)


def test_report_leaves_out_pages_that_the_person_may_not_change(site, client):
    mine, others = publish(site, "Mein", days_ago=800), publish(site, "Fremd", days_ago=800)
    user = member(Role.EDITOR)
    GroupPagePermission.objects.filter(group__name=Role.EDITOR).update(page=mine)
    client.force_login(user)

    html = client.get(reverse(REPORT)).content.decode()
    refused = client.post(reverse("home_review_page", args=[others.pk]))

    assert reverse("home_review_page", args=[mine.pk]) in html
    assert "Fremd" not in html
    assert refused.status_code == 302
    assert not PageReview.objects.exists()


def test_report_is_closed_to_coordinators(site, client):
    client.force_login(member(Role.COORDINATOR))

    assert client.get(reverse(REPORT)).status_code == 403


def test_button_takes_a_page_off_the_report(site, client, editor):
    page = publish(site, "Alt", days_ago=800)

    response = client.post(reverse("home_review_page", args=[page.pk]), {"next": reverse(REPORT)}, follow=True)

    assert response.redirect_chain == [(reverse(REPORT), 302)]
    assert PageReview.objects.get(page=page).reviewed_by == editor
    assert not pages_due().exists()
    assert PageLogEntry.objects.get(action="home.review").user == editor
    assert "stimmt noch" in client.get(reverse("wagtailadmin_pages:history", args=[page.pk])).content.decode()


def test_button_of_the_report_carries_a_token(site, editor):
    page = publish(site, "Alt", days_ago=800)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)

    html = strict.get(reverse(REPORT)).content.decode()
    form = html[html.index(f'action="{reverse("home_review_page", args=[page.pk])}"') :]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
    strict.post(reverse("home_review_page", args=[page.pk]), {"csrfmiddlewaretoken": token})

    assert PageReview.objects.filter(page=page).exists()


def test_asking_for_the_review_changes_nothing(site, client, editor):
    page = publish(site, "Alt", days_ago=800)

    html = client.get(reverse("home_review_page", args=[page.pk])).content.decode()

    assert "noch nie" in html
    assert not PageReview.objects.exists()


def test_review_leads_nowhere_else(site, client, editor):
    page = publish(site, "Alt", days_ago=800)

    response = client.post(reverse("home_review_page", args=[page.pk]), {"next": "https://example.com/"})

    assert response["Location"] == reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_second_review_replaces_the_first(site, editor):
    page = publish(site, "Alt", days_ago=800)
    with time_machine.travel(timezone.now() - 10 * DAY):
        review(page, editor)

    review(page, editor)

    assert PageReview.objects.get().reviewed_on == timezone.localdate()


def test_page_editor_offers_the_review_of_live_pages_only(site, client, editor):
    page = publish(site, "Alt", days_ago=800)
    address = reverse("home_review_page", args=[page.pk])

    assert address in client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()

    page.unpublish()

    assert address not in client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()


def test_first_page_tells_how_many_pages_wait(site, client, editor):
    assert "ohne Prüfung" not in panels(client)

    publish(site, "Alt", days_ago=800)
    assert "1 Seite ohne Prüfung" in panels(client)

    publish(site, "Älter", days_ago=900)
    assert "2 Seiten ohne Prüfung" in panels(client)


def panels(client) -> str:
    """The first page of the admin without its menu, which names the report."""
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    return html.partition('id="hilfe')[2] or ""
