"""German words for the search, as pure functions.

Index and query go through the same steps, so that SQLite and PostgreSQL only ever compare finished words:
Unicode NFC, joining of words hyphenated at a line end, folding (ä and ae become a, ß becomes ss), Snowball's
German stemmer (https://snowballstem.org/algorithms/german/stemmer.html), and women's and men's forms reduced to
one word ("Koordinatorinnen", "Koordinator*innen" and "Koordinator" are all found by each other).
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

# What a person types is shorter; the rest would only cost time.
MAX_QUERY_CHARACTERS = 300
MAX_QUERY_WORDS = 12
# Longer "words" are data, not language; the stemmer would spend its time on them for nothing.
LONGEST_WORD = 60

# Hyphens that end a line: hyphen-minus, U+2010, the soft hyphen, and the two marks PDFium puts for a soft one.
_LINE_END_HYPHEN = re.compile(r"(\w)[-\u2010\u00ad\ufffe\x02][ \t]*\n[ \t]*(?=(\w+))")
# "Landkreise-\nund": the hyphen stands for a left-out word part and stays.
_CONJUNCTIONS = frozenset({"und", "oder", "bzw", "sowie", "beziehungsweise", "noch", "bis", "als"})
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\ufeff\ufffe\x02\x00"), None)

_LINE_BREAK = re.compile(r"\r\n?|[\v\f\u2028\u2029\x85]")
# \x02 is PDFium's hyphen and is joined below.
_CONTROL = re.compile(r"[\x01\x03-\x08\x0e-\x1f\x7f]")

_QUOTED = re.compile(r"[\"„“”«»]([^\"„“”«»]+)[\"“”«»]")
# A gender sign inside a word belongs to the word: Koordinator*innen, Koordinator:in, Koordinator·innen.
_WORD = re.compile(r"[^\W_]+(?:[*:_·/][iI]n(?:nen)?(?![^\W_]))?")
_GENDER_SIGN = re.compile(r"[*:_·/](?=in(?:nen)?$)")
# What most German words have to lose; the rest takes ten times as long.
_UMLAUTS = str.maketrans("äöü", "aou")
# Umlauts written as two letters. After a vowel or q the e belongs to another sound: Steuer, Quelle, neue.
_DIGRAPH = re.compile(r"(?<![aeiouq])([aou])e")
_FEMALE_PLURAL = re.compile(r"(?<=\w{4})innen$")
# -in is cut only after endings that name persons; "Termin", "Berlin" and "Medizin" stay as they are.
_FEMALE = re.compile(r"(?<=\w)(or|er|eur|ist|ent|ant|at|ert|amt|rzt|olog|agog|eg|ar)in$")

# An s that belongs to the word: without it "Kurs" and "Kurse" would be two words. The stemmer takes it for a genitive.
_S_OF_THE_WORD = re.compile(r"(?:kurs|puls|krebs|lachs|fuchs|wachs)$")
# Plurals that the stemmer does not know: Kitas, Büros, Fotos.
_FOREIGN_PLURAL = re.compile(r"(?<=\w{3}[ao])s$")

# Words that carry no meaning of their own in a query (folded).
FUNCTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        "aber alle als am an auch auf aus bei bis da das dass dem den der des die durch ein eine einem einen "
        "einer eines er es fur hat ich im in ist mit nach nicht noch nur ob oder sich sie sind so uber um und "
        "unser vom von vor war was wer wie wir wird wo zu zum zur",
    )
)

_stemmer = snowballstemmer.stemmer("german")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: `text[start:end] == surface`, and `term`, the form the index knows."""

    start: int
    end: int
    surface: str
    term: str


def clean(text: str) -> str:
    """Text as people read it: NFC, words of two lines joined, invisible characters gone.

    Line breaks stay; a hyphen at a line end stays only before a capital ("EU-\\nMigration" becomes "EU-Migration")
    or before a conjunction ("Landkreise-\\nund" becomes "Landkreise- und").
    """
    # Half a surrogate pair, as broken files contain it, can be stored nowhere.
    text = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode())
    text = _CONTROL.sub(" ", _LINE_BREAK.sub("\n", text))
    return _LINE_END_HYPHEN.sub(_join_lines, text).translate(_INVISIBLE)


def _join_lines(match: re.Match[str]) -> str:
    before, following = match.group(1), match.group(2)
    if following in _CONJUNCTIONS:
        return f"{before}- "
    if following[0].islower() and not before.isdigit():
        return before
    return f"{before}-"


def fold(word: str) -> str:
    """Lower case without accents and umlauts: "Fördermaßnahme" and "Foerdermassnahme" give "fordermassnahme"."""
    plain = word.casefold().translate(_UMLAUTS)
    if not plain.isascii():
        plain = "".join(letter for letter in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(letter))
    return _DIGRAPH.sub(r"\1", plain)


@lru_cache(maxsize=50_000)
def term_of(word: str) -> str:
    """The index form of one word: folded, without female ending, stemmed."""
    # Cut twice: one sign may become several letters.
    folded = _GENDER_SIGN.sub("", fold(word[:LONGEST_WORD])[:LONGEST_WORD])
    folded = _FEMALE.sub(r"\1", _FEMALE_PLURAL.sub("", folded))
    if _S_OF_THE_WORD.search(folded):
        return folded
    stem: str = _stemmer.stemWord(_FOREIGN_PLURAL.sub("", folded)) or folded
    # Bus and Busse, Zeugnis and Zeugnisse are one word.
    return stem[:-1] if stem.endswith("ss") and len(stem) > 3 else stem


def words(text: str) -> Iterator[Word]:
    """The words of a text in order, with their places, for index and highlighting alike."""
    for match in _WORD.finditer(text):
        yield Word(match.start(), match.end(), match.group(), term_of(match.group()))


def occurrences(text: str, wanted: Collection[str]) -> Iterator[Word]:
    """Those words of a text whose index form is one of `wanted`.

    Most words are ruled out by their first letters before the stemmer, the slowest step, is asked.
    """
    beginnings = tuple({_beginning(term) for term in wanted})
    for match in _WORD.finditer(text):
        if fold(match.group()[:6]).startswith(beginnings) and (term := term_of(match.group())) in wanted:
            yield Word(match.start(), match.end(), match.group(), term)


@lru_cache(maxsize=20_000)
def _beginning(term: str) -> str:
    """The first letters that every word with this term has, once it is folded.

    They end with the first "a", "o" or "u": the stemmer takes an "e" after it for the sign of an umlaut.
    """
    vowel = min((place for place in map(term.find, "aou") if place >= 0), default=2)
    return term[: min(vowel, 2) + 1]


def terms(text: str) -> list[str]:
    """The index forms of a text's words, in order, repeated as often as they occur."""
    return [word.term for word in words(text)]


def phrases_of_query(query: str) -> list[list[str]]:
    """What a person puts between quotation marks, of any kind, as words; single words are no phrases."""
    quoted = _QUOTED.findall(clean(query[:MAX_QUERY_CHARACTERS]))
    phrases = [[word.surface for word in words(phrase)] for phrase in quoted]
    return [phrase for phrase in phrases if len(phrase) > 1]


def words_of_query(query: str) -> list[Word]:
    """The words of a query as a person types it, each once; function words only if there is nothing else."""
    found = list(words(clean(query[:MAX_QUERY_CHARACTERS])))
    content = [word for word in found if fold(word.surface) not in FUNCTION_WORDS]
    return list({word.term: word for word in reversed(content or found)}.values())[::-1][:MAX_QUERY_WORDS]


def terms_of_query(query: str) -> list[str]:
    """The index forms of the words of a query."""
    return [word.term for word in words_of_query(query)]
