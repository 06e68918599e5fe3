"""Pages in the memory of a process: the same for every visitor, for seconds, and nothing of anybody with a login."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError
from werkzeug.test import Client

from archive.access import Level
from archive.intake import take_in
from archive.models import Document, DownloadCount
from archive.usage import counting
from cms.page_memory import PageMemory
from home.models import ContentPage
from home.roles import Role
from tests.accounts_content import cookie_of, member
from tests.basic_content import change
from tests.proxy import one_connection

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _remembering(settings):
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"}
    settings.CACHES = settings.CACHES | {"pages": memory}
    yield
    caches["pages"].clear()


@pytest.fixture(scope="module")
def application():
    """What `cms.wsgi` gives to a server."""
    return PageMemory(get_wsgi_application())


@pytest.fixture
def visitor(application):
    """Somebody who keeps no cookies, and speaks to the site as a server does."""
    with one_connection():
        yield Client(application, use_cookies=False)


def test_a_page_is_made_once_and_stays_the_same_with_all_its_headers(page, visitor, django_assert_num_queries):
    first = visitor.get("/projekt/")

    with django_assert_num_queries(0):
        second = visitor.get("/projekt/")

    assert second.status == first.status == "200 OK"
    assert second.data == first.data
    assert list(second.headers) == list(first.headers)
    assert "Content-Security-Policy" in second.headers


def test_a_change_is_seen_after_seconds_and_with_a_login_at_once(page, visitor):
    coordinator = {"Cookie": cookie_of(member(Role.COORDINATOR))}
    with time_machine.travel("2026-11-28T12:00:00+01:00", tick=False) as time:
        visitor.get("/projekt/")
        change(page)

        still = visitor.get("/projekt/").text
        with_login = visitor.get("/projekt/", headers=coordinator).text
        time.shift(datetime.timedelta(seconds=6))
        later = visitor.get("/projekt/").text

    assert "Vorher" in still
    assert "Nachher" in with_login
    assert "Nachher" in later


def test_what_somebody_with_a_login_sees_is_not_kept(page, visitor):
    editor = {"Cookie": cookie_of(member(Role.EDITOR))}
    visitor.get("/projekt/", headers=editor)

    assert "/admin/pages/" not in visitor.get("/projekt/").text
    assert "/admin/pages/" in visitor.get("/projekt/", headers=editor).text


@pytest.mark.parametrize(
    ("path", "options"),
    [
        ("/projekt/", {"headers": {"Cookie": "other=1"}}),
        ("/projekt/", {"headers": {"Authorization": "Basic eDp5"}}),
        ("/projekt/?a=1", {}),
        ("/projekt/", {"headers": {"Host": "testserver"}}),
        ("/projekt/", {"base_url": "https://localhost"}),
        ("/projekt/", {"headers": {"X-Forwarded-Proto": "https"}}),
        ("/Projekt/", {}),
    ],
)
def test_another_request_gets_an_answer_of_its_own(page, visitor, path, options):
    visitor.get("/projekt/")
    change(page)

    assert "Vorher" not in visitor.get(path, **options).text


def test_a_path_with_line_breaks_is_not_taken_for_another_address(visitor, site):
    # "a=1" is the query of the one, and stands in the path of the other.
    site.root_page.add_child(instance=ContentPage(title="Projekt", slug="projekt"))
    assert visitor.get("/projekt/?a=1").status_code == 200

    assert visitor.get("/projekt/%0Aa=1").status_code == 404
    assert visitor.get("/%0A/projekt/").status_code == 404


def test_forms_errors_and_bytes_of_documents_are_not_kept(visitor, site):
    taken = take_in(ContentFile(b"Inhalt"), "a.txt", document=Document(title="A", level=Level.PUBLIC))
    for path in ("/newsletter/anmelden/", "/konto/login/", "/gibt-es-nicht/", taken.document.url, "/healthz"):
        visitor.get(path, buffered=True)

    assert len(caches["pages"]._cache) == 0


@pytest.fixture
def download(site, settings):
    """The address of a public file that the proxy sends."""
    settings.ACCEL_PREFIX = "/_archiv/"
    return take_in(ContentFile(b"Inhalt"), "a.txt", document=Document(title="A", level=Level.PUBLIC)).document


def downloads():
    return sum(DownloadCount.objects.values_list("count", flat=True))


def test_a_repeated_download_asks_nothing_and_is_counted(download, visitor, django_assert_num_queries):
    first = visitor.get(download.url)

    with django_assert_num_queries(1):
        second = visitor.get(download.url)

    assert second.status == first.status == "200 OK"
    assert list(second.headers) == list(first.headers)
    assert second.headers["X-Accel-Redirect"].startswith("/_archiv/")
    assert downloads() == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"Sec-Purpose": "prefetch"},
        {"Range": "bytes=3-"},
        {"If-None-Match": "*"},
    ],
)
def test_no_reader_is_counted_for_what_is_no_download(download, visitor, headers):
    visitor.get(download.url)

    alone = visitor.get(download.url, headers=headers)

    assert alone.status_code == (304 if "If-None-Match" in headers else 200)
    assert downloads() == 1


def test_a_download_of_somebody_with_a_login_is_not_repeated(visitor, settings, site):
    settings.ACCEL_PREFIX = "/_archiv/"
    internal = Document(title="A", level=Level.COORDINATION)
    internal = take_in(ContentFile(b"Inhalt"), "a.txt", document=internal).document
    coordinator = {"Cookie": cookie_of(member(Role.COORDINATOR))}

    assert visitor.get(internal.url, headers=coordinator).status_code == 200
    assert visitor.get(internal.url).status_code == 404


def test_what_is_public_no_longer_is_refused_after_seconds(download, visitor):
    with time_machine.travel("2026-11-28T12:00:00+01:00", tick=False) as time:
        visitor.get(download.url)
        Document.objects.filter(pk=download.pk).update(level=Level.COORDINATION)
        time.shift(datetime.timedelta(seconds=6))

        assert visitor.get(download.url).status_code == 404


def test_a_download_that_cannot_be_counted_is_sent_all_the_same(download, visitor, monkeypatch, caplog):
    visitor.get(download.url)

    def fail(keys):
        raise OperationalError("the server is gone")

    monkeypatch.setattr(counting, "_count", fail)

    assert visitor.get(download.url).status_code == 200
    assert f"a download of document {download.pk} was not counted: OperationalError" in caplog.text


def test_only_get_is_answered_from_memory(page, visitor):
    visitor.get("/projekt/")
    change(page)

    # Nobody posts to a page without a token.
    assert visitor.post("/projekt/").status_code == 403
    # The server leaves out the text.
    assert "Nachher" in visitor.head("/projekt/").text
    assert "Vorher" in visitor.get("/projekt/").text


def test_the_server_is_given_the_memory():
    from cms.wsgi import application

    assert isinstance(application, PageMemory)
