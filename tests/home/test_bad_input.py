"""Whatever is asked of a public address, the answer is a friendly page in German and never an error of the server."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from archive.access import Level
from archive.indexing import read_version
from archive.intake import take_in
from archive.models import Document
from newsletter.models import ConsentText

ADDRESSES = [
    "/",
    "/aktuelles/",
    "/aktuelles/2024/",
    "/aktuelles/2019/",
    "/aktuelles/thema/unbekannt/",
    "/aktuelles/feed/",
    "/aktuelles/ikoe-projekt-erfolgreich-abgeschlossen/",
    "/ideenwerkstatt/",
    "/ideenwerkstatt/13/",
    "/ideenwerkstatt/13/termin.ics",
    "/ideenwerkstatt/99/termin.ics",
    "/ideencafe/",
    "/termine/",
    "/termine/kalender.ics",
    "/koordinierungsstellen/",
    "/koordinierungsstellen/halle/",
    "/koordinierungsstellen/x/",
    "/archiv/",
    "/archiv/1/",
    "/archiv/999999999999999999999999/",
    "/archiv/1/datei/",
    "/archiv/1/zitat.bib",
    "/archiv/1/zitat.ris",
    "/archiv/feed/",
    "/archiv/teilen/falsch/",
    "/archiv/1/v/1/seite/1.webp",
    "/archiv/zip/",
    "/suche/",
    "/newsletter/",
    "/newsletter/anmelden/",
    "/newsletter/bestaetigen/falsch/",
    "/newsletter/einstellungen/",
    "/newsletter/einstellungen/falsch/",
    "/newsletter/abmelden/falsch/",
    "/konto/login/",
    "/impressum/",
    "/barrierefreiheit/",
    "/sitemap.xml",
    "/robots.txt",
    "/en/",
    "/gibt-es-nicht/",
]
# Parameters that some page knows, and one that none knows.
PARAMETERS = ["q", "seite", "page", "art", "ausgabe", "jahr", "neu", "stelle", "dokument", "thema", "next", "unbekannt"]
VALUES = {
    "empty": "",
    "negative": "-1",
    "zero": "0",
    "huge": "9" * 400,
    "word": "abc",
    "fraction": "1.5",
    "other digits": "%D9%A3%C2%B2",
    "long": "x" * 10_000,
    "long umlauts": "%C3%B6" * 3_000,
    "broken utf-8": "%ff%fe%c3",
    "nul": "%00",
    "nul inside": "Hal%00le",
    "half a surrogate": "%ed%a0%80",
    "quote": "%22",
    "apostrophe": "'",
    "markup": "%3Cscript%3Ealert(1)%3C/script%3E",
    "index syntax": "NEAR(%22a%20b%22*)%20AND",
    "brackets": "((((",
    "wildcards": "%25_*%5C",
    "line breaks": "a%0d%0aSet-Cookie:%20b=c",
}
PATHS = [
    "/%ff%fe/",
    "/%00/",
    "/aktuelles/%00/",
    "/aktuelles/%ff/",
    "/ideenwerkstatt/%00/termin.ics",
    "/koordinierungsstellen/%ff/",
    "/koordinierungsstellen/%00/",
    "/archiv/%00/",
    "/archiv/-1/",
    "/archiv/1/v/99999999999999999999/datei/",
    "/archiv/teilen/%00/",
    "/newsletter/bestaetigen/%00/",
    "/newsletter/abmelden/%ff/",
    "/media/images/%00",
    "/media/images/../../settings.py",
    "/" + "a/" * 2_000,
    "/" + "a" * 10_000 + "/",
    "/../../etc/passwd",
    "//www.example.org/",
    "/aktuelles//",
    "/AKTUELLES/",
]


@pytest.fixture
def visitor(demo_pages):
    """A visitor of the demo site who gets an error page where a browser gets one, and not an exception."""
    taken = take_in(ContentFile("Fördermittel".encode()), "datei.txt", document=Document(pk=1, level=Level.PUBLIC))
    read_version(taken.version.pk)
    ConsentText.objects.create(version=1, text="Ja.")
    return Client(raise_request_exception=False)


def is_friendly(response):
    """A page of the site, a file, or a redirection; errors of the reader in a language of the site."""
    # Read to its end: then the test client closes the file behind it, and not the database with it.
    content = b"".join(response)
    if response.status_code in (400, 404) and response["Content-Type"].startswith("text/html"):
        html = content.decode()
        return 'lang="de"' in html or 'lang="en"' in html
    return response.status_code < 500


@pytest.mark.slow  # 820 requests
def test_any_parameter_gets_an_answer(visitor):
    unfriendly = []
    for address in ADDRESSES:
        for kind, value in VALUES.items():
            query = "&".join(f"{name}={value}" for name in PARAMETERS)
            response = visitor.get(f"{address}?{query}")
            if not is_friendly(response):
                unfriendly.append((address, kind, response.status_code))

    assert unfriendly == []


@pytest.mark.slow  # 576 requests
def test_each_parameter_alone_gets_an_answer(visitor):
    """Together they could hide each other: a wrong filter ends a search before its page number is read."""
    unfriendly = []
    for address in ("/aktuelles/", "/ideenwerkstatt/", "/archiv/", "/archiv/zip/", "/suche/", "/termine/"):
        for name in PARAMETERS:
            for kind in ("negative", "huge", "word", "other digits", "broken utf-8", "nul", "quote", "wildcards"):
                response = visitor.get(f"{address}?{name}={VALUES[kind]}")
                if not is_friendly(response):
                    unfriendly.append((address, name, kind, response.status_code))

    assert unfriendly == []


def test_a_host_that_is_not_ours_gets_a_page_in_german(client):
    response = client.get("/", headers={"host": "www.example.net"})

    assert response.status_code == 400
    assert "Diese Anfrage verstehen wir nicht" in response.text


def test_any_path_gets_an_answer(visitor):
    answers = {path[:40]: visitor.get(path) for path in PATHS}

    assert {path: answer.status_code for path, answer in answers.items() if not is_friendly(answer)} == {}


@pytest.mark.slow  # 287 requests
def test_wrong_methods_get_an_answer(visitor):
    failed = [
        (method, path)
        for method in ("post", "put", "patch", "delete", "options", "head", "trace")
        for path in ADDRESSES
        if getattr(visitor, method)(path).status_code >= 500
    ]

    assert failed == []


@pytest.mark.parametrize(
    "header", ["Accept-Language", "If-None-Match", "If-Modified-Since", "Range", "Cookie", "Referer"]
)
@pytest.mark.parametrize("value", ["\xff\xfe", "x" * 8_000, "*", '"', "bytes=9-1"])
def test_strange_headers_get_an_answer(client, site, header, value):
    response = Client(raise_request_exception=False, headers={header: value}).get("/")

    assert response.status_code < 500
