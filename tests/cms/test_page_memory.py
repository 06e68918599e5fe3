"""Pages in the memory of a process: the same for every visitor, for seconds, and nothing of anybody with a login."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.test import Client

from archive.access import Level
from archive.intake import take_in
from archive.models import Document
from home.models import ContentPage
from home.roles import Role
from tests.accounts_content import client_of, member
from tests.contents import made_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _remembering(settings):
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"}
    settings.CACHES = settings.CACHES | {"pages": memory}
    yield
    caches["pages"].clear()


@made_once
def page(site):
    return site.root_page.add_child(instance=ContentPage(title="Projekt", slug="projekt", lead="Vorher"))


def change(page):
    page.lead = "Nachher"
    page.save_revision().publish()


def test_a_page_is_made_once_and_stays_the_same_with_all_its_headers(page, client, django_assert_num_queries):
    first = client.get("/projekt/")

    with django_assert_num_queries(0):
        second = Client().get("/projekt/")

    assert second.content == first.content
    assert dict(second.items()) == dict(first.items())
    assert "Content-Security-Policy" in second.headers


def test_a_change_is_seen_after_seconds_and_with_a_login_at_once(page, client):
    with time_machine.travel("2026-11-28T12:00:00+01:00", tick=False) as time:
        client.get("/projekt/")
        change(page)

        still = client.get("/projekt/").content.decode()
        with_login = client_of(member(Role.COORDINATOR)).get("/projekt/").content.decode()
        time.shift(datetime.timedelta(seconds=6))
        later = client.get("/projekt/").content.decode()

    assert "Vorher" in still
    assert "Nachher" in with_login
    assert "Nachher" in later


def test_what_somebody_with_a_login_sees_is_not_kept(page):
    editor = client_of(member(Role.EDITOR))
    editor.get("/projekt/")

    assert "/admin/pages/" not in Client().get("/projekt/").content.decode()
    assert "/admin/pages/" in editor.get("/projekt/").content.decode()


@pytest.mark.parametrize(
    ("path", "options"),
    [
        ("/projekt/", {"headers": {"cookie": "other=1"}}),
        ("/projekt/", {"headers": {"authorization": "Basic eDp5"}}),
        ("/projekt/?a=1", {}),
        ("/projekt/", {"headers": {"host": "localhost"}}),
        ("/projekt/", {"secure": True}),
        ("/Projekt/", {}),
    ],
)
def test_another_request_gets_an_answer_of_its_own(page, client, path, options):
    client.get("/projekt/")
    change(page)

    assert "Vorher" not in client.get(path, **options).content.decode()


def test_forms_errors_and_bytes_of_documents_are_not_kept(site, client):
    taken = take_in(ContentFile(b"Inhalt"), "a.txt", document=Document(title="A", level=Level.PUBLIC))
    for path in ("/newsletter/anmelden/", "/konto/login/", "/gibt-es-nicht/", taken.document.url, "/healthz"):
        # Read as a server reads it: "close" would end the request, and with it the connection of this test.
        b"".join(Client().get(path))

    assert len(caches["pages"]._cache) == 0


def test_only_get_is_answered_from_memory(page, client):
    client.get("/projekt/")
    change(page)

    assert "Nachher" in client.post("/projekt/").content.decode()
    assert "Vorher" in client.get("/projekt/").content.decode()
