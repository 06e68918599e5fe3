"""`/sitemap.xml` and `/robots.txt`: everything public once, nothing that is not."""

from __future__ import annotations

import datetime
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from wagtail.models import PageViewRestriction

from archive.access import Level
from home.models import ContentPage, NewsIndexPage, NewsPage, Topic
from tests.accounts_content import make_office
from tests.documents_content import add_document
from tests.languages import english_of

pytestmark = pytest.mark.django_db
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture
def sitemap(client, settings):
    """Path of an address -> its alternates by language, as paths."""
    base = settings.BASE_URL

    def read() -> dict[str, dict[str, str]]:
        answer = client.get("/sitemap.xml")
        assert answer["Content-Type"] == "application/xml"
        root = ElementTree.fromstring(answer.content)  # noqa: S314 - our own answer.
        places = [url.findtext("s:loc", namespaces=NAMES) for url in root]
        assert all(place.startswith(f"{base}/") for place in places)
        assert len(places) == len(set(places))
        return {
            url.findtext("s:loc", namespaces=NAMES).removeprefix(base): {
                link.get("hreflang"): link.get("href").removeprefix(base) for link in url.findall("x:link", NAMES)
            }
            for url in root
        }

    return read


def test_translations_name_each_other(site, sitemap):
    home = site.root_page.specific
    english_of(home, title="IKOE in English")
    english_of(home.add_child(instance=ContentPage(title="Projekt", slug="projekt")), title="About", slug="about")
    home.add_child(instance=ContentPage(title="Impressum", slug="impressum"))

    found = sitemap()

    versions = {"de": "/projekt/", "en": "/en/about/", "x-default": "/projekt/"}
    assert found["/projekt/"] == found["/en/about/"] == versions
    assert found["/en/"] == {"de": "/", "en": "/en/", "x-default": "/"}
    assert found["/impressum/"] == {}


def test_drafts_private_pages_and_reports_from_elsewhere_are_left_out(site, sitemap):
    home = site.root_page.specific
    home.add_child(instance=ContentPage(title="Entwurf", slug="entwurf", live=False))
    private = home.add_child(instance=ContentPage(title="Intern", slug="intern"))
    private.add_child(instance=ContentPage(title="Darunter", slug="darunter"))
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    news = home.add_child(instance=NewsIndexPage(title="Aktuelles", slug="aktuelles"))
    fields = {"date": datetime.date(2024, 12, 2), "teaser": "Kurz", "origin_name": "AGSA"}
    for slug, origin in (("kurz", "full_elsewhere"), ("nachdruck", "first_elsewhere")):
        report = NewsPage(title=slug, slug=slug, origin=origin, origin_url="https://example.org/x", **fields)
        news.add_child(instance=report)

    found = set(sitemap())

    assert {"/", "/aktuelles/", "/aktuelles/nachdruck/"} <= found
    assert not found & {"/entwurf/", "/intern/", "/intern/darunter/", "/aktuelles/kurz/"}


def test_only_documents_that_the_public_may_read_are_listed(site, sitemap):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    public = add_document("offen", level=Level.PUBLIC)
    hidden = [
        add_document("für die Koordination", level=Level.COORDINATION),
        add_document("erst morgen", level=Level.PUBLIC, embargo_until=tomorrow),
        add_document("gelöscht", level=Level.PUBLIC),
    ]
    hidden[-1].delete()

    documents = {path for path in sitemap() if path.startswith("/archiv/") and path != "/archiv/"}

    assert documents == {f"/archiv/{public.pk}/"}


def test_pages_beside_wagtail_are_listed(site, sitemap):
    make_office()

    assert {"/termine/", "/koordinierungsstellen/", "/koordinierungsstellen/harz/", "/archiv/"} <= set(sitemap())


def test_every_listed_address_exists(site, sitemap, client):
    english_of(site.root_page.specific, title="IKOE in English")
    add_document("offen", level=Level.PUBLIC)

    assert {path: client.get(path).status_code for path in sitemap()} == dict.fromkeys(sitemap(), 200)


def test_queries_do_not_grow_with_the_site(site, client, django_assert_max_num_queries):
    home = site.root_page.specific
    english_of(home, title="IKOE in English")
    for number in range(20):
        english_of(home.add_child(instance=ContentPage(title=f"Seite {number}", slug=f"s{number}")), slug=f"p{number}")

    with django_assert_max_num_queries(10):
        client.get("/sitemap.xml")


def test_robots_txt_names_the_sitemap(site, client, settings):
    assert f"Sitemap: {settings.BASE_URL}/sitemap.xml" in client.get("/robots.txt").text


def test_years_and_topics_of_reports_have_their_place(site, sitemap):
    news = site.root_page.add_child(instance=NewsIndexPage(title="Aktuelles", slug="aktuelles"))
    report = NewsPage(title="Bericht", teaser="Kurz", date=datetime.date(2023, 5, 1))
    report.topics = [Topic.objects.create(name="Sprache", slug="sprache")]
    news.add_child(instance=report)
    Topic.objects.create(name="Leer", slug="leer")

    places = sitemap()

    assert {"/aktuelles/2023/", "/aktuelles/thema/sprache/"} <= set(places)
    assert "/aktuelles/thema/leer/" not in places
