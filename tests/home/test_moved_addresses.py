"""A new name leaves the old address working."""

from __future__ import annotations

import datetime

import pytest
from wagtail.models import Page

from home import models as home
from tests.accounts_content import make_office
from tests.contents import made_once

pytestmark = pytest.mark.django_db


def add_report(news, slug="bericht"):
    page = home.NewsPage(title="Bericht", slug=slug, date=datetime.date(2024, 11, 25), teaser="Kurz", body=[])
    return news.add_child(instance=page)


def arrives(client, old: str, new: str) -> bool:
    response = client.get(old, follow=True)
    return (
        response.status_code == 200
        and [code for _, code in response.redirect_chain] == [301]
        and (response.request["PATH_INFO"] == new)
    )


def test_a_renamed_page_is_found_at_its_old_address(client, news, django_capture_on_commit_callbacks):
    page = add_report(news)

    with django_capture_on_commit_callbacks(execute=True):
        page.slug = "neuer-name"
        page.save_revision().publish()

    assert arrives(client, "/aktuelles/bericht/", "/aktuelles/neuer-name/")


def test_pages_below_a_renamed_page_are_found(client, news, django_capture_on_commit_callbacks):
    add_report(news)

    with django_capture_on_commit_callbacks(execute=True):
        news.slug = "neues"
        news.save_revision().publish()

    assert arrives(client, "/aktuelles/bericht/", "/neues/bericht/")


def test_a_moved_page_is_found_at_its_old_address(client, site, news, django_capture_on_commit_callbacks):
    page = add_report(news)
    archive = site.root_page.add_child(instance=home.NewsIndexPage(title="Früher", slug="frueher"))

    with django_capture_on_commit_callbacks(execute=True):
        Page.objects.get(pk=page.pk).move(Page.objects.get(pk=archive.pk), pos="last-child")

    assert arrives(client, "/aktuelles/bericht/", "/frueher/bericht/")


@made_once
def office(site):
    return make_office()


def rename(instance, slug):
    instance.slug = slug
    instance.save()


def test_a_renamed_office_is_found_at_all_its_old_addresses(client, office):
    rename(office, "landkreis-harz")
    rename(office, "harzkreis")

    assert arrives(client, "/koordinierungsstellen/harz/", "/koordinierungsstellen/harzkreis/")
    assert arrives(client, "/koordinierungsstellen/landkreis-harz/", "/koordinierungsstellen/harzkreis/")


def test_an_old_name_that_comes_back_leads_nowhere_else(client, office):
    rename(office, "harzkreis")
    rename(office, "harz")

    assert client.get("/koordinierungsstellen/harz/").status_code == 200
    assert arrives(client, "/koordinierungsstellen/harzkreis/", "/koordinierungsstellen/harz/")


def test_a_renamed_topic_is_found_at_its_old_address(client, news):
    topic = home.Topic.objects.create(name="Sprache", slug="sprache")
    report = add_report(news)
    report.topics = [topic]
    report.save()

    rename(topic, "sprache-und-schrift")

    assert arrives(client, "/aktuelles/thema/sprache/", "/aktuelles/thema/sprache-und-schrift/")


def test_saving_without_a_new_name_leaves_no_redirect(office):
    from wagtail.contrib.redirects.models import Redirect

    office.phone = "0391 1"
    office.save()

    assert not Redirect.objects.exists()
