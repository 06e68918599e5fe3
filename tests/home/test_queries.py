"""How often a page asks the database: at most ten times when nothing at all is kept, and not more for longer lists.

Cold means here that every cache is empty, those of the process too: neither the frame that all pages share (site, foot,
funding, organisation) nor renditions nor types of content are known. The frame asks for nothing once it is kept.
"""

import datetime

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive.access import Level
from archive.intake import take_in
from archive.models import Document, DocumentLeaf
from home.identity import SiteIdentity
from home.models import (
    ContentPage,
    CoordinationOffice,
    EditionPage,
    NewsIndexPage,
    NewsPage,
    Participation,
    Topic,
)
from tests.editions_content import make_series

# The type of a page is found out before the page is read: a join with all types saved a query, and took PostgreSQL
# three times as long as all the others together.
MOST = 10
PAGES = [
    "/",
    "/aktuelles/",
    "/aktuelles/2024/",
    "/aktuelles/thema/ideenwerkstatt/",
    "/aktuelles/ikoe-projekt-erfolgreich-abgeschlossen/",
    "/aktuelles/ideenwerkstatt-13-halle/",
    "/aktuelles/feed/",
    "/ideenwerkstatt/",
    "/ideenwerkstatt/13/",
    "/ideencafe/",
    "/termine/",
    "/termine/kalender.ics",
    "/ideenwerkstatt/13/termin.ics",
    "/koordinierungsstellen/",
    "/koordinierungsstellen/halle/",
    "/integrationsmanagement/",
    "/barrierefreiheit/",
    "/impressum/",
    "/archiv/",
    "/archiv/1/",
    "/suche/",
    "/newsletter/",
    "/newsletter/2025-1/",
    "/newsletter/anmelden/",
    "/gibt-es-nicht/",
    "/sitemap.xml",
    "/en/",
    "/en/ideenwerkstatt/",
    "/en/ideenwerkstatt/13/",
    "/en/aktuelles/",
    "/de-simple/",
]
# Pages and documents are found in two searches: the index, its words, the hits, the terms of their pages, and the text
# of those that are shown. Few hits take one query more for similar words, and one for how many documents have those.
SEARCHES = {"/archiv/?q=Fördermittel": 11, "/suche/?q=Halle": 19}
# A page that consists of the frame and little else.
OTHER = "/suche/"


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_frame")]


def clear_caches():
    for name in ("default", "template_fragments"):
        caches[name].clear()
    ContentType.objects.clear_cache()


def queries(client, path):
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    assert response.status_code in (200, 404), path
    return len(captured)


def cold_queries(client, path):
    # Pictures are scaled when they are shown for the first time, which is no matter of caches.
    client.get(path)
    clear_caches()
    return queries(client, path)


@pytest.mark.slow  # loads the whole demo
def test_cold_page_takes_few_queries(client):
    call_command("load_demo", verbosity=0)
    most = dict.fromkeys(PAGES, MOST) | SEARCHES

    taken = {path: cold_queries(client, path) for path in most}

    assert {path: number for path, number in taken.items() if number > most[path]} == {}


def test_what_is_no_page_takes_no_query(client, django_assert_num_queries):
    clear_caches()

    with django_assert_num_queries(0):
        assert client.get("/robots.txt").status_code == 200


def test_frame_takes_no_query_once_it_is_kept(site, client):
    clear_caches()
    first = queries(client, OTHER)

    assert (first > 0, queries(client, OTHER)) == (True, 0)


def test_depth_and_links_of_a_page_cost_nothing(site, client):
    parent, pages = site.root_page, []
    for number in range(5):
        parent = parent.add_child(instance=ContentPage(title=f"Seite {number}", slug=f"s{number}"))
        pages.append(parent)
    links = "".join(f'<p><a linktype="page" id="{page.pk}">Seite</a></p>' for page in pages)

    for page in (pages[0], pages[4]):
        page.body = [("text", links), ("text", links), ("heading", {"text": "Mehr", "level": "2"}), ("text", links)]
        page.save()
    pages[1].body = [("text", f'<p><a linktype="page" id="{pages[0].pk}">Seite</a></p>')]
    pages[1].save()

    assert len({cold_queries(client, page.get_url()) for page in (pages[0], pages[1], pages[4])}) == 1


@pytest.fixture
def content(site):
    """Adds things of each kind, numbered on: `content(10)` and then `content(90)` make 100 of each."""
    topic = Topic.objects.create(name="Sprache", slug="sprache")
    news = site.root_page.add_child(instance=NewsIndexPage(title="Aktuelles", slug="aktuelles"))
    chronicle = make_series(site.root_page)
    made = 0

    def add(count):
        nonlocal made
        for number in range(made + 1, made + count + 1):
            office = CoordinationOffice.objects.create(
                name=f"Kreis {number}", slug=f"kreis-{number}", kind="district", ags=f"15{number:03}", code=str(number),
                tile_column=number, tile_row=0, authority="Amt für Stammtische",
            )  # fmt: skip
            day = datetime.date(2020, 1, 1) + datetime.timedelta(days=number)
            edition = EditionPage(
                title=f"Stammtisch {number}", slug=str(number), number=number, start_date=day, state="held"
            )
            edition.topics = [topic]
            edition.participations = [Participation(office=office, hosted=True, attended=True)]
            chronicle.add_child(instance=edition)
            report = NewsPage(title=f"Stammtisch {number}", slug=f"b{number}", teaser="Anriss", date=day)
            report.topics = [topic]
            news.add_child(instance=report)
            document = Document(title=f"Stammtisch {number}", level=Level.PUBLIC, edition=edition)
            taken = take_in(ContentFile(f"Stammtisch {number}".encode()), "datei.txt", document=document)
            taken.version.page_count = 1
            taken.version.save()
            DocumentLeaf.objects.create(version=taken.version, number=1, text=document.title, terms="stammtisch")
        made += count

    return add


LISTS = [
    "/",
    "/aktuelles/",
    "/aktuelles/2020/",
    "/aktuelles/thema/sprache/",
    "/aktuelles/feed/",
    "/ideenwerkstatt/",
    "/ideenwerkstatt/5/",
    "/termine/",
    "/termine/kalender.ics",
    "/koordinierungsstellen/",
    "/koordinierungsstellen/kreis-5/",
    "/archiv/",
    "/archiv/?q=Stammtisch",
    "/suche/?q=Stammtisch",
    "/sitemap.xml",
]


@pytest.mark.slow  # makes a hundred of everything
def test_lists_take_the_same_queries_with_10_and_with_100_things(content, client):
    content(10)
    with_10 = {path: cold_queries(client, path) for path in LISTS}

    content(90)
    with_100 = {path: cold_queries(client, path) for path in LISTS}

    assert with_100 == with_10


def test_reader_sees_a_change_of_the_frame_within_seconds_and_editors_at_once(site, client):
    with time_machine.travel("2026-11-22T12:00:00+01:00", tick=False) as time:
        client.get(OTHER)
        identity = SiteIdentity.load()
        identity.organisation = "Neuer Verein"
        identity.save()

        for_reader = client.get(OTHER).content.decode()
        time.shift(datetime.timedelta(seconds=11))
        for_reader_later = client.get(OTHER).content.decode()
        identity.organisation = "Neuester Verein"
        identity.save()
        client.force_login(get_user_model().objects.create_user("redaktion@example.org"))
        for_editor = client.get(OTHER).content.decode()

    assert "Neuer" not in for_reader
    assert "Neuer" in for_reader_later
    assert "Neuester" in for_editor


def test_pages_answer_while_redis_is_away(site, client, settings):
    redis = {"BACKEND": "cms.cache.FailOpenRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = settings.CACHES | {"default": redis}

    assert client.get("/").status_code == 200
    assert client.get(OTHER).status_code == 200
