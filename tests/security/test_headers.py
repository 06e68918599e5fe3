"""Security headers and cookies of public pages, the admin and errors."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from django.test import Client

from home.models import ContentPage
from home.roles import Role
from tests.accounts_content import PASSWORD, make_office, member
from tests.contents import made_once
from tests.routes import plain_paths

pytestmark = pytest.mark.django_db


@made_once
def content(site):
    page = site.root_page.add_child(instance=ContentPage(title="Projekt", slug="projekt", lead="Worum es geht"))
    return page, make_office()


@pytest.fixture
def staff(site, client) -> Client:
    client.force_login(member(Role.CHIEF_EDITOR))
    return client


def policy(response) -> dict[str, set[str]]:
    parts = [part.split() for part in response["Content-Security-Policy"].split(";")]
    return {name: set(values) for name, *values in parts}


@pytest.mark.parametrize("path", ["/", "/projekt/", "/gibt-es-nicht/", "/konto/login/", "/suche/?q=Harz"])
def test_public_pages_have_a_strict_policy(content, client, path):
    response = client.get(path)

    rules = policy(response)
    assert rules["default-src"] == {"'none'"}
    assert rules["script-src"] == rules["style-src"] == rules["form-action"] == {"'self'"}
    assert rules["base-uri"] == {"'none'"}
    assert rules["frame-ancestors"] == {"'none'"}
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


@pytest.mark.parametrize("path", ["/", "/projekt/", "/gibt-es-nicht/", "/konto/login/", "/konto/login/code/"])
def test_pages_hold_no_inline_code_and_load_nothing_from_elsewhere(content, client, path):
    html = client.get(path).content.decode()

    scripts = re.findall(r"<script\b([^>]*)>", html)
    data = ('type="application/json"', 'type="application/ld+json"')
    assert all("src=" in script or any(kind in script for kind in data) for script in scripts)
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=", html)
    assert not re.search(r'<(?:script|img|link rel="stylesheet")[^>]+(?:src|href)="(?:https?:)?//', html)


def test_admin_has_a_policy_of_its_own(staff):
    rules = policy(staff.get("/admin/"))

    assert "'unsafe-inline'" in rules["script-src"]
    assert rules["default-src"] == {"'none'"}
    assert rules["frame-src"] == rules["frame-ancestors"] == {"'self'"}


def test_preview_may_be_shown_in_a_frame_of_the_admin(content, staff):
    page, _office = content
    address = f"/admin/pages/{page.pk}/edit/preview/"
    assert staff.post(address, {"title": "Projekt", "slug": "projekt", "body-count": "0", "comments-TOTAL_FORMS": "0",
                                "comments-INITIAL_FORMS": "0"}).json()["is_valid"]  # fmt: skip

    response = staff.get(address)

    assert response.status_code == 200
    assert policy(response)["frame-ancestors"] == {"'self'"}
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_visitors_get_no_cookie(content, client):
    page, office = content
    routes = {path for path in plain_paths() if not path.startswith(("/admin/", "/konto/"))}
    routes |= {
        page.url,
        office.get_absolute_url(),
        "/gibt-es-nicht/",
        "/aktuelles/",
        "/archiv/?q=Harz",
        "/suche/?q=Harz",
    }
    assert {"/robots.txt", "/sitemap.xml", "/termine/", "/archiv/", "/koordinierungsstellen/"} <= routes

    with_cookie = {route for route in routes if Client().get(route).cookies}

    assert with_cookie == set()


def test_login_and_logout_set_no_other_cookies(site, client):
    person = member()
    names = set(client.get("/konto/login/").cookies)

    names |= set(client.post("/konto/login/", {"login": person.email, "password": PASSWORD}).cookies)
    names |= set(client.get("/konto/").cookies) | set(client.post("/konto/logout/").cookies)
    said = client.get("/").content.decode()

    assert names == {"csrf", "session"}
    assert client.cookies["csrf"]["httponly"] and client.cookies["session"]["httponly"]
    assert "Sie haben sich abgemeldet." in said


def test_pages_of_visitors_do_not_vary_by_cookie_without_reason(content, client):
    assert "Cookie" not in client.get("/robots.txt").get("Vary", "")


def test_https_sites_use_host_cookies_and_strict_transport():
    """Settings are read once a process, so a process of its own looks at them."""
    source = (
        "import django; django.setup(); from django.conf import settings as s;"
        "from django.test import Client; from django.core.checks import run_checks;"
        "r = Client(headers={'host': 'www.example.org'}).get('/robots.txt', secure=True);"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_PATH, s.SESSION_COOKIE_DOMAIN, s.CSRF_COOKIE_DOMAIN, sep='|');"
        "print(r['Strict-Transport-Security'])"
    )
    environment = os.environ | {
        "BASE_URL": "https://www.example.org",
        "ALLOWED_HOSTS": "www.example.org",
        "DEBUG": "0",
        "DJANGO_SETTINGS_MODULE": "cms.settings",
    }

    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", source], env=environment, capture_output=True, text=True, check=True
    )

    cookies, transport = answer.stdout.splitlines()[-2:]
    assert cookies == "__Host-session|__Host-csrf|True|True|True|/|None|None"
    assert transport == "max-age=63072000; includeSubDomains; preload"
