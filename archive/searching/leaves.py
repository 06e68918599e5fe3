"""The pages and slides of a document on which the words of a query stand."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, NamedTuple

from django.utils.safestring import SafeString

from archive.models import Document, DocumentLeaf, DocumentVersion
from archive.searching.phrases import Phrase
from archive.searching.versions import searchable_versions
from archive.searching.vocabulary import QueryWord
from home.search.snippets import snippet

LEAVES_SHOWN = 3


class Leaf(NamedTuple):
    """What is read of every page of the documents shown."""

    version_id: int
    number: int
    terms: str
    text: str
    id: int
    image: str
    width: int | None
    height: int | None

    def shown(self) -> dict[str, Any]:
        """The fields of those pages that are shown."""
        return {name: value for name, value in self._asdict().items() if name not in ("version_id", "terms")}


@dataclass(frozen=True, slots=True)
class LeafHit:
    """A page on which words of the query stand."""

    leaf: DocumentLeaf
    snippet: SafeString


@dataclass(slots=True)
class Found:
    """The best pages of a document; `more` counts those that are not shown."""

    leaves: list[LeafHit] = field(default_factory=list)
    more: int = 0


def find_leaves(
    documents: Iterable[Document], words: Sequence[QueryWord], phrases: Sequence[Phrase] = ()
) -> dict[int, Found]:
    """For each document (by primary key) the pages on which most of the words stand, exact ones before the others.

    One query, and one more if a document is found by an earlier version because its newest is not read yet.
    """
    versions = {version.pk: version for version in searchable_versions(documents)}
    best: dict[int, list[tuple[int, int, Leaf]]] = defaultdict(list)
    counts: dict[int, int] = defaultdict(int)
    pages = DocumentLeaf.objects.filter(version__in=versions).order_by()
    # Most pages are read for their score only, and are never made objects.
    for leaf in map(Leaf._make, pages.values_list(*Leaf._fields).iterator()):
        score = _score(leaf, words, phrases)
        if score:
            counts[leaf.version_id] += 1
            # Of a long document no more is kept than is shown.
            kept = [*best[leaf.version_id], (-score, leaf.number, leaf)]
            best[leaf.version_id] = heapq.nsmallest(LEAVES_SHOWN, kept, key=itemgetter(0, 1))
    return {
        versions[pk].document_id: Found(
            [_hit(leaf, versions[pk], words) for _, _, leaf in kept], counts[pk] - len(kept)
        )
        for pk, kept in best.items()
    }


def _score(leaf: Leaf, words: Sequence[QueryWord], phrases: Sequence[Phrase]) -> int:
    on_page = set(leaf.terms.split())
    score = sum(word.stands_in(on_page) for word in words)
    return score if score and all(phrase.stands_in(leaf.text) for phrase in phrases) else 0


def _hit(leaf: Leaf, version: DocumentVersion, words: Sequence[QueryWord]) -> LeafHit:
    on_page = set(leaf.terms.split())
    marked = {term for word in words for term in word.marked(on_page)}
    return LeafHit(DocumentLeaf(version=version, **leaf.shown()), snippet(leaf.text, marked))
