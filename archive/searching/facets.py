"""How many documents there are of each kind, edition, year, …, among those that were found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db.models import Aggregate, TextField

from archive.access import Level
from archive.file_types import FILE_TYPES
from archive.languages import language_name
from archive.models import Document
from archive.searching.filters import PARAMETERS, Filters
from archive.searching.places import Place
from archive.searching.rows import Row, moment_of

# The facets (by their parameters) that are shown open, and how much of a long one.
OPEN = frozenset({"art", "ausgabe", "thema"})
FIRST_CHOICES = 6
# Above that it is quicker to read all links of documents to topics than to name the documents.
MOST_NAMED = 500

Options = Iterable[tuple[str, str]]
"""Values and labels, in the order in which they are shown."""


class JoinedKeys(Aggregate):
    """Primary keys of a group as one text, separated by commas."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """PostgreSQL calls it STRING_AGG, and joins nothing but text."""
        return self.as_sql(
            compiler, connection, function="STRING_AGG", template="%(function)s(%(expressions)s::text, ',')", **context
        )


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

    @property
    def chosen(self) -> int:
        """How many of its choices are chosen."""
        return sum(choice.chosen for choice in self.choices)

    @property
    def opens(self) -> bool:
        """Whether it is shown open: what most people narrow by, and what they have chosen."""
        return self.name in OPEN or bool(self.chosen)

    @property
    def first(self) -> list[Choice]:
        """What is shown of a long list: its beginning, and everything that is chosen."""
        if len(self.choices) <= FIRST_CHOICES + 1:
            return self.choices
        return [choice for number, choice in enumerate(self.choices) if number < FIRST_CHOICES or choice.chosen]

    @property
    def rest(self) -> list[Choice]:
        """What is folded away behind `first`."""
        first = self.first
        return [choice for choice in self.choices if choice not in first]

    @property
    def narrows(self) -> bool:
        """Whether it leaves anything to choose."""
        return len(self.choices) > 1 or bool(self.chosen)


# Their labels say more than their values: the place of an edition that is not published. Topics have public pages.
TELLING = frozenset({"editions"})


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way to tell documents apart.

    `mark` is a property of a row, of which there are few different ones; `values` are what stands in the address for a
    mark (an edition may have two hosts, a document without edition has none).
    """

    field: str
    label: str
    mark: Callable[[Row], Hashable]
    values: Callable[[Any], tuple[str, ...]]
    options: Callable[[set[str]], Options]

    def passing(self, rows: Iterable[Row], chosen: frozenset[str]) -> set[Hashable]:
        """The marks of those rows that have one of the chosen values."""
        return {mark for mark in set(map(self.mark, rows)) if not chosen.isdisjoint(self.values(mark))}

    def counts(self, marks: Counter[Hashable]) -> Mapping[str, int]:
        """How many rows have each value, from how many have each mark."""
        counts: Counter[str] = Counter()
        for mark, count in marks.items():
            for value in self.values(mark):
                counts[value] += count
        return counts

    def facet(self, marks: Counter[Hashable], chosen: frozenset[str]) -> Facet:
        """The facet for rows with these marks: choices that would find something, and the chosen ones."""
        counts = self.counts(marks)
        choices = [
            Choice(value, self._shown(value, label, counts), counts.get(value, 0), value in chosen)
            for value, label in self.options(set(counts) | chosen)
            if counts.get(value) or value in chosen
        ]
        return Facet(PARAMETERS[self.field], self.label, choices)

    def _shown(self, value: str, label: str, counts: Mapping[str, int]) -> str:
        """What a value is called; of one that was only typed into the address nothing is told that it did not say."""
        return label if counts.get(value) or self.field not in TELLING else value


@dataclass(frozen=True, slots=True)
class TopicDimension(Dimension):
    """Topics: a document has any number of them, so sets of documents are compared, and not marks."""

    documents: Mapping[str, set[int]]

    def passing(self, rows: Iterable[Row], chosen: frozenset[str]) -> set[Hashable]:
        return {pk for slug in chosen for pk in self.documents.get(slug, ())}

    def counts(self, marks: Counter[Hashable]) -> Mapping[str, int]:
        found = set(marks)
        return {slug: len(found & documents) for slug, documents in self.documents.items()}


def narrow(rows: list[Row], filters: Filters, places: Mapping[int, Place]) -> tuple[list[Row], list[Facet]]:
    """The rows that fit all choices, and the facets.

    A facet counts within the choices of the *others*, so that a second choice in it shows what that adds.
    """
    dimensions = _dimensions(rows, places)
    tests = {
        each.field: (each.mark, each.passing(rows, chosen))
        for each in dimensions
        if (chosen := getattr(filters, each.field))
    }

    def fitting(but: str = "") -> list[Row]:
        left = rows
        for name, (mark, passing) in tests.items():
            if name != but:
                left = [row for row in left if mark(row) in passing]
        return left

    fit = fitting()
    # Three facets look at the edition of a row, and thousands of rows are counted.
    marked = {mark: Counter(map(mark, fit)) for mark in {each.mark for each in dimensions if each.field not in tests}}
    facets = [
        each.facet(
            Counter(map(each.mark, fitting(each.field))) if each.field in tests else marked[each.mark],
            getattr(filters, each.field),
        )
        for each in dimensions
    ]
    return fit, [facet for facet in facets if facet.choices]


def _dimensions(rows: list[Row], places: Mapping[int, Place]) -> list[Dimension]:
    newest = sorted(places.values(), key=lambda place: place.start, reverse=True)
    offices = sorted({host for place in places.values() for host in place.hosts}, key=lambda host: host[1])
    topics, names = _topics(rows)

    edition = attrgetter("edition_id")

    def of_edition(choose: Callable[[Place], Iterable[str]]) -> Callable[[int | None], tuple[str, ...]]:
        return lambda pk: tuple(choose(place)) if pk and (place := places.get(pk)) else ()

    return [
        Dimension("kinds", "Art", attrgetter("kind"), _alone, lambda _: _labels(Document.Kind.choices)),
        Dimension(
            "series",
            "Reihe",
            edition,
            of_edition(lambda place: [place.series_slug]),
            lambda _: {place.series_slug: place.series for place in places.values()}.items(),
        ),
        Dimension(
            "editions",
            "Ausgabe",
            edition,
            of_edition(lambda place: [place.key]),
            lambda _: [(place.key, place.label) for place in newest],
        ),
        TopicDimension(
            "topics",
            "Thema",
            attrgetter("pk"),
            _alone,
            lambda _: sorted(names.items(), key=lambda item: item[1].casefold()),
            topics,
        ),
        Dimension("years", "Jahr", lambda row: moment_of(row, places)[:4], _alone, _years),
        Dimension(
            "offices",
            "Gastgeberin",
            edition,
            of_edition(lambda place: [slug for slug, _ in place.hosts]),
            lambda _: offices,
        ),
        Dimension("formats", "Format", attrgetter("extension"), _alone, lambda _: _format_labels()),
        Dimension("languages", "Sprache", attrgetter("language"), _alone, _language_labels),
        Dimension("levels", "Zugang", attrgetter("level"), _alone, lambda _: _labels(Level.choices)),
    ]


def _topics(rows: list[Row]) -> tuple[Mapping[str, set[int]], Mapping[str, str]]:
    """The documents of each topic, by its slug, and what it is called (one query)."""
    links = Document.topics.through.objects.order_by("topic__slug")
    if len(rows) <= MOST_NAMED:
        links = links.filter(document_id__in=[row.pk for row in rows])
    # One row a topic: thousands of rows take longer to be read than to be found.
    topics = links.values("topic__slug", "topic__name").annotate(documents=JoinedKeys("document_id"))
    documents = {topic["topic__slug"]: set(map(int, topic["documents"].split(","))) for topic in topics}
    return documents, {topic["topic__slug"]: topic["topic__name"] for topic in topics}


def _alone(mark: Any) -> tuple[str, ...]:
    return (str(mark),) if mark != "" else ()


def _labels(choices: Iterable[tuple[Any, Any]]) -> Options:
    return [(str(value), str(label)) for value, label in choices]


def _years(values: set[str]) -> Options:
    return [(year, year) for year in sorted(values, reverse=True) if year.isdecimal()]


def _format_labels() -> Options:
    return [(kind.extension, kind.label) for kind in FILE_TYPES.values()]


def _language_labels(values: set[str]) -> Options:
    return sorted(((code, language_name(code)) for code in values), key=lambda option: option[1])
