"""A library of any size from a seed: documents of twenty pages with all that a search shows and narrows by.

Rows are written in bulk and the index is built by the functions that build it in production; only the reading of files
is left out (`bench/intake.py` measures that).
"""

from __future__ import annotations

import datetime
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection, transaction
from modelsearch.conf import get_app_config
from wagtail.models import Collection
from wagtail.search.backends import get_search_backend

from archive.access import Level
from archive.file_types import FILE_TYPES
from archive.indexing import MAX_INDEXED_CHARACTERS
from archive.models import Document, DocumentLeaf, DocumentVersion, Term
from bench.german import Zipf, vocabulary
from home.models import CoordinationOffice, EditionPage, EventSeries, Participation, SeriesPage, Topic
from home.roles import Role
from home.search import analysis
from home.search.phrases import is_pair, pairs_of

SEED = 4
PAGES = 20
# One document is as long as intake takes them, and the newest: it stands on the first page for every common word.
LONG_NUMBER, LONG_PAGES = 500, 10_000
WORDS_ON_A_PAGE = 80
VOCABULARY = 60_000
LONG_DAY = datetime.date(2026, 1, 1)
BATCH = 200
TOPICS = 16
PLACES = ("Halle", "Barby", "Magdeburg", "Stendal", "Dessau", "Gardelegen", "Bernburg", "Merseburg", "Burg", "Naumburg")
SERIES = (("Ideenwerkstatt", "ideenwerkstatt", 14), ("Ideencafé", "ideencafe", 8), ("Fachtag", "fachtage", 4))
# What is not named here is as rare as the rarest.
SHARES = {"presentation": 40, "protocol": 15, "handout": 15, "photo": 10, "programme": 8}
KINDS = [kind for kind in Document.Kind.values for _ in range(SHARES.get(kind, 6))]
LEVELS = [Level.PUBLIC] * 6 + [Level.COORDINATION] * 3 + [Level.STEERING_GROUP]
FORMATS = ["pdf"] * 12 + ["pptx"] * 5 + ["docx"] * 3 + ["odt", "jpg", "txt"]


@dataclass(frozen=True, slots=True)
class Load:
    """How long it took to write the rows and to build the index of so many documents."""

    documents: int
    row_seconds: float
    index_seconds: float


@dataclass(frozen=True, slots=True)
class Words:
    """The vocabulary by rank, the index form of each word, and what `phrases.pairs_of` reads."""

    surfaces: list[str]
    terms: list[str]
    steps: list[tuple[str, str, bool]]


def ranked_words() -> list[str]:
    """The vocabulary as it is written, the most frequent word first."""
    return vocabulary(VOCABULARY, SEED)


def words() -> Words:
    """What `fill` needs to know of the whole vocabulary."""
    surfaces = ranked_words()
    terms = [analysis.term_of(word) for word in surfaces]
    return Words(surfaces, terms, [(surface, term, True) for surface, term in zip(surfaces, terms, strict=True)])


def fill(first: int, last: int) -> Load:
    """Adds the documents with the numbers `first` to `last` (exclusive) to an empty or smaller library."""
    editions, topics = _surroundings()
    started = time.perf_counter()
    known = words()
    drawn = Zipf(VOCABULARY, SEED + first)
    counts: Counter[str] = Counter()
    index = get_search_backend().get_index_for_model(Document)
    index_seconds = 0.0
    for start in range(first, last, BATCH):
        numbers = range(start, min(start + BATCH, last))
        with transaction.atomic():
            documents = _write(numbers, editions, topics, known, drawn, counts)
            writing = time.perf_counter()
            index.add_items(Document, documents)
            index_seconds += time.perf_counter() - writing
    _write_terms(counts)
    return Load(last - first, time.perf_counter() - started - index_seconds, index_seconds)


def _write(
    numbers: range,
    editions: list[EditionPage],
    topics: list[Topic],
    known: Words,
    drawn: Zipf,
    counts: Counter[str],
) -> list[Document]:
    documents = Document.objects.bulk_create([_document(number, editions, known, drawn) for number in numbers])
    versions = DocumentVersion.objects.bulk_create([_version(document) for document in documents])
    links = []
    for document, version in zip(documents, versions, strict=True):
        document.current_version = version
        rng = random.Random(f"topics {document.title}")  # noqa: S311
        links += [
            Document.topics.through(document=document, topic=topic)
            for topic in rng.sample(topics, rng.choice((0, 1, 1, 2, 3)))
        ]
    Document.objects.bulk_update(documents, ["current_version"])
    Document.topics.through.objects.bulk_create(links)
    for document, version in zip(documents, versions, strict=True):
        found = dict.fromkeys(analysis.terms(document.title))
        DocumentLeaf.objects.bulk_create(_leaves(version, known, drawn, found), batch_size=BATCH * PAGES)
        counts.update(term for term in found if not is_pair(term))
        # What `Document.search_terms` would read again, three times for each document.
        text = " ".join(found)[:MAX_INDEXED_CHARACTERS]
        document.search_terms = lambda text=text: text
    return documents


def _document(number: int, editions: list[EditionPage], known: Words, drawn: Zipf) -> Document:
    rng = random.Random(number)  # noqa: S311
    edition = rng.choice(editions)
    # The words of a title are not the most frequent ones.
    title = " ".join(known.surfaces[position + 100] for position in drawn.draw(4) if position + 100 < VOCABULARY)
    return Document(
        title=f"{title} {number}",
        file=f"documents/{number}/1.pdf",
        file_size=100_000,
        file_hash="",
        collection=Collection.get_first_root_node(),
        kind=rng.choice(KINDS),
        edition=edition,
        date=LONG_DAY if number == LONG_NUMBER else edition.start_date if rng.random() < 0.7 else None,
        speakers=rng.choice(("", "Ada Beispiel", "Dr. Paul Muster, Eva Probe")),
        language=rng.choice(("de", "de", "de", "de", "en")),
        level=Level.PUBLIC if number == LONG_NUMBER else rng.choice(LEVELS),
        people="none",
        publication_agreed=True,
    )


def _version(document: Document) -> DocumentVersion:
    extension = random.Random(document.title).choice(FORMATS)  # noqa: S311
    return DocumentVersion(
        document=document,
        number=1,
        file=document.file.name,
        original_name=f"{document.title[:80]}.{extension}",
        sha256=f"{document.pk:064x}",
        size=100_000,
        media_type=FILE_TYPES[extension].media_type,
        page_count=_pages_of(document),
        extraction=DocumentVersion.Extraction.DONE,
    )


def _pages_of(document: Document) -> int:
    return LONG_PAGES if document.date == LONG_DAY else PAGES


def _leaves(version: DocumentVersion, known: Words, drawn: Zipf, found: dict[str, None]) -> Iterator[DocumentLeaf]:
    for number in range(1, _pages_of(version.document) + 1):
        positions = drawn.draw(WORDS_ON_A_PAGE)
        terms = dict.fromkeys([known.terms[position] for position in positions])
        terms |= dict.fromkeys(pairs_of([known.steps[position] for position in positions]))
        found.update(terms)
        yield DocumentLeaf(
            version=version,
            number=number,
            text=" ".join([known.surfaces[position] for position in positions]),
            terms=" ".join(terms),
            image=f"leaves/{version.pk}/{number}.webp",
            width=1000,
            height=1414,
        )


def _write_terms(counts: Counter[str]) -> None:
    """What `indexing.following` keeps in step, for all documents at once."""
    known = dict(Term.objects.values_list("word", "documents"))
    rows = [Term(word=word, documents=count + known.get(word, 0)) for word, count in counts.items()]
    with transaction.atomic():
        Term.objects.bulk_create(
            rows, batch_size=BATCH, update_conflicts=True, unique_fields=["word"], update_fields=["documents"]
        )


def _surroundings() -> tuple[list[EditionPage], list[Topic]]:
    """Series, editions with their hosts, and topics; made once."""
    from tests.basic_content import ensure_site

    if not EditionPage.objects.exists():
        _make_surroundings(ensure_site().root_page)
    return list(EditionPage.objects.order_by("pk")), list(Topic.objects.order_by("pk"))


@transaction.atomic
def _make_surroundings(home: object) -> None:
    offices = [
        CoordinationOffice.objects.create(
            name=place,
            slug=place.lower(),
            kind="district",
            ags=f"{15081 + number}",
            code=f"P{number}",
            tile_column=2 * number,
            tile_row=0,
        )
        for number, place in enumerate(PLACES)
    ]
    for number in range(TOPICS):
        Topic.objects.create(name=f"Thema {number}", slug=f"thema-{number}")
    for name, slug, count in SERIES:
        series = EventSeries.objects.get_or_create(slug=slug, defaults={"name": name})[0]
        chronicle = home.add_child(instance=SeriesPage(title=name, slug=slug, series=series))  # type: ignore[attr-defined]
        for number in range(1, count + 1):
            edition = EditionPage(
                title=f"{name} {number}",
                slug=str(number),
                number=number,
                place=PLACES[number % len(PLACES)],
                start_date=datetime.date(2016 + number * 10 // (count + 1), 1 + number % 12, 5),
            )
            chronicle.add_child(instance=edition)
            Participation.objects.create(page=edition, office=offices[number % len(offices)], hosted=True)


def reader() -> Any:
    """A coordinator."""
    user, _ = get_user_model().objects.get_or_create(email="koordination@example.org")
    user.groups.add(Group.objects.get(name=Role.COORDINATOR))
    return user


def settle() -> None:
    """What PostgreSQL does by itself some minutes after a load: statistics, and the index up to date."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def index_bytes() -> int:
    """The size of what the search adds to the database: its index and the vocabulary."""
    tables = [get_app_config().get_model("IndexEntry")._meta.db_table, Term._meta.db_table]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(%s::text[]) AS name", [tables]
            )
        else:
            condition = " OR ".join(["name GLOB %s"] * len(tables))
            cursor.execute(
                f"SELECT sum(pgsize) FROM dbstat WHERE aggregate = TRUE AND ({condition})",  # noqa: S608
                [f"*{table}*" for table in tables],
            )
        return int(cursor.fetchone()[0] or 0)
