"""The default site has the address of BASE_URL, and the roots have German names."""

import pytest
from wagtail.models import Collection, Page, Site

from home import base_site


@pytest.mark.parametrize(
    ("base_url", "root"),
    [
        ("http://localhost:8123", "http://localhost:8123"),
        ("http://ikoe.example.org", "http://ikoe.example.org"),
        ("https://ikoe.example.org", "https://ikoe.example.org"),
    ],
)
def test_a_fresh_site_follows_base_url(site, settings, base_url, root):
    Site.objects.filter(pk=site.pk).update(hostname="localhost", port=80)
    settings.BASE_URL = base_url

    base_site.follow_base_url()

    assert Site.objects.get(pk=site.pk).root_url == root
    assert site.root_page.get_full_url() == f"{root}/"


def test_an_address_that_somebody_has_set_stays(site, settings):
    Site.objects.filter(pk=site.pk).update(hostname="andere.example.org", port=443)
    settings.BASE_URL = "https://ikoe.example.org"

    base_site.follow_base_url()

    assert Site.objects.get(pk=site.pk).hostname == "andere.example.org"


def test_roots_have_german_names(site):
    Page.objects.filter(depth=1).update(title="Root", draft_title="Root")
    Collection.objects.filter(depth=1).update(name="Root")

    base_site.name_roots()

    root = Page.objects.get(depth=1)
    assert (root.title, root.draft_title) == ("Alle Seiten", "Alle Seiten")
    assert Collection.objects.get(depth=1).name == "Allgemein"


def test_browsers_that_ask_for_an_icon_get_the_emblem(site, client):
    response = client.get("/favicon.ico")

    assert response.status_code == 302
    assert response["Location"].endswith("/img/emblem.svg")
