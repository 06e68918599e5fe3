"""Every public page answers, in German, without a cookie; bad input gets a friendly page."""

import pytest
import time_machine
from django.core.exceptions import ValidationError
from wagtail.models import Page

from home.events.models import EditionPage
from home.models import NewsPage

PATHS = [
    "/",
    "/aktuelles/",
    "/aktuelles/2024/",
    "/aktuelles/feed/",
    "/aktuelles/ideenwerkstatt-13-halle/",
    "/ideenwerkstatt/",
    "/ideenwerkstatt/1/",
    "/ideenwerkstatt/8/",
    "/ideenwerkstatt/13/",
    "/ideenwerkstatt/13/termin.ics",
    "/ideencafe/",
    "/ideencafe/maerz-2025/",
    "/fachtage/",
    "/projekt/",
    "/integrationsmanagement/",
    "/impressum/",
    "/datenschutz/",
    "/barrierefreiheit/",
    "/termine/",
    "/termine/kalender.ics",
    "/koordinierungsstellen/",
    "/koordinierungsstellen/halle/",
    "/archiv/",
    "/suche/?q=Halle",
    "/sitemap.xml",
    "/robots.txt",
]


def test_public_pages_answer_without_a_cookie(demo_pages, client):
    answers = {path: client.get(path) for path in PATHS}

    assert {path: answer.status_code for path, answer in answers.items() if answer.status_code != 200} == {}
    assert {path: answer.cookies for path, answer in answers.items() if answer.cookies} == {}


BAD_INPUT = [
    "/aktuelles/?page=-1",
    "/aktuelles/?page=abc",
    "/aktuelles/?page=99999999999999999999",
    "/aktuelles/?seite=%ff%fe",
    "/suche/?q=" + "x" * 10_000,
    "/suche/?q=%00",
    "/suche/?q=%22",
    "/suche/?q=%ff%fe",
    "/archiv/?q=%22&art=unsinn&jahr=abc&seite=-3",
]
UNKNOWN = ["/gibt-es-nicht/", "/aktuelles/1999/", "/ideenwerkstatt/99/", "/koordinierungsstellen/x/"]


def test_bad_input_gets_a_friendly_page(demo_pages, client):
    answers = {path: client.get(path).status_code for path in BAD_INPUT}

    assert answers == dict.fromkeys(BAD_INPUT, 200)


def test_unknown_page_says_so_in_german(demo_pages, client):
    answers = {path: client.get(path) for path in UNKNOWN}

    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(UNKNOWN, 404)
    assert all('lang="de"' in answer.content.decode() for answer in answers.values())


def test_draft_is_nowhere(demo_pages, client):
    NewsPage.objects.get(slug="ideenwerkstatt-13-kurzbericht").unpublish()

    pages = [client.get(path).content.decode() for path in ("/", "/aktuelles/", "/aktuelles/feed/", "/sitemap.xml")]

    assert client.get("/aktuelles/ideenwerkstatt-13-kurzbericht/").status_code == 404
    assert not any("kurzbericht" in page for page in pages)


def test_short_report_points_to_the_full_one(demo_pages, client):
    page = client.get("/aktuelles/ideenwerkstatt-13-kurzbericht/").content.decode()

    assert '<link rel="canonical" href="https://agsa.example.org/13-ideenwerkstatt/"' in page


@time_machine.travel("2025-01-15T12:00:00+01:00", tick=False)
def test_home_shows_what_is_next(demo_pages, client):
    page = client.get("/").content.decode()

    assert "Ideencafé" in page and "21. März" in page
    assert "Zurzeit steht kein neuer Termin fest." not in page


@time_machine.travel("2026-11-22T12:00:00+01:00", tick=False)
def test_home_says_that_nothing_is_planned(demo_pages, client):
    assert "Zurzeit steht kein neuer Termin fest." in client.get("/").content.decode()


def test_funders_are_named_on_every_page(demo_pages, client):
    wording = "Asyl-, Migrations- und Integrationsfonds, vierte Förderperiode"

    assert all(wording in client.get(path).content.decode() for path in ("/", "/impressum/", "/ideenwerkstatt/13/"))


def test_edition_refuses_an_end_before_its_beginning(demo_pages):
    page = EditionPage.objects.get(slug="13", locale__language_code="de")
    page.end_date = page.start_date.replace(day=1)

    with pytest.raises(ValidationError, match="Das Ende liegt vor dem Beginn"):
        page.full_clean()


def test_report_from_elsewhere_needs_its_source(demo_pages):
    page = NewsPage.objects.get(slug="ideenwerkstatt-13-kurzbericht")
    page.origin_url = ""

    with pytest.raises(ValidationError, match="Adresse des vollständigen Berichts"):
        page.full_clean()


def test_edition_takes_its_series_from_its_chronicle(demo_pages):
    chronicle = Page.objects.get(slug="ideencafe").specific
    page = chronicle.add_child(instance=EditionPage(title="Noch ein Café", slug="noch-eins"))

    assert page.series == chronicle.series


def test_chronicles_without_an_item_light_the_dates(demo_pages, client):
    for path in ("/ideencafe/", "/fachtage/", "/ideencafe/maerz-2025/"):
        assert '<a href="/termine/" aria-current="true">' in client.get(path).text, path
