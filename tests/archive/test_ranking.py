"""The order of what was found: a page of it is the same as if everything had been put into order."""

import random

import pytest

from archive.searching.places import Place
from archive.searching.rows import Ranked, Row
from archive.searching.vocabulary import QueryWord

PLACES = {1: Place("13", "13. Halle", "2024-11-21", "ideenwerkstatt", "Ideenwerkstatt")}
WORDS = [QueryWord("mittel", "Mittel")]


def row(pk, **fields):
    values = {
        "pk": pk, "kind": "handout", "day": None, "title": "Blatt", "edition_id": None, "language": "de", "level": 0,
        "file": "a.pdf", "tier": 0,
    }  # fmt: skip
    return Row(**(values | fields))


def some_rows(count):
    rng = random.Random(20161128)  # noqa: S311 - the same rows every time.
    return [
        row(
            pk,
            day=rng.choice([None, "2024-11-21", "2016-03-01", f"20{rng.randrange(16, 25)}-0{rng.randrange(1, 9)}-11"]),
            title=rng.choice(["Mittel und Wege", "blatt", "Blatt", "Ämter", "Fördermittel"]),
            edition_id=rng.choice([None, 1, 99]),
            tier=rng.choice([0, 0, 0, 1, 2]),
        )
        for pk in range(count)
    ]


def test_exact_words_in_the_title_come_first_then_the_newest_then_the_alphabet():
    rows = [
        row(1, tier=2, day="2025-01-01"),
        row(2, tier=1, day="2025-01-01", title="Mittel"),
        row(3, day="2016-01-01", title="Zebra"),
        row(4, day="2016-01-01", title="apfel"),
        row(5, edition_id=1),
        row(6, day="2010-01-01", title="Mittel"),
        row(7),
    ]

    order = [each.pk for each in Ranked(rows, WORDS, PLACES)[:]]

    assert order == [6, 5, 4, 3, 7, 2, 1]


@pytest.mark.parametrize("words", [WORDS, []])
@pytest.mark.parametrize("size", [1, 10, 37, 500])
def test_pages_together_are_the_whole_order(size, words):
    rows = some_rows(300)
    ranked = Ranked(rows, words, PLACES)

    pages = [each for start in range(0, 300, size) for each in ranked[start : start + size]]

    assert pages == ranked[:]
    assert len(ranked) == 300
    assert sorted(each.pk for each in pages) == list(range(300))


def test_single_rows_and_ends_of_the_order():
    ranked = Ranked(some_rows(50), WORDS, PLACES)

    assert [ranked[0], ranked[-1]] == [ranked[:][0], ranked[:][-1]]
    assert ranked[60:70] == []
    with pytest.raises(IndexError):
        ranked[50]
