"""Links to other websites: found wherever editors put them, and asked every night."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from home.models import (
    EditionPage,
    ExternalLink,
    NewsIndexPage,
    NewsPage,
    ProgrammeItem,
)
from home.upkeep.checking import check_link, check_links, in_turn, record
from home.upkeep.collecting import collect, links_of, links_of_site
from home.upkeep.probing import Answer, Prober
from home.upkeep.tasks import LOCK, check_external_links
from tests.accounts_content import make_office
from tests.editions_content import make_series
from tests.home.linking import page_with, the_link
from tests.home.other_website import website

State = ExternalLink.State
DAY = datetime.timedelta(days=1)
GONE = Answer(State.FAILING, "Adresse nicht gefunden (404)", 404)
FINE = Answer(State.WORKING, "", 200)


@pytest.fixture
def elsewhere():
    with website() as found:
        yield found


@pytest.fixture
def prober():
    return Prober(judge=lambda address: str(address) == "127.0.0.1", seconds=5)


def run(prober: Prober, *, days: int = 0, **options) -> bool:
    with time_machine.travel(timezone.now() + days * DAY, tick=True):
        return check_links(prober, pause=0.0, **options)


# Finding


def test_links_are_found_in_texts_fields_blocks_and_inline_children(site):
    index = site.root_page.add_child(instance=NewsIndexPage(title="Aktuelles", slug="aktuelles"))
    button = {"text": "", "button": "Weiter", "url": "https://example.org/block", "page": None}
    report = index.add_child(
        instance=NewsPage(
            title="Bericht",
            slug="bericht",
            date=datetime.date(2025, 1, 2),
            teaser="Kurz",
            origin_url="https://example.org/feld",
            body=[("text", '<p><a href="https://example.org/a?b=1&amp;c=2#d">x</a></p>'), ("call_to_action", button)],
        )
    )
    edition = EditionPage(title="13", slug="13", number=13)
    edition.programme_items = [
        ProgrammeItem(title="Vortrag", abstract='<p><a href="https://example.org/kind">x</a></p>')
    ]
    edition = make_series(site.root_page).add_child(instance=edition)

    found = links_of_site()

    assert found == {
        "https://example.org/feld": {report.pk},
        "https://example.org/a?b=1&c=2": {report.pk},
        "https://example.org/block": {report.pk},
        "https://example.org/kind": {edition.pk},
    }


def test_website_of_an_office_is_found_without_a_page(site):
    office = make_office(website="https://harz.example.org/")

    assert links_of_site() == {"https://harz.example.org/": set()}
    assert links_of(office, own=()) == {"https://harz.example.org/"}


def test_own_pages_mail_and_drafts_are_no_links_to_other_websites(site, settings):
    settings.BASE_URL = "https://ikoe.example.org"
    page_with(site, "https://ikoe.example.org/termine/", "mailto:a@example.org", "tel:+49391", "/termine/")
    draft = page_with(site, "https://example.org/entwurf", slug="entwurf")
    draft.unpublish()

    assert links_of_site() == {}


def test_list_follows_the_pages(site):
    page = page_with(site, "https://example.org/a", "https://example.org/b")
    other = page_with(site, "https://example.org/a", slug="zwei")
    collect()
    kept = ExternalLink.objects.get(url="https://example.org/a")
    page.body = [("text", '<p><a href="https://example.org/a">x</a></p>')]
    page.save()
    other.delete()

    assert collect() == 1

    assert the_link() == kept
    assert [found.pk for found in kept.pages.all()] == [page.pk]


def test_collecting_twice_keeps_what_is_known(site):
    page_with(site, "https://example.org/a")
    collect()
    ExternalLink.objects.update(state=State.FAILING, failing_since=timezone.now())

    collect()

    assert the_link().state == State.FAILING


def test_a_page_brings_its_links_along_when_it_is_published(site):
    page = page_with(site, "https://example.org/a", "https://example.org/b")
    page.save_revision().publish()
    first = set(ExternalLink.objects.filter(pages=page).values_list("url", flat=True))
    page.body = [("text", '<p><a href="https://example.org/a">x</a> <a href="https://example.org/c">y</a></p>')]
    page.save_revision()
    draft = set(ExternalLink.objects.filter(pages=page).values_list("url", flat=True))
    page.save_revision().publish()

    assert first == draft == {"https://example.org/a", "https://example.org/b"}
    assert set(ExternalLink.objects.filter(pages=page).values_list("url", flat=True)) == {
        "https://example.org/a",
        "https://example.org/c",
    }


# Asking


def test_run_asks_every_link_once_a_night(site, elsewhere, prober):
    page_with(site, elsewhere.url("/status/200"), elsewhere.url("/chain/2"))
    collect()

    assert run(prober)
    assert run(prober)

    assert set(ExternalLink.objects.values_list("state", flat=True)) == {State.WORKING}
    assert len(elsewhere.requests) == 4


def test_link_fails_only_after_a_second_day(site, elsewhere, prober):
    page_with(site, elsewhere.url("/status/404"))
    collect()

    run(prober)
    first = the_link()
    check_link(first.pk, prober)
    same_day = the_link()
    run(prober, days=1)
    second = the_link()

    assert (first.state, same_day.state, second.state) == (State.UNCHECKED, State.UNCHECKED, State.FAILING)
    assert first.failing_since is not None
    assert second.failing_since == first.failing_since
    assert (second.reason, second.status) == ("Adresse nicht gefunden (404)", 404)


def test_link_that_works_again_is_cleared(site, elsewhere, prober):
    page_with(site, elsewhere.url("/status/200"))
    collect()
    ExternalLink.objects.update(state=State.FAILING, failing_since=timezone.now() - 9 * DAY, reason="weg", status=404)

    run(prober)

    link = the_link()
    assert (link.state, link.failing_since, link.reason, link.status) == (State.WORKING, None, "", 200)


@pytest.mark.parametrize("state", [State.WORKING, State.FAILING])
def test_link_stays_what_it_was_when_its_site_asks_for_rest(site, elsewhere, prober, state):
    page_with(site, elsewhere.url("/status/429"))
    collect()
    since = timezone.now() - 9 * DAY if state == State.FAILING else None
    ExternalLink.objects.update(state=state, failing_since=since)

    run(prober)

    assert (the_link().state, the_link().failing_since) == (state, since)
    assert the_link().checked_at is not None


def test_site_that_asks_for_rest_or_is_dead_gets_no_more_requests(site, elsewhere, prober):
    page_with(site, *[elsewhere.url(f"/status/429?{number}") for number in range(5)])
    collect()

    run(prober)

    assert len(elsewhere.requests) == 1
    assert not ExternalLink.objects.filter(checked_at=None).exists()


def test_same_host_is_asked_after_a_pause(site, elsewhere, prober):
    page_with(site, elsewhere.url("/status/200?a"), elsewhere.url("/status/200?b"))
    collect()

    check_links(prober, pause=0.5)

    first, second = elsewhere.requests
    assert second.at - first.at >= 0.5


def test_hosts_take_turns():
    links = [ExternalLink(url=url) for url in ("http://a/1", "http://a/2", "http://a/3", "http://b/1", "http://c/1")]

    assert [link.url for link in in_turn(links)] == [
        "http://a/1", "http://b/1", "http://c/1", "http://a/2", "http://a/3",
    ]  # fmt: skip


def test_run_ends_when_its_time_is_over_and_goes_on_where_it_stopped(site, elsewhere, prober):
    page_with(site, *[elsewhere.url(f"/status/200?{number}") for number in range(4)])
    collect()

    assert not check_links(prober, pause=0.3, seconds=0.4)
    asked = len(elsewhere.requests)
    assert run(prober)

    assert 0 < asked < 4
    assert len(elsewhere.requests) == 4


def test_nothing_is_noted_while_our_own_network_is_away(site, prober):
    page_with(site, *[f"http://gibt-es-nicht-{number}.invalid/" for number in range(4)])
    collect()

    run(prober)

    assert not ExternalLink.objects.filter(failing_since__isnull=False).exists()
    assert not ExternalLink.objects.filter(checked_at__isnull=False).exists()


def test_dead_hosts_are_noted_while_others_answer(site, elsewhere, prober):
    page_with(site, *[f"http://gibt-es-nicht-{number}.invalid/" for number in range(4)], elsewhere.url("/status/200"))
    collect()

    run(prober)

    assert ExternalLink.objects.filter(failing_since__isnull=False, reason__contains="Name nicht gefunden").count() == 4


def test_older_answer_does_not_replace_a_newer_one(site):
    page_with(site, "https://example.org/a")
    collect()
    started = timezone.now()
    assert record(the_link(), FINE, timezone.now())

    assert not record(the_link(), GONE, started)

    assert the_link().state == State.WORKING


def test_second_run_leaves_out_what_the_first_one_asks(site, elsewhere, prober):
    page_with(site, *[elsewhere.url(f"/status/200?{number}") for number in range(3)])
    collect()

    def another_run(seconds: float) -> None:
        """Comes in between the first and the second request."""
        if len(elsewhere.requests) == 1:
            check_links(prober, pause=0.0)

    check_links(prober, pause=0.0, sleep=another_run)

    assert len({path for _method, path in elsewhere.asked}) == len(elsewhere.requests) == 3


def test_link_that_is_deleted_while_it_is_asked_is_no_error(site):
    page_with(site, "https://example.org/a")
    collect()
    link = the_link()
    ExternalLink.objects.all().delete()

    assert not record(link, GONE, timezone.now())


def test_nightly_task_refuses_inner_addresses(site, elsewhere):
    page_with(site, elsewhere.url("/status/200"))

    check_external_links()

    assert the_link().state == State.REFUSED
    assert elsewhere.requests == []


def test_nightly_task_leaves_the_work_to_one_that_is_running(site):
    page_with(site, "https://example.org/a")
    cache.add(LOCK, 1)

    check_external_links()

    assert not ExternalLink.objects.exists()


def test_new_links_are_checked_on_request_and_others_left_alone(site, elsewhere, prober):
    page_with(site, elsewhere.url("/status/200?alt"))
    collect()
    ExternalLink.objects.update(checked_at=timezone.now() - 9 * DAY, state=State.WORKING)
    page_with(site, elsewhere.url("/status/200?neu"), slug="neu")
    collect()

    assert check_links(prober, only_new=True)

    assert {path for _method, path in elsewhere.asked} == {"/status/200?neu"}
