"""How far two words are apart, and which words of the vocabulary are near."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.searching.spelling import distance, pieces, tolerance


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        ("stadt", "stadt", 0),
        ("stad", "stadt", 1),
        ("stattd", "stadt", 2),
        ("satdt", "stadt", 1),
        ("konzeppt", "konzept", 1),
        ("konzebd", "konzept", 2),
        ("haus", "maus", 1),
        ("haus", "boot", 3),
    ],
)
def test_distance_counts_wrong_letters(first, second, apart):
    assert distance(first, second, 2) == apart
    assert distance(second, first, 2) == apart


@given(st.text("abcd", max_size=8), st.text("abcd", max_size=8), st.integers(0, 3))
def test_distance_is_the_same_up_to_every_limit(first, second, limit):
    whole = distance(first, second, 20)

    assert min(distance(first, second, limit), limit + 1) == min(whole, limit + 1)


def mistyped(word: str, edits: list[tuple[str, int, str]]) -> str:
    """The word with a letter added, left out, changed or swapped with the next, at one place after the other."""
    for kind, place, letter in edits:
        at = place % (len(word) + 1)
        before, here, after = word[:at], word[at : at + 1], word[at + 1 :]
        word = {
            "add": before + letter + here + after,
            "leave out": before + after,
            "change": before + (here and letter) + after,
            "swap": before + after[:1] + here + after[1:],
        }[kind]
    return word


EDITS = st.tuples(st.sampled_from(["add", "leave out", "change", "swap"]), st.integers(0, 12), st.sampled_from("abcd"))


@given(st.text("abcd", min_size=4, max_size=12), st.lists(EDITS, max_size=2), st.integers(1, 2))
def test_similar_words_have_a_piece_at_its_place(word, edits, limit):
    other = mistyped(word, edits)
    there = {"startswith": str.startswith, "contains": str.__contains__, "endswith": str.endswith}

    if distance(word, other, limit) <= limit:
        assert any(there[place](other, piece) for place, piece in pieces(word, limit))


def test_short_words_are_taken_as_they_are():
    assert [tolerance(word) for word in ("amt", "land", "konzepte")] == [0, 1, 2]
