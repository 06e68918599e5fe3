"""What nginx keeps with `cache.conf` and `pages.conf`: pages for visitors, for a moment, and nothing else."""

from __future__ import annotations

import time
from http.cookies import SimpleCookie

import pytest
from django.conf import settings as site_settings
from django.core.files.base import ContentFile

from archive.access import Level
from archive.intake import take_in
from archive.models import Document
from cms import caching
from home.models import ContentPage
from home.roles import Role
from tests.accounts_content import cookie_of, member
from tests.basic_content import change

pytestmark = [pytest.mark.django_db, pytest.mark.nginx]

SESSION = site_settings.SESSION_COOKIE_NAME


@pytest.fixture
def _kept_for_a_second(monkeypatch):
    monkeypatch.setattr(caching, "PUBLIC", "public, max-age=0, s-maxage=1")


def wait_until_it_expires() -> None:
    # nginx counts whole seconds.
    time.sleep(2.1)


def test_a_page_is_made_once_for_many_visitors(web, page):
    first = web.get("nginx", "/projekt/")
    second = web.get("nginx", "/projekt/", Accept_Language="en")
    head = web.get("nginx", "/projekt/", method="HEAD")

    assert web.asked == ["/projekt/"]
    assert first.body == second.body != b""
    assert first.headers["content-security-policy"] == second.headers["content-security-policy"]
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", first.headers["content-length"])


def test_a_login_gets_its_own_page_and_leaves_none(web, page):
    cookie = cookie_of(member(Role.EDITOR))

    with_login = web.get("nginx", "/projekt/", Cookie=cookie)
    visitor = web.get("nginx", "/projekt/")
    again = web.get("nginx", "/projekt/", Cookie=f"other=1; {cookie}")

    assert len(web.asked) == 3
    assert with_login.headers["cache-control"] == again.headers["cache-control"] == "private, no-store"
    assert b"/admin/pages/" in with_login.body
    assert b"/admin/pages/" not in visitor.body


@pytest.mark.parametrize(
    "cookie", [f"{SESSION}=wrong", f"a=b;{SESSION}=wrong", "__Host-session=wrong", f" {SESSION} = wrong", "SESSION=1"]
)
def test_whoever_only_had_a_login_is_asked_for_anew(web, page, cookie):
    web.get("nginx", "/projekt/")
    web.get("nginx", "/projekt/", Cookie=cookie)

    assert len(web.asked) == 2


def test_a_change_is_seen_when_its_time_is_over(web, page, _kept_for_a_second):
    web.get("nginx", "/projekt/")
    change(page)

    at_once = web.get("nginx", "/projekt/", Cookie=cookie_of(member(Role.EDITOR)))
    wait_until_it_expires()
    later = web.get("nginx", "/projekt/")

    assert b"Nachher" in at_once.body
    assert b"Nachher" in later.body
    assert b"Vorher" not in later.body


def test_while_one_gets_the_new_page_the_others_get_the_one_before(web, page, _kept_for_a_second):
    web.get("nginx", "/projekt/")
    change(page)
    wait_until_it_expires()

    waiting = web.begin("nginx", "/projekt/")
    time.sleep(0.2)
    other = web.begin("nginx", "/projekt/").result(timeout=5)

    assert b"Vorher" in other.body
    assert b"Nachher" in web.finish(waiting).body


def test_many_who_come_at_once_have_a_page_made_once(web, page):
    waiting = [web.begin("nginx", "/projekt/") for _visitor in range(4)]

    bodies = {web.finish(asked).body for asked in waiting}

    assert len(bodies) == 1
    assert web.asked == ["/projekt/"]


def test_a_site_that_is_down_shows_what_it_knew_but_nothing_private(web, page, _kept_for_a_second):
    web.get("nginx", "/projekt/")
    web.get("nginx", "/konto/login/")
    wait_until_it_expires()

    web.end_application()
    known = web.begin("nginx", "/projekt/").result(timeout=10)
    unknown = web.begin("nginx", "/termine/").result(timeout=10)
    private = web.begin("nginx", "/konto/login/").result(timeout=10)

    assert (known.status, unknown.status, private.status) == (200, 503, 503)
    assert b"Vorher" in known.body


def test_a_broken_page_is_seen_and_not_covered_up(web, page, _kept_for_a_second, monkeypatch):
    web.get("nginx", "/projekt/")
    wait_until_it_expires()
    monkeypatch.setattr(ContentPage, "template", "missing.html")

    assert web.get("nginx", "/projekt/").status == 500


def test_a_cookie_is_never_kept(web, site):
    answers = [web.get("nginx", "/konto/login/") for _time in range(2)]

    cookies = [SimpleCookie(answer.headers["set-cookie"]) for answer in answers]
    assert len({cookie[site_settings.CSRF_COOKIE_NAME].value for cookie in cookies}) == 2
    assert len(web.asked) == 2


@pytest.mark.parametrize(
    "path",
    [
        "/newsletter/anmelden/",
        "/newsletter/abmelden/k3y/",
        "/newsletter/einstellungen/k3y/",
        "/newsletter/bestaetigen/k3y/",
        "/archiv/teilen/k3y/",
        "/konto/einladung/k3y/",
        "/konto/",
        "/%6Bonto/login/",
        "//konto/login/",
        "/archiv/?q=Gehalt",
        "/suche/?seite=2&q=Gehalt",
        "/barrierefreiheit/melden/",
        "/healthz",
    ],
)
def test_private_addresses_and_questions_are_never_kept(web, site, tmp_path, path):
    for _time in range(2):
        web.get("nginx", path)

    assert len(web.asked) == 2
    assert [file for file in (tmp_path / "pages").rglob("*") if file.is_file()] == []


def test_not_even_a_mistake_of_the_application_shares_something_private(web, site, monkeypatch):
    monkeypatch.setattr(caching, "PRIVATE", caching.PUBLIC)
    monkeypatch.setattr(caching, "PRIVATE_PATHS", ())

    for _time in range(2):
        web.get("nginx", "/newsletter/anmelden/")
        web.get("nginx", "/projekt/", Authorization="Basic eDp5")
        web.get("nginx", "/projekt/", Cookie=f"{SESSION}=1")

    assert len(web.asked) == 6


@pytest.mark.parametrize("headers", [{"Host": "localhost"}, {"X_Forwarded_Proto": "https"}])
def test_one_name_of_the_site_does_not_answer_for_another(web, page, headers):
    web.get("nginx", "/projekt/")
    web.get("nginx", "/projekt/", **headers)

    assert len(web.asked) == 2


def test_bytes_of_documents_are_never_kept(web, site, tmp_path, settings):
    taken = take_in(ContentFile(b"Inhalt der Datei"), "a.txt", document=Document(title="A", level=Level.PUBLIC))

    answers = [web.get("nginx", taken.document.url) for _time in range(2)]
    Document.objects.update(level=Level.COORDINATION)
    withdrawn = web.get("nginx", taken.document.url)

    assert [answer.body for answer in answers] == [b"Inhalt der Datei"] * 2
    assert withdrawn.status == 404
    assert [file for file in (tmp_path / "pages").rglob("*") if file.is_file()] == []
