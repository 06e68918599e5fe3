"""The pages that readers of another language find in their own, and where links lead them meanwhile.

Only pages are translated. Dates, offices, archive and search exist in the site's own language, so links on a
translated page lead to a translation where there is one and else to the German address, marked with `hreflang`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.utils import translation
from wagtail.models import Page

from home.pages.top import site_of
from home.pages.visibility import open_to_all

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest


@dataclass(frozen=True)
class Counterparts:
    """Live public pages in one language: by the key they share with the page they translate, and by its address."""

    by_key: dict[UUID, Page] = field(default_factory=dict)
    by_path: dict[str, Page] = field(default_factory=dict)


def reader_language(request: HttpRequest | None = None) -> str:
    """The language of the address, or the site's own: "de", "en", "de-simple"."""
    language = getattr(request, "LANGUAGE_CODE", None) or translation.get_language()
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def versions(keys: Iterable[UUID]) -> list[Page]:
    """The pages with these translation keys that everybody may see, in all languages (one query)."""
    return list(open_to_all(Page.objects.filter(translation_key__in=keys)).select_related("locale"))


def counterparts(request: HttpRequest) -> Counterparts:
    """The translations in the language of `request`: one query a request, none in the site's own language."""
    language = reader_language(request)
    if language == settings.LANGUAGE_CODE:
        return Counterparts()
    known: dict[str, Counterparts] = request.__dict__.setdefault("_counterparts", {})
    if language not in known:
        known[language] = _find(request, language)
    return known[language]


def _find(request: HttpRequest, language: str) -> Counterparts:
    site = site_of(request)
    if site is None:
        return Counterparts()
    root = site.root_page.url_path
    originals = Page.objects.filter(translation_key=OuterRef("translation_key"), url_path__startswith=root)
    pages = (
        open_to_all(Page.objects.filter(locale__language_code=language))
        .annotate(original_path=Subquery(originals.values("url_path")[:1]))
        .filter(original_path__isnull=False)
        .select_related("locale")
        .order_by("path")
    )
    found = list(pages)
    return Counterparts(
        {page.translation_key: page for page in found},
        {page.original_path[len(root) - 1 :]: page for page in found},
    )
