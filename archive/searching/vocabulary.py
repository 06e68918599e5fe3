"""From the words of a query to the words of the archive.

German compounds hide words: "Mittel" is in "Fördermitteln", and "Integrationskonzept" speaks of "Konzepte zur
Integration". The vocabulary knows every word of the archive, so this needs no dictionary.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from django.db.models import Q

from archive.models import Term

# Shorter words are inside too many others.
SHORTEST_PART = 4
MAX_NEAR = 60
MAX_FAR = 60
# What German puts between the parts of a compound: Integration-s-konzept, Menschen-rechte.
JOINTS = ("", "s", "es", "n", "en", "er", "e", "ns")


@dataclass(slots=True)
class QueryWord:
    """A word of the query and what it stands for in the archive.

    `exact` is the word itself; `near` starts or ends with it; `far` has it in the middle; `parts` are words of which it
    is composed itself, and only count together.
    """

    term: str
    exact: set[str] = field(default_factory=set)
    near: set[str] = field(default_factory=set)
    far: set[str] = field(default_factory=set)
    parts: tuple[str, ...] = ()

    @property
    def all_terms(self) -> set[str]:
        return self.exact | self.near | self.far | set(self.parts)

    @property
    def alternatives(self) -> tuple[set[str], tuple[str, ...]]:
        """Everything that a document may have for this word (see `matching.documents_with`)."""
        return self.exact | self.near | self.far, self.parts

    def stands_in(self, terms: set[str]) -> int:
        """How well a page with these terms answers the word: 2 exactly, 1 by a compound or its parts, 0 not at all."""
        if terms & self.exact:
            return 2
        return int(bool(terms & (self.near | self.far)) or (bool(self.parts) and terms.issuperset(self.parts)))


def expand(terms: Collection[str], *, exact: bool = False) -> list[QueryWord]:
    """What each term stands for, in one query on the vocabulary; with `exact` only itself."""
    if exact or not terms:
        return [QueryWord(term, {term}) for term in terms]
    condition = Q(word__in={part for term in terms for part in (term, *_pieces(term))})
    for term in terms:
        if len(term) >= SHORTEST_PART:
            condition |= Q(word__contains=term)
    # The most common first; ties by letters here and not in the database, whose collations differ.
    rows = sorted(Term.objects.filter(condition).values_list("documents", "word"), key=lambda row: (-row[0], row[1]))
    known = [word for _, word in rows]
    return [_expand(term, known) for term in terms]


def _expand(term: str, known: list[str]) -> QueryWord:
    word = QueryWord(term)
    if term in known:
        word.exact = {term}
    if len(term) >= SHORTEST_PART:
        longer = [other for other in known if other != term and term in other]
        near = [other for other in longer if other.startswith(term) or other.endswith(term)]
        word.near = set(near[:MAX_NEAR])
        word.far = set([other for other in longer if other not in word.near][:MAX_FAR])
    word.parts = next(_splits(term, set(known)), ())
    return word


def _pieces(term: str) -> Iterator[str]:
    """Beginnings and ends of a compound that may be words."""
    for length in range(SHORTEST_PART, len(term) - SHORTEST_PART + 1):
        yield term[:length]
        yield term[length:]


def _splits(term: str, known: set[str]) -> Iterator[tuple[str, str]]:
    """Head and tail of a compound whose parts are known, the longest head first."""
    for length in range(len(term) - SHORTEST_PART, SHORTEST_PART - 1, -1):
        for joint in JOINTS:
            tail = term[length:].removeprefix(joint) if term.startswith(joint, length) else ""
            if len(tail) >= SHORTEST_PART and term[:length] in known and tail in known:
                yield term[:length], tail
