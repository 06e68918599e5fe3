"""Another query for one that finds little or nothing: "Meinten Sie …?"

Only words of documents that the reader may see are suggested: the vocabulary knows words of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.db.models.functions import Length

from archive.models import Document, DocumentLeaf, Term
from archive.searching.matching import documents_with
from archive.searching.rows import matching_rows
from archive.searching.vocabulary import QueryWord, expand
from home.search import analysis

# With so many finds or fewer, a word that stands in many more documents may have been meant.
FEW = 2
TIMES_MORE = 5
# Words looked at in a long query, and similar words of which the documents are counted.
MOST_WORDS = 6
MOST_SIMILAR = 4
SHORTEST = 4
# Where the spelling of a word is looked up.
DOCUMENTS_READ = 10
PAGES_READ = 50


class Similar(NamedTuple):
    """A word of the archive, and how many letters (added, left out, changed or swapped) tell it from the one typed."""

    distance: int
    word: str
    documents: int


def suggestion(user: Any, query: str, words: Sequence[QueryWord], found: int) -> str:
    """The query with words that are probably mistyped put right; "" if there is nothing better to suggest.

    Looked at are words that stand nowhere in the archive, and all words if hardly anything was found.
    """
    doubtful = [word for word in words[:MOST_WORDS] if found <= FEW or not word.exact]
    similar = _similar(doubtful, rare=found > 0)
    if not similar:
        return ""
    right = _put_right(user, [word for word in doubtful if word.term in similar], similar)
    if not right:
        return ""
    surfaces = {word.term: _surface(user, right[word.term], word) for word in doubtful if word.term in right}
    better = _replaced(query, surfaces)
    more = len(matching_rows(user, expand(analysis.words_of_query(better))))
    return better if more and (more > found or found > FEW) else ""


def _similar(words: Sequence[QueryWord], *, rare: bool) -> dict[str, list[Similar]]:
    """For each word the words of the archive that are spelt like it, the most similar first (one query for all).

    With `rare` a word that is in the archive itself gets only much more frequent ones that differ by a letter.
    """
    limits = {word.term: min(tolerance(word.term), 1 if rare and word.exact else 2) for word in words}
    asked = [word for word in words if limits[word.term]]
    condition = Q()
    for word in asked:
        condition |= _spelt_like(word.term, limits[word.term], TIMES_MORE if rare and word.exact else 1)
    if not condition:
        return {}
    rows = Term.objects.alias(length=Length("word")).filter(condition).order_by().values_list("word", "documents")
    found: dict[str, list[Similar]] = {}
    for other, documents in rows:
        for word in asked:
            limit = limits[word.term]
            if other != word.term and abs(len(other) - len(word.term)) <= limit:
                apart = distance(word.term, other, limit)
                if apart <= limit:
                    found.setdefault(word.term, []).append(Similar(apart, other, documents))
    best_first = {
        term: sorted(near, key=lambda each: (each.distance, -each.documents, each.word)) for term, near in found.items()
    }
    return {term: near[:MOST_SIMILAR] for term, near in best_first.items()}


def _spelt_like(term: str, limit: int, documents: int) -> Q:
    """Words of about this length with a piece of `term`: with fewer wrong letters than pieces, one piece is right."""
    pieces = Q()
    for index in range(limit + 1):
        pieces |= Q(word__contains=term[len(term) * index // (limit + 1) : len(term) * (index + 1) // (limit + 1)])
    return pieces & Q(length__range=(len(term) - limit, len(term) + limit), documents__gte=documents)


def tolerance(word: str) -> int:
    """How many wrong letters are put right in a word of this length."""
    return 0 if len(word) < SHORTEST else 1 if len(word) < 6 else 2


def distance(first: str, second: str, limit: int) -> int:
    """Letters added, left out, changed or swapped with their neighbour from one word to the other; more than `limit`
    once it is certain (optimal string alignment, L. Boytsov, Indexing methods for approximate dictionary searching).
    """
    earlier: list[int] = []
    last = list(range(len(second) + 1))
    for i, letter in enumerate(first, start=1):
        row = [i]
        for j, other in enumerate(second, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        earlier, last = last, row
    return last[-1]


def _put_right(user: Any, words: Sequence[QueryWord], similar: dict[str, list[Similar]]) -> dict[str, str]:
    """For each word that hardly any document has a similar one that more of them have (one query)."""
    questions = {word.term: [word.exact] for word in words}
    questions |= {each.word: [{each.word}] for near in similar.values() for each in near}
    counts = _counts(user, questions)
    right = {}
    for word in words:
        own = counts[word.term]
        better = [each for each in similar[word.term] if counts[each.word] > own * TIMES_MORE]
        if better:
            best = min(better, key=lambda each: (each.distance, -counts[each.word], each.word))
            right[word.term] = best.word
    return right


def _counts(user: Any, questions: dict[str, list[Any]]) -> dict[str, int]:
    """How many documents that `user` may see answer each question (one query)."""
    asked = {name: found for name, question in questions.items() if (found := documents_with(question)) is not None}
    columns = {f"count_{number}": Count("pk", filter=Q(pk__in=found)) for number, found in enumerate(asked.values())}
    counted = Document.objects.visible_to(user).order_by().aggregate(**columns)
    return dict.fromkeys(questions, 0) | dict(zip(asked, counted.values(), strict=True))


def _surface(user: Any, term: str, typed: QueryWord) -> str:
    """The word as it is written in documents that `user` may see; of several forms the one most like the word typed.

    Two queries. Without a text with the word (its documents may be new) the index form itself.
    """
    documents = Document.objects.visible_to(user).filter(pk__in=documents_with([{term}])).order_by("-pk")
    described = documents.values_list("pk", "title", "summary", "speakers", "organisations")[:DOCUMENTS_READ]
    pages = DocumentLeaf.objects.filter(
        version__document__in=[row[0] for row in described], version__withdrawn_at=None, terms__contains=term
    )
    texts = [*pages.values_list("text", flat=True)[:PAGES_READ], *(" ".join(row[1:]) for row in described)]
    written = {word.surface for text in texts for word in analysis.occurrences(text, {term})}
    folded = analysis.fold(typed.surface)

    def unlike(surface: str) -> tuple[int, int, str]:
        return distance(folded, analysis.fold(surface), len(folded)), len(surface), surface

    return min(written, key=unlike, default=term)


def _replaced(query: str, surfaces: dict[str, str]) -> str:
    text, position, pieces = analysis.clean(query), 0, []
    for word in analysis.words(text):
        if word.term in surfaces:
            pieces += [text[position : word.start], surfaces[word.term]]
            position = word.end
    return " ".join("".join([*pieces, text[position:]]).split())
