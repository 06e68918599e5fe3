"""The pages and slides of a document on which the words of a query stand."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from archive.models import Document, DocumentLeaf, DocumentVersion
from archive.searching.phrases import Phrase
from archive.searching.vocabulary import QueryWord
from home.search.snippets import snippet

LEAVES_SHOWN = 3


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
    best: dict[int, list[tuple[int, int, DocumentLeaf]]] = defaultdict(list)
    counts: dict[int, int] = defaultdict(int)
    for leaf in DocumentLeaf.objects.filter(version__in=versions).order_by().iterator():
        score = _score(leaf, words, phrases)
        if score:
            leaf.version = versions[leaf.version_id]
            counts[leaf.version_id] += 1
            # Of a long document no more is kept than is shown.
            best[leaf.version_id] = heapq.nsmallest(
                LEAVES_SHOWN, [*best[leaf.version_id], (-score, leaf.number, leaf)], key=lambda each: each[:2]
            )
    return {
        versions[version].document_id: Found(
            [_hit(leaf, words) for _, _, leaf in leaves], counts[version] - len(leaves)
        )
        for version, leaves in best.items()
    }


def _score(leaf: DocumentLeaf, words: Sequence[QueryWord], phrases: Sequence[Phrase]) -> int:
    on_page = set(leaf.terms.split())
    score = sum(word.stands_in(on_page) for word in words)
    return score if score and all(phrase.stands_in(leaf.text) for phrase in phrases) else 0


def _hit(leaf: DocumentLeaf, words: Sequence[QueryWord]) -> LeafHit:
    on_page = set(leaf.terms.split())
    return LeafHit(leaf, snippet(leaf.text, {term for word in words for term in word.marked(on_page)}))


def searchable_versions(documents: Iterable[Document]) -> list[DocumentVersion]:
    """By which version each document is found: its newest of which the text is known.

    The documents come with their current version.
    """
    versions, behind = [], []
    for document in documents:
        current = document.current_version
        if current is not None and current.page_count is not None and current.withdrawn_at is None:
            versions.append(current)
        else:
            behind.append(document.pk)
    if behind:
        read = DocumentVersion.objects.filter(
            document__in=behind, page_count__isnull=False, withdrawn_at__isnull=True
        ).order_by("number")
        versions += {version.document_id: version for version in read}.values()
    return versions
