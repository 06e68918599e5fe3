"""Loading the demo content: into an empty site, and never into other people's."""

import pytest

from home import demo
from home.models import ContentPage, EditionPage, HomePage, NewsPage
from tests.home.database_state import state_of_the_database


@pytest.mark.slow
@pytest.mark.django_db
def test_load_makes_the_site():
    loaded = demo.load()

    assert (loaded.editions, loaded.reports, loaded.offices) == (15, 2, 14)
    assert EditionPage.objects.get(slug="13", locale__language_code="de").start_date.isoformat() == "2024-11-21"
    assert HomePage.objects.get(locale__language_code="de").hero_edition.number == 13


def test_load_refuses_a_site_with_other_content_and_changes_nothing(site):
    site.root_page.add_child(instance=ContentPage(title="Eigene Seite", slug="eigene-seite"))
    before = state_of_the_database()

    with pytest.raises(demo.SiteHasOtherContent):
        demo.load()

    assert state_of_the_database() == before


@pytest.mark.slow
@pytest.mark.django_db
def test_publish_report_publishes_the_draft_once():
    demo.load()

    first = demo.publish_report()
    second = demo.publish_report()

    assert first.live and first.pk == second.pk
    assert first.first_published_at == second.first_published_at
    assert NewsPage.objects.live().count() == 3
