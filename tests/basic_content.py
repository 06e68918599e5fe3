"""The content that the migrations of Wagtail leave behind, and a site with an empty home page."""

from __future__ import annotations

from django.conf import settings
from wagtail.models import Collection, Locale, Page, Site

from cms.languages import ensure_locales
from cms.roles import ensure_roles
from home.models import ContentPage, HomePage


def ensure_initial_content() -> None:
    """Make what a freshly migrated database has and a flushed one lacks: locale, root, welcome page, site, roles."""
    ensure_locales()
    locale = Locale.objects.get(language_code=settings.LANGUAGE_CODE)
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
    if Page.get_first_root_node() is None:
        root = Page.add_root(title="Root", slug="root", locale=locale)
        welcome = root.add_child(instance=Page(title="Welcome to your new Wagtail site!", slug="home", locale=locale))
        Site.objects.create(hostname="localhost", root_page=welcome, is_default_site=True)
        ensure_roles()


def ensure_site() -> Site:
    """Return the default site, with an empty HomePage as its root."""
    ensure_initial_content()
    site = Site.objects.select_related("root_page").get(is_default_site=True)
    if not isinstance(site.root_page.specific, HomePage):
        root = Page.get_first_root_node()
        site.root_page = root.add_child(instance=HomePage(title="IKOE", slug="ikoe", locale=root.locale))
        site.site_name = "IKOE"
        site.save()
    return site


def change(page: ContentPage) -> None:
    """Publish the page with the lead "Nachher"."""
    page.lead = "Nachher"
    page.save_revision().publish()


def ensure_legal_pages(home: Page) -> None:
    """Publish the two pages that every mail of the newsletter links: without them no issue may be sent."""
    for title, slug in (("Impressum", "impressum"), ("Datenschutz", "datenschutz")):
        if not home.get_children().filter(slug=slug).exists():
            home.add_child(instance=ContentPage(title=title, slug=slug, locale=home.locale))
