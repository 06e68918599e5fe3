"""How far apart two words are for somebody who mistypes."""

from __future__ import annotations

from collections.abc import Iterator

# Shorter words are taken as they are; in longer ones two letters may be wrong.
SHORTEST, LONG = 4, 8


def tolerance(word: str) -> int:
    """How many wrong letters are put right in a word of this length."""
    return 0 if len(word) < SHORTEST else 1 if len(word) < LONG else 2


def pieces(word: str, limit: int) -> Iterator[tuple[str, str]]:
    """Parts of `word` of which at least one is in every word at most `limit` wrong letters away, and where it is there:
    "startswith", "contains" or "endswith", as Django's lookups are called.

    One part more than there may be wrong letters; a letter is left out between two, lest a swap there spoils both. A
    letter too much before the first part is its wrong letter, and one behind the last is that one's.
    """
    for index in range(limit + 1):
        start, end = (len(word) * step // (limit + 1) for step in (index, index + 1))
        place = "startswith" if not index else "endswith" if index == limit else "contains"
        yield place, word[start + bool(index) : end]


def distance(first: str, second: str, limit: int) -> int:
    """Letters added, left out, changed or swapped with their neighbour from one word to the other; more than `limit`
    once it is certain (optimal string alignment, L. Boytsov, Indexing methods for approximate dictionary searching).
    """
    # A change brings one letter in and takes one out at most.
    if abs(len(first) - len(second)) > limit or len(set(first) ^ set(second)) > 2 * limit:
        return limit + 1
    far = limit + 1
    earlier: list[int] = []
    last = [min(j, far) for j in range(len(second) + 1)]
    for i, letter in enumerate(first, start=1):
        row = [min(i, far)] + [far] * len(second)
        # Letters that stand further apart than `limit` are never matched.
        for j in range(max(1, i - limit), min(len(second), i + limit) + 1):
            other = second[j - 1]
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                cost = min(cost, earlier[j - 2] + 1)
            row[j] = cost
        if min(row) > limit:
            return far
        earlier, last = last, row
    return last[-1]
