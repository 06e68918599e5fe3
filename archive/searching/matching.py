"""Which documents have the words, asked of the search index of Wagtail directly.

Wagtail's own `search()` looks into titles as they were typed too, whose words the databases split differently, and it
nests one expression a word; here every word is a finished index form. Both databases are asked in the way in which they
answer from their index alone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import BigIntegerField, BooleanField, Case, F, QuerySet, Value, When
from django.db.models.functions import Cast
from django.db.models.lookups import Lookup
from modelsearch.conf import get_app_config

from archive.models import Document


def documents_with(words: Sequence[Collection[str]]) -> QuerySet[Any] | None:
    """Keys of the documents, as a subquery, that have at least one term of each word; None if a word has no term."""
    if not words or not all(words):
        return None
    return _in_sqlite(words) if connection.vendor == "sqlite" else _in_postgresql(words)


def _entries() -> QuerySet[Any]:
    entries: QuerySet[Any] = (
        get_app_config()
        .get_model("IndexEntry")
        .objects.filter(content_type=ContentType.objects.get_for_model(Document))
    )
    return entries


def _letters(term: str) -> str:
    """The analyser leaves letters and digits only; nothing else may ever end a quotation."""
    return "".join(filter(str.isalnum, term))


def _in_sqlite(words: Sequence[Collection[str]]) -> QuerySet[Any]:
    """One question for all words.

    Not joined: an entry holds its whole text, and reading it costs more than the search. This way the unique index on
    type and key is all that is read (measured with 10,000 documents: 6 ms instead of 96).
    """
    from modelsearch.backends.database.sqlite.query import MatchExpression

    choices = (" OR ".join(f'"{_letters(term)}"' for term in sorted(terms)) for terms in words)
    question = " AND ".join(f"({choice})" for choice in choices)
    full_text = get_app_config().get_model("SQLiteFTSIndexEntry").objects
    found = full_text.filter(MatchExpression(["body"], Value(question))).values("pk")
    return _keys(_entries().filter(pk__in=found))


def _in_postgresql(words: Sequence[Collection[str]]) -> QuerySet[Any]:
    """The index is asked once for each word; whatever has the first is kept if it has the others.

    Inside CASE, because there PostgreSQL looks each entry up in what was found for a word. Of a plain condition it
    makes a join, expects next to nothing of each word, and would go through one for each find of the other. (INTERSECT
    takes half as long again, measured with three words that stand in most of 10,000 documents.)
    """
    first, *others = (_entries().filter(HasAny(F("body"), sorted(terms))) for terms in words)
    for other in others:
        has_it = When(pk__in=other.values("pk"), then=Value(True))
        first = first.filter(Case(has_it, default=Value(False), output_field=BooleanField()))
    return _keys(first)


def _keys(entries: QuerySet[Any]) -> QuerySet[Any]:
    return entries.annotate(key=Cast("object_id", BigIntegerField())).values("key")


class HasAny(Lookup):
    """Whether a search vector has one of the terms.

    The index answers a term in a moment; for one long question it weighs all its terms for every document (measured
    with 10,000 documents and 90 terms: 21 ms instead of 4). The terms are in a subquery, so that PostgreSQL does not
    see while it plans how common they are.

    The second condition is always true, which shows in its first half; the other half is never worked out, but looks
    expensive. PostgreSQL does not know what it costs to fetch long vectors from where they lie, and would rather read
    them all than ask the index (measured with 10,000 documents: 800 ms instead of 4). Now it expects to pay for each
    entry that it reads. It stands here because six expressions of Django's in a question take longer than the index.
    """

    lookup_name = "has_any"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        vector, parameters = self.process_lhs(compiler, connection)
        entry = compiler.quote_name_unless_alias(self.lhs.alias)
        looks_dear = f"({entry}.id > 0 OR to_tsvector('simple', {entry}.object_id) IS NOT NULL)"
        # Terms are letters and digits, so they need no more than the quotation marks of `tsquery`.
        questions = ",".join(f"'{_letters(term)}'" for term in self.rhs)
        has_one = f"{vector} @@ ANY ((SELECT %s::tsquery[])::tsquery[])"
        return f"({has_one} AND {looks_dear})", [*parameters, f"{{{questions}}}"]
