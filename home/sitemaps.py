"""`/sitemap.xml` (sitemaps.org 0.9): what visitors may see, each content once and at its canonical address.

Translations stand beside each other as `xhtml:link`. `cms.urls` puts these and the documents of the archive together.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page, Site

from home.events.models import EditionPage
from home.pages.models import NewsPage
from home.pages.visibility import open_to_all
from home.people import CoordinationOffice, Topic

# The versions of one page by language.
Versions = dict[str, Page]


class SiteSitemap(Sitemap[Any]):
    """Addresses stand under BASE_URL, whatever name the request came to."""

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.BASE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.BASE_URL).netloc


class PageSitemap(SiteSitemap):
    """All pages in all languages; a report whose full text stands elsewhere is canonical there, so not here."""

    i18n = alternates = x_default = True

    def __init__(self) -> None:
        super().__init__()
        # Wagtail keeps the roots of the site on a request; without one it would ask the cache for every page.
        self._memory = HttpRequest()

    def items(self) -> list[Versions]:
        root = Site.objects.select_related("root_page").get(is_default_site=True).root_page
        homes = Page.objects.filter(translation_key=root.translation_key)
        below = Page.objects.none()
        for home in homes:
            below |= Page.objects.descendant_of(home, inclusive=True)
        elsewhere = NewsPage.objects.filter(origin=NewsPage.Origin.FULL_ELSEWHERE).values("pk")
        # Their pages say only that nothing is recorded yet.
        empty = EditionPage.objects.filter(state=EditionPage.State.UNRECORDED).order_by().values("pk")
        versions: dict[Any, Versions] = defaultdict(dict)
        pages = open_to_all(below).exclude(pk__in=elsewhere).exclude(pk__in=empty)
        for page in pages.select_related("locale").order_by("path"):
            versions[page.translation_key][page.locale.language_code] = page
        return list(versions.values())

    def get_languages_for_item(self, item: Versions) -> list[str]:
        return list(item)

    def location(self, item: Versions) -> str:
        parts = item[translation.get_language()].get_url_parts(self._memory)
        return parts[2] if parts else "/"

    def lastmod(self, item: Versions) -> datetime.datetime | None:
        page = item[translation.get_language()]
        return page.last_published_at or page.latest_revision_created_at

    def get_latest_lastmod(self) -> datetime.datetime | None:
        """Only an index of sitemaps would ask for it."""
        return None

    def get_urls(self, page: int | str = 1, site: Any = None, protocol: str | None = None) -> list[dict[str, Any]]:
        urls = super().get_urls(page, site, protocol)
        for url in urls:
            # A page without a translation has no alternates: itself and x-default say nothing.
            versions, _language = url["item"]
            if len(versions) < 2:
                url["alternates"] = []
        return urls


class PlaceSitemap(SiteSitemap):
    """The pages beside Wagtail that have an address of their own."""

    def items(self) -> list[str]:
        return [reverse("home:dates"), reverse("home:offices")]

    def location(self, item: str) -> str:
        return item


class ReportsSitemap(SiteSitemap):
    """The reports of each year and of each topic."""

    def items(self) -> list[str]:
        reports = open_to_all(NewsPage.objects.filter(locale__language_code=settings.LANGUAGE_CODE))
        rows = reports.order_by().values_list("date__year", "topics__slug").distinct()
        years = sorted({f"/aktuelles/{year}/" for year, _slug in rows}, reverse=True)
        return years + sorted({Topic(slug=slug).get_absolute_url() for _year, slug in rows if slug})

    def location(self, item: str) -> str:
        return item


class OfficeSitemap(SiteSitemap):
    def items(self) -> list[CoordinationOffice]:
        return list(CoordinationOffice.objects.all())
