"""The pages that readers of another language find in their own, and where links lead them meanwhile.

Only pages are translated. Dates, offices, archive and search exist in the site's own language, so links on a
translated page lead to a translation where there is one and else to the German address, marked with `hreflang`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wagtail.models import Page

from home.pages.top import Top, top_of
from home.pages.visibility import open_to_all

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest


@dataclass(frozen=True)
class Counterparts:
    """Live public pages in one language: by the key they share with the page they translate, and by its address."""

    by_key: dict[UUID, Page] = field(default_factory=dict)
    by_path: dict[str, Page] = field(default_factory=dict)


def versions(keys: Iterable[UUID]) -> list[Page]:
    """The pages with these translation keys that everybody may see, in all languages (one query)."""
    return list(open_to_all(Page.objects.filter(translation_key__in=keys)).select_related("locale"))


def counterparts(request: HttpRequest) -> Counterparts:
    """The translations in the language of `request`, which were read with the top of the site."""
    if not hasattr(request, "_counterparts"):
        request._counterparts = _make(top_of(request))  # type: ignore[attr-defined]
    known: Counterparts = request._counterparts  # type: ignore[attr-defined]
    return known


def _make(top: Top) -> Counterparts:
    if top.site is None:
        return Counterparts()
    root = top.site.root_page.url_path
    return Counterparts(
        {page.translation_key: page for page in top.translated},
        {page.original_path[len(root) - 1 :]: page for page in top.translated},
    )
