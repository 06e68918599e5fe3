"""What other sites see of a page: preview pictures and structured data."""

import datetime
import io
import json
import re

import pytest
from PIL import Image, ImageFont

from home.models import EditionPage, HomePage, NewsIndexPage, NewsPage
from home.pages.cards import FONTS, Card, _wrapped, card_of, draw

HEADS = {
    "/": {"Organization", "WebSite"},
    "/aktuelles/ideenwerkstatt-13-halle/": {"Organization", "NewsArticle", "BreadcrumbList"},
    "/ideenwerkstatt/": {"Organization", "EventSeries", "BreadcrumbList"},
    "/ideenwerkstatt/13/": {"Organization", "Event", "BreadcrumbList"},
    "/projekt/": {"Organization", "BreadcrumbList"},
}


def nodes(client, path):
    page = client.get(path).content.decode()
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return {node["@type"]: node for node in json.loads(data)["@graph"]}


def og(page, name):
    found = re.search(rf'<meta property="og:{name}" content="([^"]*)">', page)
    return found and found[1]


@pytest.mark.parametrize("path", HEADS)
def test_structured_data_says_what_a_page_is_about(demo_pages, client, path):
    assert set(nodes(client, path)) == HEADS[path]


def test_event_names_series_place_dates_and_parts(demo_pages, client):
    event = nodes(client, "/ideenwerkstatt/13/")["Event"]

    assert (event["startDate"], event["endDate"]) == ("2024-11-21", "2024-11-22")
    assert event["location"]["address"]["addressLocality"] == "Halle (Saale)"
    assert event["superEvent"]["@id"] == nodes(client, "/ideenwerkstatt/")["EventSeries"]["@id"]
    assert event["subEvent"][1]["name"] == "Wie Verwaltungen Unternehmen ansprechen und einbinden"
    assert event["eventStatus"].endswith("EventScheduled")


def test_event_known_to_the_month_has_no_day(demo_pages, client):
    assert nodes(client, "/ideenwerkstatt/november-2025/")["Event"]["startDate"] == "2025-11"


def test_cancelled_event_says_so(demo_pages, client):
    page = EditionPage.objects.get(slug="maerz-2025", locale__language_code="de")
    page.state = EditionPage.State.CANCELLED
    page.save_revision().publish()

    assert nodes(client, "/ideencafe/maerz-2025/")["Event"]["eventStatus"].endswith("EventCancelled")


def test_title_of_a_report_cannot_leave_its_block_of_data(demo_pages, client):
    report = NewsPage.objects.get(slug="ideenwerkstatt-13-halle")
    report.title = "</script><script>alert(1)</script><!-- & \u2028"
    report.save_revision().publish()

    assert nodes(client, "/aktuelles/ideenwerkstatt-13-halle/")["NewsArticle"]["headline"] == report.title
    assert "<script>alert(1)" not in client.get("/aktuelles/ideenwerkstatt-13-halle/").content.decode()


@pytest.mark.parametrize("path", ["/", "/ideenwerkstatt/13/", "/projekt/", "/aktuelles/"])
def test_card_of_a_page_is_a_picture_of_the_promised_size(demo_pages, client, settings, path):
    page = client.get(path).content.decode()

    response = client.get(og(page, "image").removeprefix(settings.BASE_URL))

    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert Image.open(io.BytesIO(response.content)).size == (1200, 630)
    assert (og(page, "image:width"), og(page, "image:height")) == ("1200", "630")
    assert "immutable" in response["Cache-Control"]
    assert og(page, "image:alt")


def test_report_with_a_photo_shows_it(demo_pages, client):
    page = client.get("/aktuelles/ideenwerkstatt-13-halle/").content.decode()

    assert og(page, "image").endswith(".jpg")
    assert og(page, "image:alt") == NewsPage.objects.get(slug="ideenwerkstatt-13-halle").lead_image.description


def test_card_is_drawn_only_for_what_the_page_shows_now(demo_pages, client):
    page = EditionPage.objects.get(slug="13", locale__language_code="de")
    before = card_of(page)
    page.place = "Merseburg"
    page.save_revision().publish()

    assert client.get(f"/karte/{page.pk}-{before.digest}.png").status_code == 404
    assert client.get(f"/karte/{page.pk}-{card_of(page).digest}.png").status_code == 200


def test_card_of_a_page_that_is_not_public_is_not_found(demo_pages, client):
    draft = NewsPage.objects.get(slug="ideenwerkstatt-13-kurzbericht")
    draft.unpublish()

    assert client.get(f"/karte/{draft.pk}-{card_of(draft).digest}.png").status_code == 404
    assert client.get("/karte/999999-0123456789abcdef.png").status_code == 404


@pytest.mark.parametrize("title", ["", "x", "Donaudampfschifffahrt" * 20, "Ein Wort und noch eins " * 40, "日本 🎉"])
def test_card_takes_any_title(title):
    content = draw(Card(title, "Oben\n" + "lang" * 50, "123", title * 3, "BLK"))

    assert Image.open(io.BytesIO(content)).size == (1200, 630)


def test_pages_that_are_no_pages_share_the_card_of_the_site(demo_pages, client):
    assert og(client.get("/termine/").content.decode(), "image").endswith("/static/img/card.png")


def test_plan_whose_days_are_over_is_not_scheduled(demo_pages, client):
    assert "eventStatus" not in nodes(client, "/ideencafe/maerz-2025/")["Event"]


def test_event_without_a_number_is_told_by_its_date(demo_pages, client):
    found = nodes(client, "/ideenwerkstatt/november-2025/")

    assert found["Event"]["name"] == "Ideenwerkstatt, November 2025"
    assert found["BreadcrumbList"]["itemListElement"][-1]["name"] == "Ideenwerkstatt, November 2025"


def test_telephone_is_written_for_the_world(demo_pages, client):
    assert nodes(client, "/")["Organization"]["parentOrganization"]["telephone"] == "+49 391 5371-271"


def test_cards_light_the_place_of_their_edition(demo_pages):
    report = NewsPage.objects.get(slug="ideenwerkstatt-13-halle")
    front = HomePage.objects.get(locale__language_code="de")

    assert [card_of(page).lit for page in (report, report.edition, front)] == ["HAL", "HAL", "HAL"]


def test_number_and_name_of_an_edition_stay_on_one_line():
    font = ImageFont.truetype(str(FONTS / "FiraSans-SemiBold.ttf"), 54)

    lines = _wrapped("Netze knüpfen: 13. Ideenwerkstatt", font)

    assert lines == ["Netze knüpfen:", "13.\N{NO-BREAK SPACE}Ideenwerkstatt"]


def test_reports_of_a_topic_and_a_year_are_shared_under_their_own_address(demo_pages, client, settings):
    for path, title in (("/aktuelles/thema/ideenwerkstatt/", "Ideenwerkstatt"), ("/aktuelles/2024/", "Aktuelles 2024")):
        page = client.get(path).content.decode()

        assert og(page, "title") == title
        assert og(page, "url") == settings.BASE_URL + path
        assert f'<link rel="canonical" href="{settings.BASE_URL}{path}">' in page
        assert nodes(client, path)["BreadcrumbList"]["itemListElement"][-1]["item"] == settings.BASE_URL + path


def test_every_public_page_has_a_title_and_a_description_to_share(demo_pages, client):
    for path in ("/", "/termine/", "/koordinierungsstellen/halle/", "/aktuelles/", "/ideenwerkstatt/13/", "/archiv/"):
        page = client.get(path).content.decode()

        assert og(page, "title"), path
        assert og(page, "description"), path
        assert f'<meta name="description" content="{og(page, "description")}">' in page, path


def test_a_strange_address_shares_no_other_website(demo_pages, client, settings):
    page = client.get("/%2Fwww.example.org/").content.decode()

    assert og(page, "url") == f"{settings.BASE_URL}/www.example.org/"


def test_second_page_of_a_list_is_its_own_address(demo_pages, client, settings):
    news = NewsIndexPage.objects.get(locale__language_code="de")
    for number in range(13):
        news.add_child(instance=NewsPage(title=f"Bericht {number}", teaser="Kurz", date=datetime.date(2024, 1, 1)))

    page = client.get("/aktuelles/?seite=2&unsinn=1").content.decode()

    assert f'<link rel="canonical" href="{settings.BASE_URL}/aktuelles/?seite=2">' in page


def test_no_address_and_no_filter_writes_a_nul_into_a_page(demo_pages, client):
    for path in ("/%00/", "/ideenwerkstatt/?jahr=%00&stelle=a%00b", "/aktuelles/?seite=%00", "/archiv/?q=%00a"):
        assert b"\0" not in client.get(path).content, path
