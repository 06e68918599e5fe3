"""The search page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail import hooks

from home.search import analysis
from home.search.findings import HOOK, Hit
from home.search.offices import office_hits
from home.search.pages import find_pages, page_hits
from home.search.promotions import promoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

RESULTS_ON_A_PAGE = 10


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`/suche/?q=…&seite=…`: offices and pages that everybody may see, and what other apps found.

    Any input gets an answer: what is not a word is left out of the query, a wrong page number shows the nearest page.
    """
    query = analysis.clean(request.GET.get("q", "")[: analysis.MAX_QUERY_CHARACTERS]).strip()
    terms = analysis.terms_of_query(query)
    # Pages are keys until it is known which of them are shown; each thing stands in the list once.
    named, described = office_hits(terms, request)
    found: Iterable[Hit | int] = dict.fromkeys([*promoted(terms, request), *named, *find_pages(terms), *described])
    results = Paginator(list(found), RESULTS_ON_A_PAGE).get_page(request.GET.get("seite"))
    pages = page_hits([key for key in results if isinstance(key, int)], terms, request)
    hits = [hit if isinstance(hit, Hit) else pages.get(hit) for hit in results]
    shelves = [make(request, query) for make in hooks.get_hooks(HOOK)] if terms and results.number == 1 else []
    context = {
        "query": query,
        "has_words": bool(terms),
        "results": results,
        "hits": [hit for hit in hits if hit],
        "shelves": [shelf for shelf in shelves if shelf.count],
        "suggestion": next((shelf.suggestion for shelf in shelves if shelf.suggestion), ""),
    }
    return render(request, "home/search.html", context)
