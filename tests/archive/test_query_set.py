"""The frozen queries (`queries/README.md`): German words as coordinators type them, with answers set by hand."""

import datetime
import hashlib
import json
from pathlib import Path

from django.contrib.auth.models import AnonymousUser

from archive.search import Filters, search
from tests.archive.library import store
from tests.contents import made_once

DIRECTORY = Path(__file__).with_name("queries")
QUERIES = json.loads((DIRECTORY / "queries.json").read_text())
RECALL, PRECISION = 0.95, 0.8
# True parts of a compound that mean something else there. Words alone cannot tell that; the query set counts them.
OTHER_MEANING = {("Mittel", "mittelalter"), ("Mittel", "kabel"), ("Förderung", "foerderband")}


def test_queries_and_answers_are_the_frozen_ones():
    sums = [line.split() for line in (DIRECTORY / "frozen.sha256").read_text().splitlines()]

    assert {name for _, name in sums} == {"corpus.json", "queries.json"}
    for sha256, name in sums:
        assert hashlib.sha256((DIRECTORY / name).read_bytes()).hexdigest() == sha256


@made_once
def archive(site) -> None:
    """The archive of the queries: rows as intake and reading leave them, indexed by the real verb."""
    for described in json.loads((DIRECTORY / "corpus.json").read_text()):
        add(described)


def add(described):
    store(
        described["title"],
        *described["pages"],
        name=f"{described['key']}.txt",
        kind=described["kind"],
        date=described["date"] and datetime.date.fromisoformat(described["date"]),
        speakers=described["speakers"],
        organisations=described["organisations"],
    )


def keys(query):
    answer = search(AnonymousUser(), query, Filters(), size=1000)
    return {hit.document.file.name.removesuffix(".txt") for hit in answer.hits}, answer.suggestion


def test_queries_find_what_they_should(archive):
    recalls, precisions, misses, violations = [], [], [], []
    for query in QUERIES:
        typed = query["q"]
        found, _ = keys(query.get("suggest", typed))
        wanted = set(query["find"])
        recalls.append(len(found & wanted) / len(wanted))
        if found:
            precisions.append(len(found & wanted) / len(found))
        if found != wanted:
            misses.append(f"{typed}: lacks {sorted(wanted - found)}, too many {sorted(found - wanted)}")
        violations += [(typed, key) for key in sorted(found & set(query["not"]))]
    recall, precision = sum(recalls) / len(recalls), sum(precisions) / len(precisions)
    print(f"recall {recall:.3f}, precision {precision:.3f}, {len(violations)} violations", *misses, sep="\n")
    print("must not be found:", *violations, sep="\n")

    assert recall >= RECALL
    assert precision >= PRECISION
    assert set(violations) <= OTHER_MEANING


def test_mistyped_words_are_put_right(archive):
    typed = [query for query in QUERIES if query["kind"] == "typo"]

    suggested = {query["q"]: keys(query["q"])[1].casefold() for query in typed}

    assert suggested == {query["q"]: query["suggest"].casefold() for query in typed}
