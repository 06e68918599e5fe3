"""Words between quotation marks must follow each other. The index knows words only, so the texts are read for that."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from archive.models import DocumentLeaf
from archive.searching.rows import Row
from archive.searching.vocabulary import QueryWord
from home.search import analysis

# Pages read for one question. A phrase of words that stand together on more pages than that is no phrase to look for.
MOST_LEAVES = 5_000


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words one after the other, in this form, whatever stands between them beside letters and digits."""

    pattern: re.Pattern[str]

    @classmethod
    def of(cls, words: Sequence[str]) -> Phrase:
        between = r"[\W_]+"
        return cls(re.compile(rf"(?<!\w){between.join(re.escape(word.casefold()) for word in words)}(?!\w)"))

    def stands_in(self, text: str) -> bool:
        return self.pattern.search(text.casefold()) is not None


def phrases_of(query: str) -> list[Phrase]:
    return [Phrase.of(words) for words in analysis.phrases_of_query(query)]


def with_phrases(rows: list[Row], phrases: Sequence[Phrase], words: Sequence[QueryWord]) -> list[Row]:
    """The rows of documents with all phrases, in the title or on one page (one query)."""
    left = [row for row in rows if not all(phrase.stands_in(row.title) for phrase in phrases)]
    pages = DocumentLeaf.objects.filter(version__document__in=[row.pk for row in left], version__withdrawn_at=None)
    for word in words:
        pages = pages.filter(terms__contains=word.term)
    texts = pages.order_by("-version_id", "number").values_list("version__document_id", "text")[:MOST_LEAVES]
    found = {document for document, text in texts if all(phrase.stands_in(text) for phrase in phrases)}
    missing = {row.pk for row in left} - found
    return [row for row in rows if row.pk not in missing]
