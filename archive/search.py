"""Search and list of the archive: one question in, one page of hits with facets out.

Every answer starts from `visible_to(user)`; counts are made from what is left after it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.safestring import SafeString
from wagtail.search.query import And, Or, PlainText, SearchQuery

from archive.models import Document, DocumentLeaf
from archive.vocabulary import QueryWord, expand
from home.search import analysis
from home.search.snippets import snippet

if TYPE_CHECKING:
    from django.http import QueryDict

PAGE_SIZE = 10
LEAVES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader chose: kinds (values of Document.Kind), editions (keys, see `edition_key`), years."""

    kinds: frozenset[str] = frozenset()
    editions: frozenset[str] = frozenset()
    years: frozenset[str] = frozenset()

    @classmethod
    def from_address(cls, parameters: QueryDict) -> Filters:
        """The choices in the parameters of an address, whatever else is in them."""
        kinds, editions, years = (
            frozenset(value for value in parameters.getlist(name)[:50] if value) for name in ("art", "ausgabe", "jahr")
        )
        return cls(kinds, editions, years)

    def __bool__(self) -> bool:
        return bool(self.kinds or self.editions or self.years)


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a facet: its value in the address, what it is called, how many documents, whether it is chosen."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A group of choices and the name of its parameter in the address."""

    name: str
    label: str
    choices: list[Choice]


@dataclass(frozen=True, slots=True)
class LeafHit:
    """A page on which words of the query stand."""

    leaf: DocumentLeaf
    snippet: SafeString


@dataclass(slots=True)
class Hit:
    """A document and the pages on which it was found; `more` counts the pages that are not shown."""

    document: Document
    leaves: list[LeafHit] = field(default_factory=list)
    more: int = 0
    summary: str = ""


class Row(NamedTuple):
    """What is known of every match before a page is cut out of them."""

    pk: int
    kind: str
    day: date | None
    title: str
    edition_number: int | None
    edition_slug: str | None
    edition_place: str | None
    edition_start: date | None
    series: str | None
    series_slug: str | None
    tier: int

    @property
    def year(self) -> str:
        moment = self.day or self.edition_start
        return str(moment.year) if moment else ""

    @property
    def edition(self) -> str:
        return edition_key(self.series_slug, self.edition_number, self.edition_slug)


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of results: `page` is the paginator's, `hits` is what stands on it."""

    query: str
    has_words: bool
    page: Page[Row]
    hits: list[Hit]
    facets: list[Facet]


def edition_key(series_slug: str | None, number: int | None, slug: str | None) -> str:
    """How an edition is named in an address: "13" for the Ideenwerkstatt, else "ideencafe/maerz-2025"."""
    if series_slug is None:
        return ""
    if series_slug == "ideenwerkstatt" and number:
        return str(number)
    return f"{series_slug}/{number or slug}"


def search(user: Any, query: str, filters: Filters, page_number: str | int = 1, size: int = PAGE_SIZE) -> Answer:
    """Documents that `user` may see, found by `query` (any text, may be empty) and narrowed by `filters`."""
    terms = analysis.terms_of_query(query)
    words = expand(terms)
    rows = _ranked([Row(*values) for values in _matches(user, words)], terms)
    chosen = [row for row in rows if _fits(row, filters)]
    page = Paginator(chosen, size).get_page(page_number)
    hits = _hits([row.pk for row in page.object_list], words)
    return Answer(query, bool(terms), page, hits, _facets(rows, filters))


def _matches(user: Any, words: list[QueryWord]) -> QuerySet[Document, Any]:
    documents = Document.objects.visible_to(user)
    tier: Any = Value(0)
    if words:
        everything = _found([word.exact | word.near | word.far for word in words], words)
        if everything is None:
            return documents.none().values_list("pk")
        documents = documents.filter(pk__in=everything)
        steps = ([word.exact for word in words], [word.exact | word.near for word in words])
        found = [(_found(step), rank) for rank, step in enumerate(steps)]
        tier = Case(
            *(When(pk__in=matches, then=Value(rank)) for matches, rank in found if matches is not None),
            default=Value(len(steps)),
            output_field=IntegerField(),
        )
    return documents.annotate(tier=tier).values_list(
        "pk",
        "kind",
        "date",
        "title",
        "edition__number",
        "edition__slug",
        "edition__place",
        "edition__start_date",
        "edition__series__name",
        "edition__series__slug",
        "tier",
    )


def _found(sets: Sequence[set[str]], words: Sequence[QueryWord] = ()) -> QuerySet[Document, Any] | None:
    """Documents that have a term of every set; None if a set is empty. With `words`, compounds count by their parts."""
    conditions: list[SearchQuery] = []
    for index, terms in enumerate(sets):
        parts = words[index].parts if words else ()
        choices: list[SearchQuery] = [PlainText(term) for term in sorted(terms)]
        if parts:
            choices.append(And([PlainText(part) for part in parts]))
        if not choices:
            return None
        conditions.append(Or(choices) if len(choices) > 1 else choices[0])
    condition = And(conditions) if len(conditions) > 1 else conditions[0]
    results = Document.objects.search(condition, order_by_relevance=False)
    matches: QuerySet[Document, Any] = results.get_queryset().order_by().values("pk")
    return matches


def _ranked(rows: list[Row], terms: list[str]) -> list[Row]:
    """Exact words first, then heads and tails of compounds, then the rest; within that titles, then the newest."""
    wanted = set(terms)

    def key(row: Row) -> tuple[int, bool, int, str, int]:
        in_title = bool(wanted) and wanted <= set(analysis.terms(row.title))
        moment = row.day or row.edition_start
        return row.tier, not in_title, -(moment.toordinal() if moment else 0), row.title.casefold(), row.pk

    return sorted(rows, key=key)


def _fits(row: Row, filters: Filters, but: str = "") -> bool:
    return (
        (but == "art" or not filters.kinds or row.kind in filters.kinds)
        and (but == "ausgabe" or not filters.editions or row.edition in filters.editions)
        and (but == "jahr" or not filters.years or row.year in filters.years)
    )


def _facets(rows: list[Row], filters: Filters) -> list[Facet]:
    """Counts within the query and the choices of the *other* facets, so that a second choice shows what it adds."""
    kinds = Counter(row.kind for row in rows if _fits(row, filters, but="art"))
    editions = Counter(row.edition for row in rows if _fits(row, filters, but="ausgabe"))
    years = Counter(row.year for row in rows if _fits(row, filters, but="jahr"))
    labels = {row.edition: _edition_label(row) for row in rows if row.edition}
    newest = {row.edition: row.edition_start or date.min for row in rows if row.edition}
    facets = [
        Facet("art", "Art", _choices(Document.Kind.choices, kinds, filters.kinds)),
        Facet(
            "ausgabe",
            "Ausgabe",
            _choices(
                sorted(labels.items(), key=lambda item: newest[item[0]], reverse=True), editions, filters.editions
            ),
        ),
        Facet("jahr", "Jahr", _choices([(year, year) for year in sorted(years, reverse=True)], years, filters.years)),
    ]
    return [facet for facet in facets if facet.choices]


def _choices(labels: Iterable[tuple[Any, Any]], counts: Counter[str], chosen: frozenset[str]) -> list[Choice]:
    return [
        Choice(value, str(label), counts[value], value in chosen)
        for value, label in labels
        if value and (counts[value] or value in chosen)
    ]


def _edition_label(row: Row) -> str:
    name = f"{row.edition_number}." if row.edition_number else row.series or ""
    if row.edition_number and row.series_slug != "ideenwerkstatt":
        name = f"{row.edition_number}. {row.series}"
    return f"{name} {row.edition_place}" if row.edition_place else name


def _hits(pks: list[int], words: list[QueryWord]) -> list[Hit]:
    documents = Document.objects.select_related("current_version", "edition__series").in_bulk(pks)
    hits = {pk: Hit(documents[pk]) for pk in pks if pk in documents}
    if words:
        _find_leaves(hits, words)
    for hit in hits.values():
        if not hit.leaves and hit.document.summary:
            hit.summary = snippet(hit.document.summary, _all_terms(words))
    return list(hits.values())


def _all_terms(words: list[QueryWord]) -> set[str]:
    return {term for word in words for term in word.all_terms}


def _find_leaves(hits: dict[int, Hit], words: list[QueryWord]) -> None:
    """Adds the pages on which most of the query's words stand, exact ones before the others."""
    candidates: dict[int, dict[int, list[tuple[int, int, int]]]] = defaultdict(lambda: defaultdict(list))
    rows = DocumentLeaf.objects.filter(
        version__document__in=hits,
        version__page_count__isnull=False,
        version__withdrawn_at__isnull=True,
    ).values_list("version__document_id", "version__number", "pk", "number", "terms")
    for document_id, version_number, pk, number, terms in rows.order_by("number").iterator():
        on_page = set(terms.split())
        score = sum(word.stands_in(on_page) for word in words)
        if score:
            candidates[document_id][version_number].append((-score, number, pk))
    best = {document_id: sorted(by_version[max(by_version)]) for document_id, by_version in candidates.items()}
    shown = {pk for found in best.values() for _, _, pk in found[:LEAVES_SHOWN]}
    leaves = DocumentLeaf.objects.select_related("version").defer("terms").in_bulk(shown)
    terms_wanted = _all_terms(words)
    for document_id, found in best.items():
        hit = hits[document_id]
        hit.more = max(len(found) - LEAVES_SHOWN, 0)
        for _, _, pk in found[:LEAVES_SHOWN]:
            hit.leaves.append(LeafHit(leaves[pk], snippet(leaves[pk].text, terms_wanted)))


def found_keys(user: Any, query: str, filters: Filters) -> list[int]:
    """Primary keys of everything that `search` finds, in the same order."""
    terms = analysis.terms_of_query(query)
    rows = _ranked([Row(*values) for values in _matches(user, expand(terms))], terms)
    return [row.pk for row in rows if _fits(row, filters)]
