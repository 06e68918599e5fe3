"""Another query for one that finds little or nothing: "Meinten Sie …?"

Only words of documents that the reader may see are suggested: the vocabulary knows words of all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from django.db.models import Count, Exists, Q
from django.db.models.functions import Length

from archive.models import Document, DocumentLeaf, Term
from archive.searching.matching import documents_with
from archive.searching.rows import Row, matches_at_least
from archive.searching.spelling import distance, pieces, tolerance
from archive.searching.vocabulary import QueryWord, expand
from home.search import analysis

# With so many finds or fewer, a word that stands in many more documents may have been meant.
FEW = 2
TIMES_MORE = 5
# Words looked at in a long query, similar words of which the documents are counted, and words of one question.
MOST_WORDS = 6
MOST_SIMILAR = 8
AT_ONCE = 50
# Where the spelling of a word is looked up.
DOCUMENTS_READ = 10
PAGES_READ = 50


class Similar(NamedTuple):
    """A word of the archive, and how many letters (added, left out, changed or swapped) tell it from the one typed."""

    distance: int
    word: str


def suggestion(user: Any, query: str, words: Sequence[QueryWord], rows: Sequence[Row]) -> str:
    """The query with words that are probably mistyped put right; "" if there is nothing better to suggest.

    `rows` is what was found. Looked at are words that stand nowhere in what the reader may see, and all words if hardly
    anything was found. Words of other documents play no part, neither by being suggested nor by being in the way.
    """
    found = len(rows)
    if not words or (found > FEW and any(row.tier == 0 for row in rows)):
        return ""
    typed = words[:MOST_WORDS]
    near = _similar(typed)
    if not any(near.values()):
        return ""
    seen = _seen(user, {each.word for words in near.values() for each in words} | {word.term for word in typed})
    similar: dict[str, list[Similar]] = {}
    for word in typed:
        is_right = word.term in seen
        if found > FEW and is_right:
            continue
        # Beside finds, a word that is there only gets words that differ by a letter.
        limit = 1 if found and is_right else tolerance(word.term)
        similar[word.term] = [each for each in near[word.term] if each.distance <= limit and each.word in seen]
    doubtful = [word for word in typed if similar.get(word.term)]
    right = _put_right(user, doubtful, similar) if doubtful else {}
    if not right:
        return ""
    surfaces = {word.term: _surface(user, right[word.term], word) for word in doubtful if word.term in right}
    better = _replaced(query[: analysis.MAX_QUERY_CHARACTERS], surfaces)
    # Whether it finds more can matter only where hardly anything was found.
    enough = found + 1 if found <= FEW else 1
    return better if matches_at_least(user, expand(analysis.words_of_query(better)), enough) else ""


def _similar(words: Sequence[QueryWord]) -> dict[str, list[Similar]]:
    """For each word those of the vocabulary that are spelt like it, the most similar first (one query for all)."""
    near: dict[str, list[Similar]] = {word.term: [] for word in words}
    limits = {term: limit for term in near if (limit := tolerance(term))}
    condition = Q()
    for term, limit in limits.items():
        condition |= _spelt_like(term, limit)
    if not condition:
        return near
    others = Term.objects.alias(length=Length("word")).filter(condition).order_by().values_list("word", flat=True)
    for other in others:
        for term, limit in limits.items():
            apart = distance(term, other, limit)
            if 0 < apart <= limit:
                near[term].append(Similar(apart, other))
    return {term: sorted(found) for term, found in near.items()}


def _spelt_like(term: str, limit: int) -> Q:
    """Words of about this length that have one of the `pieces` of `term`."""
    shared = Q()
    for place, piece in pieces(term, limit):
        shared |= Q((f"word__{place}", piece))
    return shared & Q(length__range=(len(term) - limit, len(term) + limit))


def _seen(user: Any, terms: Collection[str]) -> set[str]:
    """Those of the words that stand in a document that `user` may see (one query for AT_ONCE of them)."""
    seen: set[str] = set()
    ordered = sorted(terms)
    visible = Document.objects.visible_to(user).order_by()
    for portion in (ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE)):
        found = {f"seen_{number}": documents_with([{term}]) for number, term in enumerate(portion)}
        columns = {name: Exists(visible.filter(pk__in=keys)) for name, keys in found.items()}
        # One row, of a table that has one whenever there is anything to find.
        answers: dict[str, Any] = dict(Term.objects.order_by().values(**columns).first() or {})
        seen.update(term for number, term in enumerate(portion) if answers.get(f"seen_{number}"))
    return seen


def _put_right(user: Any, words: Sequence[QueryWord], similar: dict[str, list[Similar]]) -> dict[str, str]:
    """For each word that hardly any document has a similar one that more of them have (one query).

    Of many similar words the least different are counted.
    """
    nearest = {word.term: similar[word.term][:MOST_SIMILAR] for word in words}
    counts = _counts(user, {word.term for word in words} | {each.word for near in nearest.values() for each in near})
    right = {}
    for word in words:
        own = counts[word.term]
        better = [each for each in nearest[word.term] if counts[each.word] > own * TIMES_MORE]
        if better:
            best = min(better, key=lambda each: (each.distance, -counts[each.word], each.word))
            right[word.term] = best.word
    return right


def _counts(user: Any, terms: Collection[str]) -> dict[str, int]:
    """In how many documents that `user` may see each word stands (one query)."""
    columns = {
        f"count_{number}": Count("pk", filter=Q(pk__in=documents_with([{term}]))) for number, term in enumerate(terms)
    }
    counted = Document.objects.visible_to(user).order_by().aggregate(**columns)
    return dict(zip(terms, counted.values(), strict=True))


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
