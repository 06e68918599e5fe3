"""The demo content: repeatable, careful with what editors changed, and true to its sources."""

import pytest

from home import demo
from home.models import CoordinationOffice, EditionPage, HomePage, NewsPage, SiteImage, SteeringTerm
from tests.home.database_state import state_of_the_database


@pytest.mark.slow
def test_load_twice_changes_nothing(demo_pages):
    before = state_of_the_database()

    demo.load()

    assert state_of_the_database() == before


@pytest.mark.slow
def test_load_keeps_what_editors_changed(demo_pages):
    page = EditionPage.objects.get(slug="13", locale__language_code="de")
    page.lead = "Von der Redaktion geändert."
    page.save_revision().publish()

    demo.load()

    page.refresh_from_db()
    assert page.lead == "Von der Redaktion geändert."


def test_facts_of_the_sources_are_there(demo_pages):
    keys = dict(CoordinationOffice.objects.values_list("name", "ags"))
    report = NewsPage.objects.get(date="2018-06-08")
    figures = next(block.value for block in report.body if block.block_type == "figures")

    assert len(keys) == 14 and keys["Halle (Saale)"] == "15002" and keys["Altmarkkreis Salzwedel"] == "15081"
    assert [(row["planned"], row["reached"]) for row in figures["figures"]] == [(33, 67), (100, 132), (None, 40)]
    assert "Karsten Wiedener" in str(report.body)
    assert SteeringTerm.objects.get(year=2019).members.count() == 5
    assert set(EditionPage.objects.filter(number__range=(8, 12)).values_list("state", "start_date")) == {
        ("unrecorded", None)
    }


def test_every_picture_has_a_text_alternative_and_a_credit(demo_pages):
    images = SiteImage.objects.all()

    assert images
    assert all(image.description and image.credit for image in images)


def test_demo_is_translated(demo_pages, client):
    assert set(HomePage.objects.values_list("locale__language_code", flat=True)) == {"de", "de-simple", "en"}
    for path in ("/en/", "/en/about/", "/en/legal-notice/", "/en/privacy/", "/en/accessibility/",
                 "/en/ideenwerkstatt/", "/en/ideenwerkstatt/13/", "/de-simple/"):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code == 200, path
    assert "Insights into the work of the migration advisory council" in client.get("/en/ideenwerkstatt/13/").text


def test_contacts_in_leichte_sprache_are_links(demo_pages, client):
    page = client.get("/de-simple/").text.partition("<main")[2].partition("</main>")[0]

    assert 'href="tel:+493915371271"' in page
    assert 'href="mailto:ikoe@example.org"' in page
