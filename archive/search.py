"""Search and list of the archive: one question in, one page of hits with facets out.

Every answer starts from `visible_to(user)`; counts are made from what is left after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator

from archive.models import Document
from archive.searching.facets import Choice, Facet, narrow
from archive.searching.filters import Filters
from archive.searching.leaves import Found, LeafHit, find_leaves
from archive.searching.phrases import Phrase, phrases_of, with_phrases
from archive.searching.places import places
from archive.searching.rows import Ranked, Row, matching_rows, middles_last
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

    @property
    def narrowing(self) -> list[Facet]:
        """The facets that leave anything to choose."""
        return [facet for facet in self.facets if facet.narrows]


def search(
    user: Any,
    query: str,
    filters: Filters,
    page_number: str | int = 1,
    size: int = PAGE_SIZE,
    *,
    exact: bool = False,
    with_facets: bool = True,
) -> Answer:
    """Documents that `user` may see, found by `query` (any text, may be empty) and narrowed by `filters`.

    `exact` leaves out compounds: "Mittel" does not find "Fördermittel" then. `with_facets`: False where nothing is
    narrowed and nobody is offered to.
    """
    asked = _read(query, exact)
    rows = _rows(user, asked)
    editions = places()
    fit, facets = narrow(rows, filters, editions) if with_facets else (rows, [])
    page = Paginator(Ranked(fit, asked.words, editions), size).get_page(page_number)
    if page.object_list and page.object_list[-1].tier:
        page = Paginator(Ranked(middles_last(fit, asked.words), asked.words, editions), size).get_page(page_number)
    hits = _hits([row.pk for row in page.object_list], asked)
    better = suggestion(user, query, asked.words, rows)
    return Answer(query, bool(asked.words), page, hits, facets, better)


def found_keys(user: Any, query: str, filters: Filters, *, exact: bool = False) -> list[int]:
    """Primary keys of everything that `search` finds, in the same order."""
    asked = _read(query, exact)
    editions = places()
    fit, _ = narrow(_rows(user, asked), filters, editions)
    return [row.pk for row in Ranked(middles_last(fit, asked.words), asked.words, editions)[:]]


class _Asked(NamedTuple):
    """A query as the search understands it."""

    words: list[QueryWord]
    phrases: list[Phrase]


def _read(query: str, exact: bool) -> _Asked:
    phrases = phrases_of(query)
    return _Asked(expand(analysis.words_of_query(query), exact=exact or bool(phrases)), phrases)


def _rows(user: Any, asked: _Asked) -> list[Row]:
    rows = matching_rows(user, asked.words)
    return with_phrases(rows, asked.phrases) if asked.phrases else rows


def _hits(pks: Sequence[int], asked: _Asked) -> list[Hit]:
    known = Document.objects.with_covers().select_related("current_version", "edition__series").in_bulk(pks)
    documents = [known[pk] for pk in pks if pk in known]
    found = find_leaves(documents, asked.words, asked.phrases) if asked.words and documents else {}
    hits = []
    for document in documents:
        pages = found.get(document.pk, Found())
        hit = Hit(document, pages.leaves, pages.more)
        if not pages.leaves and document.summary:
            hit.summary = snippet(document.summary, {term for word in asked.words for term in word.all_terms})
        hits.append(hit)
    return hits
