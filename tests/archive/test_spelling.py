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


@given(st.text("abcd", min_size=4, max_size=9), st.text("abcd", min_size=3, max_size=10), st.integers(1, 2))
def test_similar_words_share_a_piece(first, second, limit):
    if distance(first, second, limit) <= limit:
        assert any(piece in second for piece in pieces(first, limit))


def test_short_words_are_taken_as_they_are():
    assert [tolerance(word) for word in ("amt", "land", "konzepte")] == [0, 1, 2]
