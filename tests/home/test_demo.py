"""The demo content: repeatable, careful with other people's sites, and true to its sources."""

import pytest
from wagtail.models import Page

from home import demo
from home.models import ContentPage, CoordinationOffice, EditionPage, HomePage, NewsPage, SiteImage, SteeringTerm


def state_of_the_database():
    return (
        sorted(Page.objects.values_list("pk", "live", "latest_revision_id")),
        sorted(CoordinationOffice.objects.values_list("pk", "ags")),
        SiteImage.objects.count(),
    )


@pytest.mark.django_db
def test_load_makes_the_site():
    loaded = demo.load()

    assert (loaded.editions, loaded.reports, loaded.offices) == (15, 2, 14)
    assert EditionPage.objects.get(slug="13", locale__language_code="de").start_date.isoformat() == "2024-11-21"
    assert HomePage.objects.get(locale__language_code="de").hero_edition.number == 13


@pytest.mark.django_db
def test_load_twice_changes_nothing():
    demo.load()
    before = state_of_the_database()

    demo.load()

    assert state_of_the_database() == before


@pytest.mark.django_db
def test_load_keeps_what_editors_changed():
    demo.load()
    page = EditionPage.objects.get(slug="13", locale__language_code="de")
    page.lead = "Von der Redaktion geändert."
    page.save_revision().publish()

    demo.load()

    page.refresh_from_db()
    assert page.lead == "Von der Redaktion geändert."


def test_load_refuses_a_site_with_other_content_and_changes_nothing(site):
    site.root_page.add_child(instance=ContentPage(title="Eigene Seite", slug="eigene-seite"))
    before = state_of_the_database()

    with pytest.raises(demo.SiteHasOtherContent):
        demo.load()

    assert state_of_the_database() == before


@pytest.mark.django_db
def test_publish_report_publishes_the_draft_once():
    demo.load()

    first = demo.publish_report()
    second = demo.publish_report()

    assert first.live and first.pk == second.pk
    assert first.first_published_at == second.first_published_at
    assert NewsPage.objects.live().count() == 3


@pytest.mark.django_db
def test_facts_of_the_sources_are_there():
    demo.load()

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


@pytest.mark.django_db
def test_every_picture_has_a_text_alternative_and_a_credit():
    demo.load()

    images = SiteImage.objects.all()

    assert images
    assert all(image.description and image.credit for image in images)
