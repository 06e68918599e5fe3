"""Search over the pages of the site. Documents have a search of their own in the archive."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.models import Locale, Page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

RESULTS_ON_A_PAGE = 10
LONGEST_QUERY = 200


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`/suche/?q=…&seite=…`: reports, editions and pages that everybody may see."""
    query = request.GET.get("q", "")[:LONGEST_QUERY].strip()
    paginator = Paginator(find_pages(query), RESULTS_ON_A_PAGE)
    results = paginator.get_page(request.GET.get("seite"))
    # One query a page type for the ten shown; a search result itself has no `specific()`.
    shown = {page.pk: page for page in Page.objects.filter(pk__in=[hit.pk for hit in results]).specific()}
    pages = [shown[hit.pk] for hit in results if hit.pk in shown]
    return render(request, "home/search.html", {"query": query, "results": results, "pages": pages})


def find_pages(query: str) -> Any:
    """Pages in which every word of `query` occurs, best first; a sequence that a paginator can slice.

    Only letters and digits of the query reach the index: a lone quotation mark is an error in SQLite's FTS5.
    """
    words = " ".join(re.findall(r"\w+", query))
    if not words:
        return []
    pages = Page.objects.live().public().filter(locale=Locale.get_default(), depth__gt=1)
    return pages.search(words, operator="and")
