"""The pages and slides of a document on which the words of a query stand."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Q
from django.utils.safestring import SafeString

from archive.models import Document, DocumentLeaf, DocumentVersion
from archive.reading.reader import leaf_name
from archive.searching.phrases import Phrase
from archive.searching.versions import searchable_versions
from archive.searching.vocabulary import QueryWord
from home.search.snippets import snippet

LEAVES_SHOWN = 3


class Match(NamedTuple):
    """A page with words of the query, in the order in which pages are shown: the best first."""

    minus_score: int
    number: int
    pk: int


@dataclass(frozen=True, slots=True)
class LeafHit:
    """A page on which words of the query stand, and what a page is called in this file."""

    leaf: DocumentLeaf
    snippet: SafeString
    name: str


@dataclass(slots=True)
class Found:
    """The best pages of a document; `more` counts those that are not shown."""

    leaves: list[LeafHit] = field(default_factory=list)
    more: int = 0


def find_leaves(
    found: Iterable[Document], words: Sequence[QueryWord], phrases: Sequence[Phrase] = ()
) -> dict[int, Found]:
    """For each document (by primary key) the pages on which most of the words stand, exact ones before the others.

    Of every page the search terms are read, and the text of those only that are shown: a document may have 10,000
    pages. Two queries; more if a document is found by an earlier version because its newest is not read yet, or if
    phrases have to be looked for in the texts.
    """
    documents = {document.pk: document for document in found}
    versions = {version.pk: version for version in searchable_versions(documents.values())}
    for version in versions.values():
        version.document = documents[version.document_id]
    matches = _matches(versions, words)
    if phrases:
        matches = _with_phrases(matches, phrases)
    best = {key: heapq.nsmallest(LEAVES_SHOWN, found) for key, found in matches.items()}
    shown = DocumentLeaf.objects.in_bulk([match.pk for kept in best.values() for match in kept])
    return {
        versions[key].document_id: Found(
            [_hit(shown[match.pk], versions[key], words) for match in kept if match.pk in shown],
            len(matches[key]) - len(kept),
        )
        for key, kept in best.items()
    }


def _matches(versions: Mapping[int, DocumentVersion], words: Sequence[QueryWord]) -> dict[int, list[Match]]:
    """The pages of each version that have any of the words."""
    found: dict[int, list[Match]] = defaultdict(list)
    pages = DocumentLeaf.objects.filter(_may_answer(words), version__in=versions).order_by()
    # Most pages are read for their score only, and are never made objects.
    for version, number, pk, terms in pages.values_list("version_id", "number", "pk", "terms").iterator():
        if score := sum(word.stands_in(terms) for word in words):
            found[version].append(Match(-score, number, pk))
    return found


def _may_answer(words: Sequence[QueryWord]) -> Q:
    """What spares most pages of a long document the way here: all that stands for a word contains it, but for pairs."""
    some = Q()
    for word in words:
        for part in {word.term, *word.pairs}:
            some |= Q(terms__contains=part)
    return some


def _with_phrases(matches: dict[int, list[Match]], phrases: Sequence[Phrase]) -> dict[int, list[Match]]:
    """Those of the pages on which all phrases stand."""
    pages = DocumentLeaf.objects.filter(version__in=matches)
    for term in {term for phrase in phrases for term in phrase.terms}:
        pages = pages.filter(terms__contains=term)
    texts = pages.order_by().values_list("pk", "text").iterator()
    right = {pk for pk, text in texts if all(phrase.stands_in(text) for phrase in phrases)}
    kept = {key: [match for match in found if match.pk in right] for key, found in matches.items()}
    return {key: found for key, found in kept.items() if found}


def _hit(leaf: DocumentLeaf, version: DocumentVersion, words: Sequence[QueryWord]) -> LeafHit:
    leaf.version = version
    on_page = set(leaf.terms.split())
    marked = snippet(leaf.text, {term for word in words for term in word.marked(on_page)})
    return LeafHit(leaf, marked, leaf_name(version.document, version))
