"""Every document that answers a question, as one slim row, in the order in which they are shown.

Facets count all of them and a page shows ten, so what is read of each is little, and it is read in one query.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from heapq import nlargest
from typing import Any, NamedTuple, overload

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Case, QuerySet, TextField, Value, When
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
    documents = _matching(user, words)
    if documents is None:
        return []
    # As text: thousands of dates take longer to be made than to be compared.
    day = Cast("date", TextField())
    tier = _beyond_exact(words) if words else Value(False)
    return list(map(Row._make, _read(documents.annotate(day=day, tier=tier).values_list(*Row._fields))))


def matches_at_least(user: Any, words: Sequence[QueryWord], number: int) -> bool:
    """Whether `matching_rows` has so many rows."""
    documents = _matching(user, words)
    return documents is not None and len(documents.values_list("pk")[:number]) == number


def _matching(user: Any, words: Sequence[QueryWord]) -> QuerySet[Document] | None:
    """None if a word stands nowhere in the archive."""
    documents = Document.objects.visible_to(user).order_by()
    if not words:
        return documents
    found = documents_with([word.all_terms for word in words])
    return documents.filter(pk__in=found) if found is not None else None


def _read(values: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """All rows at once: Django reads a hundred at a time, which takes longer than all the rest of reading thousands."""
    try:
        question = values.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*question)
        return cursor.fetchall()


def _beyond_exact(words: Sequence[QueryWord]) -> Any:
    """False for documents that have all words as they are, True for others: the first two tiers.

    No number: Django turns each number that an expression makes into a number once more.
    """
    if all(word.all_terms == word.exact for word in words):
        return Value(False)
    exact = documents_with([word.exact for word in words])
    if exact is None:
        return Value(True)
    return Case(When(pk__in=exact, then=Value(False)), default=Value(True), output_field=BooleanField())


def middles_last(rows: list[Row], words: Sequence[QueryWord]) -> list[Row]:
    """The rows with tier 2 for what was found by the middle of a compound only (one query, where there are any).

    Not part of `matching_rows`: most readers never get beyond the exact words, and this takes as long again.
    """
    if not any(word.far for word in words):
        return rows
    found = documents_with([word.all_terms - word.far for word in words])
    by_ends = {key for (key,) in _read(found)} if found is not None else set()
    return [row if row.tier == 0 or row.pk in by_ends else row._replace(tier=2) for row in rows]


class Ranked(Sequence[Row]):
    """The rows in their order: exact words first, then ends and middles of compounds; within that titles, the newest,
    and the alphabet.

    A page shows ten of thousands, so no more is put into order than a slice asks for.
    """

    def __init__(self, rows: Iterable[Row], words: Sequence[QueryWord], places: Mapping[int, Place]) -> None:
        self._places = places
        tiers: tuple[list[Row], list[Row], list[Row]] = ([], [], [])
        for row in rows:
            tiers[row.tier].append(row)
        exact, *others = tiers
        wanted = frozenset(word.term for word in words)
        # Who has all words in the title has them exactly.
        titled = {row.pk for row in exact if _stand_in(row.title, wanted)} if wanted else set()
        self._groups = [
            [row for row in exact if row.pk in titled],
            [row for row in exact if row.pk not in titled] if titled else exact,
            *others,
        ]

    def __len__(self) -> int:
        return sum(map(len, self._groups))

    @overload
    def __getitem__(self, wanted: int) -> Row: ...

    @overload
    def __getitem__(self, wanted: slice) -> list[Row]: ...

    def __getitem__(self, wanted: int | slice) -> Row | list[Row]:
        if isinstance(wanted, int):
            return self[range(len(self))[wanted] :][0]
        start, stop, step = wanted.indices(len(self))
        found: list[Row] = []
        for group in self._groups:
            if start < len(group) and stop > 0:
                found += self._first(group, stop)[max(start, 0) :]
            start, stop = start - len(group), stop - len(group)
        return found[::step]

    def _first(self, group: list[Row], number: int) -> list[Row]:
        """The first rows of a group, in order. Most are ruled out by their day alone."""
        if number * 4 < len(group):
            moments = [moment_of(row, self._places) for row in group]
            last = nlargest(number, moments)[-1]
            group = [row for row, moment in zip(group, moments, strict=True) if moment >= last]
        return sorted(group, key=self._key)[:number]

    def _key(self, row: Row) -> tuple[int, str, int]:
        moment = moment_of(row, self._places)
        return -int(moment.replace("-", "") or 0), row.title.casefold(), row.pk


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
