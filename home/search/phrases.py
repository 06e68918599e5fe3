"""Two nouns that say together what a compound says: "Konzept für die Integration" is an "Integrationskonzept".

The index keeps such a pair as one more word, both nouns in the order of the alphabet with a zero between them
("integration0konzept"): one token for the databases, and no word that stands in a text. So a compound finds the phrase,
and not every text in which both words happen to stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from home.search import analysis

# Between the nouns: articles and prepositions, and one word more ("Markt für kleine Wohnungen").
LINKS = frozenset(
    re.findall(
        r"\w+",
        "am an auf aus bei beim das dem den der des die durch ein eine einem einen einer eines für gegen im in ins mit "
        "nach über unter vom von vor zu zum zur",
    )
)
MOST_LINKS = 3
_PAIR = re.compile(r"[^\W\d_]+0[^\W\d_]+")


def pair(first: str, second: str) -> str:
    """The token of two index forms, whatever their order."""
    return "0".join(sorted((first, second)))


def is_pair(term: str) -> bool:
    """Whether a term of the index stands for two words that follow each other."""
    return _PAIR.fullmatch(term) is not None


def pairs(text: str) -> Iterator[str]:
    """The pairs of nouns of a text, each as often as it occurs. Punctuation ends a phrase."""
    end = 0
    words = []
    for word in analysis.words(text):
        words.append((word.surface, word.term, text[end : word.start].isspace()))
        end = word.end
    return pairs_of(words)


def pairs_of(words: Iterable[tuple[str, str, bool]]) -> Iterator[str]:
    """The pairs among words given by surface, index form, and whether only space stands before them."""
    noun, links, others = "", 0, 0
    for surface, term, follows in words:
        if not follows:
            noun = ""
        if surface.lower() in LINKS:
            links += 1
            if links > MOST_LINKS:
                noun = ""
        elif surface[0].isupper():
            if noun and links and term.isalpha():
                yield pair(noun, term)
            noun, links, others = term if term.isalpha() else "", 0, 0
        else:
            others += 1
            # A second one, or one before the link, and it is another phrase.
            if others > 1 or not links:
                noun = ""
