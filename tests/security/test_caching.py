"""Pages for visitors may be kept for a moment by the proxy; private ones by nobody."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from wagtail.models import PageViewRestriction

from home.models import ContentPage

pytestmark = pytest.mark.django_db

PUBLIC = [
    "/",
    "/projekt/",
    "/termine/",
    "/termine/kalender.ics",
    "/koordinierungsstellen/",
    "/archiv/",
    "/archiv/?q=Harz",
    "/suche/?q=Harz",
    "/gibt-es-nicht/",
    "/robots.txt",
    "/sitemap.xml",
]


def kept(response):
    return {part.strip() for part in response["Cache-Control"].split(",")}


@pytest.mark.parametrize("path", PUBLIC)
def test_proxy_keeps_public_pages_for_ten_seconds(page, path):
    response = Client().get(path)

    assert kept(response) == {"public", "max-age=0", "s-maxage=10"}
    assert not response.cookies


@pytest.mark.parametrize("path", [*PUBLIC, "/konto/"])
def test_nobody_keeps_a_page_of_somebody_with_login(page, client, path):
    client.force_login(get_user_model().objects.create_user("da@example.org"))

    assert {"private", "no-store"} <= kept(client.get(path))


@pytest.mark.parametrize("path", ["/konto/login/", "/admin/", "/newsletter/anmelden/"])
def test_nobody_keeps_forms_and_the_admin(page, path):
    assert {"private", "no-store"} <= kept(Client().get(path))


def test_nobody_keeps_a_private_page_or_the_way_to_its_login(page, client):
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    below = page.add_child(instance=ContentPage(title="Darunter", slug="darunter"))

    refused = client.get(below.get_url())
    client.force_login(get_user_model().objects.create_user("da@example.org"))
    shown = client.get(below.get_url())

    assert (refused.status_code, shown.status_code) == (302, 200)
    assert "no-store" in kept(refused) and "private" in kept(refused)
    assert "no-store" in kept(shown) and "private" in kept(shown)


def test_answers_to_forms_are_kept_by_nobody(page):
    assert "no-store" in kept(Client().post("/newsletter/anmelden/", {}))
