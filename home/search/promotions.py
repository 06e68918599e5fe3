"""What editors put first for a word: Wagtail's promoted search results.

Wagtail's own template tag stores every query that a visitor types. Here nothing is stored: what people search for is
nobody's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from wagtail.contrib.search_promotions.models import SearchPromotion

from home.frame import kept
from home.search import analysis
from home.search.findings import Hit

if TYPE_CHECKING:
    from django.http import HttpRequest


def promoted(terms: list[str], request: HttpRequest) -> list[Hit | int]:
    """What comes first for a query with these words, in any form and order: keys of pages, and links elsewhere."""
    if not terms:
        return []
    ordered = SearchPromotion.objects.select_related("query").order_by("sort_order", "pk")
    promotions = kept(request, "search_promotions", lambda: list(ordered))
    return [
        promotion.page_id or _link(promotion)
        for promotion in promotions
        if set(analysis.terms_of_query(promotion.query.query_string)) == set(terms)
    ]


def _link(promotion: SearchPromotion) -> Hit:
    return Hit(
        label=_("Empfehlung"),
        title=promotion.external_link_text or promotion.external_link_url,
        url=promotion.external_link_url,
        text=promotion.description,
    )
