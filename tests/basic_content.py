"""What Wagtail's migrations leave behind and a flushed database lacks, plus an empty home page."""

from __future__ import annotations

from django.conf import settings
from wagtail.models import Collection, Locale, Page, Site

from cms.roles import ensure_roles
from home.models import HomePage


def ensure_site() -> Site:
    """Return the default site, whose root is a HomePage; makes whatever is missing."""
    locale, _ = Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root", locale=locale)
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None or not isinstance(site.root_page.specific, HomePage):
        home = root.add_child(instance=HomePage(title="IKOE", slug="ikoe", locale=locale))
        site, _ = Site.objects.update_or_create(
            is_default_site=True, defaults={"hostname": "localhost", "root_page": home, "site_name": "IKOE"}
        )
    ensure_roles()
    return site
