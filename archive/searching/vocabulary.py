"""From the words of a query to the words of the archive.

German compounds hide words: "Mittel" is in "Fördermitteln", and "Integrationskonzept" speaks of "Konzepte zur
Integration". The vocabulary knows every word of the archive, so this needs no dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from archive.models import Term
from home.search import analysis
from home.search.analysis import Word
from home.search.phrases import pair

# Shorter words are inside too many others.
SHORTEST_PART = 3
SHORTEST_HALF = 4
# From this length on a word is rarely inside another by accident; around a shorter one there must be a known word.
SURE = 6
# As long as that, the first part need not stand alone anywhere: Schwimm-kurs.
LONG_HEAD = 5
MAX_NEAR = 60
MAX_FAR = 30
# Longer words that are looked at for each short one, the most common first.
MOST_CANDIDATES = 300
# What German puts between the parts of a compound: Integration-s-konzept, Menschen-rechte.
JOINTS = ("", "s", "es", "n", "en", "e", "ns")
# Endings that the stemmer takes off, but a compound keeps: "berat" is all that is left of Beratung-s-stelle.
KEPT = re.compile(r"(?:ung|heit|keit|schaft|ion)(?=(?:en)?$)")
# What makes another word of a word, and no compound: be-antragen, ver-mitteln; Verein-barung, Lehr-ling.
PREFIXES = frozenset(
    re.findall(
        r"\w+",
        "ab an auf aus be bei da ein ent er ge her hin los mit miss nach uber um un unter ver vor weg wider zer zu",
    )
)
SUFFIXES = re.compile(
    r"(?:(?:bar|chen|ei|er|haft|heit|ier|ig|in|isch|ist|keit|lein|lich|ling|los|nis|sal|sam|schaft|tum|ung)"
    r"(?:t|st|s|e|en|er|es)?)+"
)


@dataclass(slots=True)
class QueryWord:
    """A word of the query and what it stands for in the archive.

    `exact` is the word itself; `near` are compounds that start or end with it; `far` have it in the middle; `pairs` are
    phrases that say what it says as a compound itself, each with its two words (see `home.search.phrases`).
    """

    term: str
    surface: str
    exact: set[str] = field(default_factory=set)
    near: set[str] = field(default_factory=set)
    far: set[str] = field(default_factory=set)
    pairs: dict[str, tuple[str, str]] = field(default_factory=dict)
    # Everything that a document may have for this word.
    all_terms: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.all_terms = self.exact | self.near | self.far | self.pairs.keys()

    def stands_in(self, terms: str) -> int:
        """How well a page with these terms (separated by spaces) answers the word: 2 exactly, 1 by a compound or a
        phrase, 0 not at all."""
        # A common word stands on thousands of pages, and looking for it is quicker than taking them apart.
        padded = f" {terms} "
        if any(f" {term} " in padded for term in self.exact):
            return 2
        if self.term not in terms and not any(pair in terms for pair in self.pairs):
            return 0
        return int(not self.all_terms.isdisjoint(terms.split()))

    def marked(self, terms: set[str]) -> set[str]:
        """The words to mark on a page with these terms."""
        return (
            self.exact | self.near | self.far | {part for key in self.pairs.keys() & terms for part in self.pairs[key]}
        )


def expand(typed: Sequence[Word], *, exact: bool = False) -> list[QueryWord]:
    """What each word stands for (one query on the vocabulary, a second for short ones); with `exact` only itself."""
    if exact or not typed:
        return [QueryWord(word.term, word.surface, {word.term}) for word in typed]
    terms = [word.term for word in typed]
    condition = Q(word__in=terms)
    for term in terms:
        if len(term) >= SHORTEST_PART:
            condition |= Q(word__contains=term)
    # The most common first; ties by letters here and not in the database, whose collations differ.
    rows = sorted(Term.objects.filter(condition).values_list("documents", "word"), key=lambda row: (-row[0], row[1]))
    words = [word for _, word in rows]
    there = set(words)
    longer = {
        term: [word for word in words if word != term and term in word] if len(term) >= SHORTEST_PART else []
        for term in terms
    }
    known = _known(longer)
    return [_expand(word, word.term in there, longer[word.term], known) for word in typed]


def _known(longer: dict[str, list[str]]) -> set[str]:
    """Which of the neighbours of short terms are words of the archive."""
    neighbours: set[str] = set()
    for term, words in longer.items():
        if len(term) < SURE:
            del words[MOST_CANDIDATES:]
            for word in words:
                head, tail = _around(word, term)
                neighbours.update(_as_head(head), _as_tail(tail))
    neighbours = {word for word in neighbours if len(word) >= SHORTEST_PART}
    return set(Term.objects.filter(word__in=neighbours).values_list("word", flat=True)) if neighbours else set()


def _around(word: str, term: str) -> tuple[str, str]:
    """What stands before and behind `term` in a longer word."""
    if word.endswith(term):
        return word[: -len(term)], ""
    head, _, tail = word.partition(term)
    return head, tail


def _as_head(head: str) -> set[str]:
    """The word that stands at the beginning of a compound: "integrations" is "integration", "kinder" is "kind"."""
    return {head, analysis.term_of(head)} if head else set()


def _as_tail(tail: str) -> set[str]:
    return {tail.removeprefix(joint) for joint in JOINTS} if tail else set()


def _expand(typed: Word, is_known: bool, longer: list[str], known: set[str]) -> QueryWord:
    term = typed.term
    near: list[str] = []
    far: list[str] = []
    kept = _kept(typed)
    for word in longer:
        part = kept if kept in word else term
        head, tail = _around(word, part)
        if (not head or _is_head(head, part, known)) and (not tail or _is_tail(tail, part, known)):
            (far if head and tail else near).append(word)
    pairs = {pair(*split): split for split in _splits(typed.surface)}
    exact = {term} if is_known else set()
    return QueryWord(term, typed.surface, exact, set(near[:MAX_NEAR]), set(far[:MAX_FAR]), pairs)


def _kept(typed: Word) -> str:
    """The word as it stands inside compounds: "Beratungen" as "beratung"."""
    folded = analysis.fold(typed.surface[: analysis.LONGEST_WORD])
    ending = KEPT.search(folded)
    whole = folded[: ending.end()] if ending else typed.term
    return whole if whole.startswith(typed.term) else typed.term


def _is_head(head: str, term: str, known: set[str]) -> bool:
    """Whether `head` and `term` make a compound."""
    if len(head) < SHORTEST_PART or head in PREFIXES:
        return False
    return len(term) >= SURE or (len(head) >= LONG_HEAD and len(term) > SHORTEST_PART) or bool(_as_head(head) & known)


def _is_tail(tail: str, term: str, known: set[str]) -> bool:
    """Whether `term` and `tail` make a compound."""
    words = [word for word in _as_tail(tail) if len(word) >= SHORTEST_PART]
    if len(term) < SURE:
        return not known.isdisjoint(words)
    return any(SUFFIXES.fullmatch(word) is None for word in words)


def _splits(surface: str) -> Iterator[tuple[str, str]]:
    """The words of which a compound may be made, as the index knows them.

    Cut is the word as it was typed: the stemmer may find other endings in a compound than in its last part.
    """
    folded = analysis.fold(surface[: analysis.LONGEST_WORD])
    if folded.isalpha():
        for length in range(SHORTEST_HALF, len(folded) - SHORTEST_HALF + 1):
            yield analysis.term_of(folded[:length]), analysis.term_of(folded[length:])
