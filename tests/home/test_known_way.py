"""The way from an address to its page is known for some seconds; the page itself is asked for every time."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from home.models import ContentPage
from home.roles import Role
from tests.accounts_content import client_of, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_frame")]


@pytest.fixture
def page(site):
    above = site.root_page.add_child(instance=ContentPage(title="Projekt", slug="projekt"))
    return above.add_child(instance=ContentPage(title="Stand", slug="stand", lead="Vorher"))


def queries(client, path):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_a_known_page_takes_one_query_less(page, client):
    client.get("/")
    client.get("/projekt/")

    first = queries(client, "/projekt/stand/")

    assert queries(client, "/projekt/stand/") < first


def test_a_known_page_shows_what_was_changed_and_leads_to_the_pages_above(page, client):
    client.get("/projekt/stand/")
    page.lead = "Nachher"
    page.save()

    shown = client.get("/projekt/stand/").content.decode()

    assert "Nachher" in shown
    assert 'href="/projekt/"' in shown


@pytest.mark.parametrize("gone", [lambda page: page.unpublish(), lambda page: page.delete()])
def test_a_known_page_that_is_gone_is_gone_at_once(page, client, gone):
    assert client.get("/projekt/stand/").status_code == 200

    gone(page)

    assert client.get("/projekt/stand/").status_code == 404


def test_a_page_that_is_closed_is_closed_within_seconds_and_with_a_login_at_once(page, client):
    subscriber = client_of(member(Role.COORDINATOR))
    with time_machine.travel("2026-11-28T12:00:00+01:00", tick=False) as time:
        client.get("/projekt/stand/")
        PageViewRestriction.objects.create(page=page, restriction_type="groups")

        with_login = subscriber.get("/projekt/stand/").status_code
        time.shift(datetime.timedelta(seconds=6))
        later = client.get("/projekt/stand/").status_code

    assert with_login != 200
    assert later == 302


def test_a_new_page_is_found_at_once_where_none_was(site, client):
    assert client.get("/neu/").status_code == 404

    site.root_page.add_child(instance=ContentPage(title="Neu", slug="neu"))

    assert client.get("/neu/").status_code == 200


def test_addresses_without_a_page_are_not_kept(site, client):
    client.get("/")
    known = len(caches["template_fragments"]._cache)

    for number in range(3):
        client.get(f"/gibt-es-nicht-{number}/")

    assert len(caches["template_fragments"]._cache) == known
