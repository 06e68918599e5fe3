"""Search and list of the archive: one question in, one page of hits with facets out.

Every answer starts from `visible_to(user)`; counts are made from what is left after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator

from archive.models import Document
from archive.searching.facets import Choice, Facet, narrow
from archive.searching.filters import Filters
from archive.searching.leaves import LeafHit, find_leaves
from archive.searching.places import places
from archive.searching.rows import Row, matching_rows, ranked
from archive.searching.suggestions import suggestion
from archive.searching.vocabulary import QueryWord, expand
from home.search import analysis
from home.search.snippets import snippet

__all__ = ["Answer", "Choice", "Facet", "Filters", "Hit", "LeafHit", "found_keys", "search"]

PAGE_SIZE = 10


@dataclass(slots=True)
class Hit:
    """A document and the pages on which it was found; `more` counts the pages that are not shown."""

    document: Document
    leaves: list[LeafHit] = field(default_factory=list)
    more: int = 0
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of results: `page` is the paginator's, `hits` is what stands on it.

    `suggestion` is another query that finds more, for one that found little or nothing; else empty.
    """

    query: str
    has_words: bool
    page: Page[Row]
    hits: list[Hit]
    facets: list[Facet]
    suggestion: str = ""


def search(
    user: Any,
    query: str,
    filters: Filters,
    page_number: str | int = 1,
    size: int = PAGE_SIZE,
    *,
    exact: bool = False,
) -> Answer:
    """Documents that `user` may see, found by `query` (any text, may be empty) and narrowed by `filters`.

    `exact` leaves out compounds: "Mittel" does not find "Fördermittel" then.
    """
    terms = analysis.terms_of_query(query)
    words = expand(terms, exact=exact)
    rows = matching_rows(user, words)
    editions = places()
    fit, facets = narrow(rows, filters, editions)
    page = Paginator(ranked(fit, terms, editions), size).get_page(page_number)
    hits = _hits([row.pk for row in page.object_list], words)
    return Answer(query, bool(terms), page, hits, facets, suggestion(user, query, words, len(rows)))


def found_keys(user: Any, query: str, filters: Filters, *, exact: bool = False) -> list[int]:
    """Primary keys of everything that `search` finds, in the same order."""
    terms = analysis.terms_of_query(query)
    editions = places()
    fit, _ = narrow(matching_rows(user, expand(terms, exact=exact)), filters, editions)
    return [row.pk for row in ranked(fit, terms, editions)]


def _hits(pks: Sequence[int], words: Sequence[QueryWord]) -> list[Hit]:
    known = Document.objects.with_covers().select_related("current_version", "edition__series").in_bulk(pks)
    documents = [known[pk] for pk in pks if pk in known]
    found = find_leaves(documents, words) if words and documents else {}
    hits = []
    for document in documents:
        hit = Hit(document)
        if document.pk in found:
            hit.leaves, hit.more = found[document.pk].leaves, found[document.pk].more
        elif document.summary:
            hit.summary = snippet(document.summary, {term for word in words for term in word.all_terms})
        hits.append(hit)
    return hits
