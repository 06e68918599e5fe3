"""nginx with the whole configuration of the site, in front of an application that is away: what it decides alone."""

from __future__ import annotations

import gzip
import http.client
from pathlib import Path

import pytest

from cms.demo.valkey import free_port
from tests.conftest import find_tool
from tests.proxy import running_nginx

ROOT = Path(__file__).parents[2]
# The names of hashed files are those of ManifestStaticFilesStorage.
HASHED = "css/site.0123456789ab.css"

pytestmark = pytest.mark.nginx


@pytest.fixture
def nginx(tmp_path):
    """Starts nginx; returns a function that asks it, and says status, headers and body."""
    for name, content in {
        f"static/{HASHED}": "a { color: red }",
        f"static/{HASHED}.gz": gzip.compress(b"packed before"),
        "static/css/site.css": "a { color: red }",
        "media/images/bild.webp": "RIFF",
        "media/original_images/geheim.webp": "RIFF",
        "archive/geheim.css": "x",
        "acme/.well-known/acme-challenge/token": "answer",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    port = free_port()

    def ask(path, method="GET", body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        answer = response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        connection.close()
        return answer

    # Nobody listens at port 1.
    with running_nginx(find_tool("nginx"), tmp_path, port=port, application=1, files=tmp_path):
        yield ask


def test_hashed_files_are_kept_for_ever_and_sent_packed(nginx):
    status, headers, body = nginx(f"/static/{HASHED}", Accept_Encoding="gzip")

    assert (status, headers["content-encoding"], gzip.decompress(body)) == (200, "gzip", b"packed before")
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["x-content-type-options"] == "nosniff"
    assert nginx("/static/css/site.css")[1]["cache-control"] == "public, max-age=3600"


def test_only_renditions_are_served_below_media(nginx):
    status, headers, _body = nginx("/media/images/bild.webp")

    assert (status, headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    # The application is asked, and it knows none of these.
    for path in (
        "/media/original_images/geheim.webp",
        "/media/images/../original_images/geheim.webp",
        "/media/images/%2e%2e/original_images/geheim.webp",
        "/media/images../original_images/geheim.webp",
        "/static../archive/geheim.css",
        "/archive/geheim.css",
    ):
        assert nginx(path)[0] == 503, path


def test_places_of_nginx_itself_do_not_exist_from_outside(nginx):
    for path in ("/_archiv/geheim.css", "/_fehler/429.html"):
        assert nginx(path)[0] in {404, 503}


def test_certificate_authority_finds_its_answer(nginx):
    assert nginx("/.well-known/acme-challenge/token")[2] == b"answer"


@pytest.mark.parametrize("path", ["/konto/login/", "/newsletter/anmelden/", "/barrierefreiheit/melden/"])
def test_too_many_forms_from_one_place_get_a_page_of_ours(nginx, path):
    statuses = {nginx(path, "POST", "a=b")[0] for _time in range(45)}

    status, headers, body = nginx(path, "POST", "a=b")

    # 503: those that were let through found no application.
    assert (statuses, status) == ({503, 429}, 429)
    assert "Das waren zu viele Versuche" in body.decode()
    assert headers["retry-after"]
    assert headers["cache-control"] == "private, no-store"
    assert "unsafe" not in headers["content-security-policy"]
    assert nginx(path)[0] == 503, "reading is not limited"


def test_large_bodies_are_taken_in_the_admin_only(nginx):
    body = b"x" * 1_100_000

    assert nginx("/newsletter/anmelden/", "POST", body)[0] == 413
    assert "zu groß" in nginx("/", "POST", body)[2].decode()
    assert nginx("/admin/documents/multiple/add/", "POST", body)[0] == 503


def test_endless_addresses_get_a_page_of_ours(nginx):
    status, _headers, body = nginx("/suche/?q=" + "a" * 70_000)

    assert (status, "Die Adresse ist zu lang" in body.decode()) == (414, True)


def test_application_that_is_away_gets_a_page_of_ours_and_nginx_tells_nobody_its_version(nginx):
    status, headers, body = nginx("/")

    assert (status, headers["server"]) == (503, "nginx")
    assert "Gleich geht es weiter" in body.decode()


def test_log_is_json_without_tokens_questions_and_whole_addresses(nginx, tmp_path):
    nginx("/newsletter/abmelden/geheim/")
    nginx("/suche/?q=geheim", Referer="http://localhost/archiv/teilen/geheim/")
    # A request is written down after its answer has left, but before the next one is read.
    nginx("/")

    log = (tmp_path / "access.log").read_text()
    assert "geheim" not in log + (tmp_path / "error.log").read_text()
    assert '"network":"127.0.0.0"' in log
    assert '"path":"/suche/","status":503' in log


@pytest.mark.parametrize("page", sorted((ROOT / "deploy/nginx/pages").glob("*.html")), ids=lambda path: path.name)
def test_pages_have_the_frame_of_the_application_s_own(page):
    """templates/bare.html is for answers without a request, as these are."""
    frame = [line.strip() for line in (ROOT / "templates/bare.html").read_text().splitlines()]
    wanted = [line for line in frame if line and "{%" not in line and "{#" not in line]

    assert [line for line in wanted if line not in page.read_text()] == []
