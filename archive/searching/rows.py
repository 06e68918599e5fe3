"""Every document that answers a question, as one slim row, in the order in which they are shown.

Facets count all of them and a page shows ten, so what is read of each is little, and it is read in one query.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Case, IntegerField, TextField, Value, When
from django.db.models.functions import Cast

from archive.models import Document
from archive.searching.matching import documents_with
from archive.searching.places import Place
from archive.searching.vocabulary import QueryWord
from home.search import analysis


class Row(NamedTuple):
    """What is known of every match before a page is cut out of them. Days are ISO 8601 dates.

    `tier`: 0 for exact words, 1 for phrases and the ends of compounds, 2 for their middles (see `middles_last`).
    """

    pk: int
    kind: str
    day: str | None
    title: str
    edition_id: int | None
    language: str
    level: int
    file: str
    tier: int

    @property
    def extension(self) -> str:
        """The format: a file keeps the ending of its name in the archive."""
        return self.file.rpartition(".")[2]


def matching_rows(user: Any, words: Sequence[QueryWord]) -> list[Row]:
    """A row for each document that `user` may see and that has all words; without words, for each that they may see."""
    documents = Document.objects.visible_to(user).order_by()
    tier: Any = Value(0)
    if words:
        found = documents_with([word.all_terms for word in words])
        if found is None:
            return []
        documents = documents.filter(pk__in=found)
        tier = _tier(words)
    # As text: thousands of dates take longer to be made than to be compared.
    day = Cast("date", TextField())
    values = documents.annotate(day=day, tier=tier).values_list(
        "pk", "kind", "day", "title", "edition_id", "language", "level", "file", "tier"
    )
    return list(map(Row._make, values))


def _tier(words: Sequence[QueryWord]) -> Any:
    """0 for documents that have all words as they are, 1 for others."""
    if all(word.all_terms == word.exact for word in words):
        return Value(0)
    exact = documents_with([word.exact for word in words])
    if exact is None:
        return Value(1)
    return Case(When(pk__in=exact, then=Value(0)), default=Value(1), output_field=IntegerField())


def middles_last(rows: list[Row], words: Sequence[QueryWord]) -> list[Row]:
    """The rows with tier 2 for what was found by the middle of a compound only (one query, where there are any).

    Not part of `matching_rows`: most readers never get beyond the exact words, and this takes as long again.
    """
    if not any(word.far for word in words):
        return rows
    found = documents_with([word.all_terms - word.far for word in words])
    by_ends = {row["key"] for row in found} if found is not None else set()
    return [row if row.tier == 0 or row.pk in by_ends else row._replace(tier=2) for row in rows]


def ranked(rows: list[Row], words: Sequence[QueryWord], places: Mapping[int, Place]) -> list[Row]:
    """Exact words first, then ends and middles of compounds; within that titles, the newest, and the alphabet."""
    wanted = frozenset(word.term for word in words)

    def key(row: Row) -> tuple[int, bool, int, str, int]:
        # Who has all words in the title has them exactly.
        in_title = bool(wanted) and row.tier == 0 and _stand_in(row.title, wanted)
        moment = moment_of(row, places)
        return row.tier, not in_title, -int(moment.replace("-", "") or 0), row.title.casefold(), row.pk

    return sorted(rows, key=key)


def moment_of(row: Row, places: Mapping[int, Place]) -> str:
    """The day of a document, "2024-03-05"; without one of its own, that of its edition; else ""."""
    edition = places.get(row.edition_id) if row.edition_id else None
    return row.day or (edition.start if edition else "")


def _stand_in(title: str, wanted: frozenset[str]) -> bool:
    """Whether all words stand in the title. Most titles are ruled out by the beginnings of the words."""
    folded = _folded(title)
    return all(term[:3] in folded for term in wanted) and wanted.issubset(analysis.terms(title))


@lru_cache(maxsize=20_000)
def _folded(title: str) -> str:
    """Kept, because a common word puts thousands of titles into order at every search."""
    return analysis.fold(title)
