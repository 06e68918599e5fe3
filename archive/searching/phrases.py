"""Words between quotation marks must follow each other. The index knows words only, so the texts are read for that."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from archive.models import Document, DocumentLeaf
from archive.searching.rows import Row
from archive.searching.versions import searchable_versions
from home.search import analysis

# Pages read for one question. A phrase of words that stand together on more pages than that is no phrase to look for.
MOST_LEAVES = 5_000


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words one after the other, in this form, whatever stands between them beside letters and digits."""

    pattern: re.Pattern[str]
    terms: tuple[str, ...]

    @classmethod
    def of(cls, words: Sequence[str]) -> Phrase:
        """The phrase of these words; their capitals do not matter."""
        between = r"[\W_]+"
        pattern = re.compile(rf"(?<!\w){between.join(re.escape(word.casefold()) for word in words)}(?!\w)")
        return cls(pattern, tuple(dict.fromkeys(term for word in words for term in analysis.terms(word))))

    def stands_in(self, text: str) -> bool:
        """Whether the text has the words one after the other, as whole words."""
        return self.pattern.search(text.casefold()) is not None


def phrases_of(query: str) -> list[Phrase]:
    """The parts of a query that stand in quotation marks."""
    return [Phrase.of(words) for words in analysis.phrases_of_query(query)]


def with_phrases(rows: list[Row], phrases: Sequence[Phrase]) -> list[Row]:
    """The rows of documents with all phrases, each in what describes the document or on a page of it."""
    for phrase in phrases:
        rows = _with_phrase(rows, phrase)
    return rows


def _with_phrase(rows: list[Row], phrase: Phrase) -> list[Row]:
    """Two queries: what describes the documents, and the pages with the words of the phrase."""
    left = {row.pk for row in rows if not phrase.stands_in(row.title)}
    described = Document.objects.filter(pk__in=left).values_list("pk", "summary", "speakers", "organisations")
    left -= {pk for pk, *texts in described if any(map(phrase.stands_in, texts))}
    # Of each document the version by which it is found, as for the hits on its pages.
    documents = Document.objects.filter(pk__in=left).select_related("current_version")
    pages = DocumentLeaf.objects.filter(version__in=searchable_versions(documents))
    for term in phrase.terms:
        pages = pages.filter(terms__contains=term)
    texts = pages.order_by("-version_id", "number").values_list("version__document_id", "text")[:MOST_LEAVES]
    left -= {document for document, text in texts if phrase.stands_in(text)}
    return [row for row in rows if row.pk not in left]
