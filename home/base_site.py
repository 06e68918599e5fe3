"""What Wagtail's own migrations bring, made ours: the address of the site, and German names for the two roots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from wagtail.models import Collection, Page, Site

if TYPE_CHECKING:
    from django.apps import AppConfig

UNNAMED = "Root"
PAGES = "Alle Seiten"
COLLECTION = "Allgemein"


def follow_base_url() -> None:
    """Let the default site have the address of BASE_URL as long as it has none of its own: mails of a workflow take
    their links from it."""
    base = urlsplit(settings.BASE_URL)
    hostname, port = base.hostname or "localhost", base.port or (443 if base.scheme == "https" else 80)
    site = Site.objects.filter(is_default_site=True, hostname="localhost").first()
    if site is None or Site.objects.filter(hostname=hostname, port=port).exists():
        return
    site.hostname, site.port = hostname, port
    site.save(update_fields=["hostname", "port"])


def name_roots() -> None:
    """Give the root of pages and of collections a German name; choosers show both."""
    Page.objects.filter(depth=1, title=UNNAMED).update(title=PAGES, draft_title=PAGES)
    Collection.objects.filter(depth=1, name=UNNAMED).update(name=COLLECTION)


def settle_after_migrate(sender: AppConfig, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Run when Wagtail's tables are there; repeating it changes nothing."""
    if using == DEFAULT_DB_ALIAS:
        follow_base_url()
        name_roots()
