"""The pages and slides of a document on which the words of a query stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from archive.models import Document, DocumentLeaf, DocumentVersion
from archive.searching.vocabulary import QueryWord
from home.search.snippets import snippet

LEAVES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class LeafHit:
    """A page on which words of the query stand."""

    leaf: DocumentLeaf
    snippet: SafeString


@dataclass(frozen=True, slots=True)
class Found:
    """The best pages of a document; `more` counts those that are not shown."""

    leaves: list[LeafHit]
    more: int


def find_leaves(documents: Iterable[Document], words: Sequence[QueryWord]) -> dict[int, Found]:
    """For each document (by primary key) the pages on which most of the words stand, exact ones before the others.

    Two queries, and one more if a document is found by an earlier version because its newest is not read yet.
    """
    versions = searchable_versions(documents)
    scores: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    rows = DocumentLeaf.objects.filter(version__in=versions).order_by()
    for version, pk, number, terms in rows.values_list("version_id", "pk", "number", "terms").iterator():
        on_page = set(terms.split())
        score = sum(word.stands_in(on_page) for word in words)
        if score:
            scores[version].append((-score, number, pk))
    best = {version: sorted(found)[:LEAVES_SHOWN] for version, found in scores.items()}
    shown = [pk for found in best.values() for _, _, pk in found]
    leaves = DocumentLeaf.objects.select_related("version").defer("terms").in_bulk(shown)
    wanted = {term for word in words for term in word.all_terms}
    return {
        versions[version]: Found(
            [LeafHit(leaves[pk], snippet(leaves[pk].text, wanted)) for _, _, pk in found if pk in leaves],
            len(scores[version]) - len(found),
        )
        for version, found in best.items()
    }


def searchable_versions(documents: Iterable[Document]) -> dict[int, int]:
    """By which version each document is found: its newest of which the text is known. Version key → document key.

    The documents come with their current version.
    """
    versions, behind = {}, []
    for document in documents:
        current = document.current_version
        if current is not None and current.page_count is not None and current.withdrawn_at is None:
            versions[current.pk] = document.pk
        else:
            behind.append(document.pk)
    if behind:
        read = DocumentVersion.objects.filter(
            document__in=behind, page_count__isnull=False, withdrawn_at__isnull=True
        ).order_by("number")
        newest = {document: pk for pk, document in read.values_list("pk", "document_id")}
        versions |= {pk: document for document, pk in newest.items()}
    return versions
