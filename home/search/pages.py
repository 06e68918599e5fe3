"""Pages of the site by the words that stand on them.

The index holds the words of a page as the analyser reduces them (`SitePage.search_terms`), and the query goes through
the same analyser. Which pages match is the database's answer, their order is made here: so SQLite and PostgreSQL agree.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.db.models import F, Prefetch
from wagtail.models import Page

from home.events.models import ProgrammeItem, ProgrammeSpeaker
from home.pages.base import SitePage
from home.pages.routing import child_relations
from home.pages.top import site_of
from home.pages.visibility import open_to_all
from home.search import analysis
from home.search.findings import Hit
from home.search.snippets import snippet

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.safestring import SafeString


class Match(NamedTuple):
    """What is known of every page found before some of them are read."""

    pk: int
    title: str
    language: str
    report_date: datetime.date | None
    edition_start: datetime.date | None

    def rank(self, wanted: set[str]) -> tuple[Any, ...]:
        """German pages first, then those with the words in their title, then the newest."""
        day = self.report_date or self.edition_start
        return (
            self.language != settings.LANGUAGE_CODE,
            not wanted <= set(analysis.terms(self.title)),
            -(day.toordinal() if day else 0),
            self.title.casefold(),
            self.pk,
        )


def find_pages(terms: list[str]) -> list[int]:
    """Keys of the pages that everybody may see and on which every term stands, the best first (one query)."""
    if not terms:
        return []
    found = Page.objects.search(" ".join(terms), operator="and", order_by_relevance=False)
    pages = open_to_all(Page.objects.filter(pk__in=found.get_queryset().order_by().values("pk"), depth__gt=1))
    rows = pages.values_list(
        "pk", "title", F("locale__language_code"), F("newspage__date"), F("editionpage__start_date")
    )
    wanted = set(terms)
    return [match.pk for match in sorted((Match(*row) for row in rows), key=lambda match: match.rank(wanted))]


def page_hits(keys: Iterable[int], terms: list[str], request: HttpRequest) -> dict[int, Hit]:
    """The line for each of the pages with these keys that everybody may see (one query, and two for programmes)."""
    children = child_relations()
    # The addresses of the hits need the site, and Wagtail would ask for more of it than the frame does.
    site_of(request)
    programme = ProgrammeItem.objects.prefetch_related(
        Prefetch("speakers", ProgrammeSpeaker.objects.select_related("person", "office"))
    )
    pages = (
        open_to_all(Page.objects.filter(pk__in=keys))
        .select_related("locale", "editionpage__series", *children)
        .prefetch_related(Prefetch("editionpage__programme_items", programme))
    )
    hits = {}
    for row in pages:
        page = next((child for name in children if (child := getattr(row, name, None))), None)
        if page is not None:
            hits[row.pk] = _hit(row, page, terms, request)
    return hits


def _hit(row: Page, page: SitePage, terms: list[str], request: HttpRequest) -> Hit:
    page.locale = row.locale
    code = row.locale.language_code
    return Hit(
        label=str(page.search_label),
        title=page.search_title,
        url=page.get_url(request) or "",
        text=_passage(page, terms),
        language="" if code == settings.LANGUAGE_CODE else code,
    )


def _passage(page: SitePage, terms: list[str]) -> SafeString:
    """Where the words stand; if they stand in the title only, what the page is about."""
    return snippet(page.passage_text(), terms)
