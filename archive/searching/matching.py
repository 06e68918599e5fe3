"""Which documents have the words, asked of the search index of Wagtail directly.

Wagtail's own `search()` looks into titles as they were typed too, whose words the databases split differently, and it
nests one expression a word; here every word is a finished index form, and the whole question is one flat string.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import BigIntegerField, QuerySet, Value
from django.db.models.functions import Cast
from modelsearch.conf import get_app_config

from archive.models import Document


class LateSearchQuery(SearchQuery):
    """A question that PostgreSQL does not see while it plans.

    Seen, a common word makes it read all vectors instead of the index, because it does not know what it costs to fetch
    long values from where they lie (measured with 10,000 documents: 800 ms instead of 3).
    """

    def as_sql(self, *args: Any, **kwargs: Any) -> tuple[str, Any]:
        sql, parameters = super().as_sql(*args, **kwargs)
        return f"(SELECT {sql})", parameters


def documents_with(words: Sequence[Collection[str]]) -> QuerySet[Any] | None:
    """Keys of the documents, as a subquery, that have at least one term of each word; None if a word has no term."""
    if not words or not all(words):
        return None
    expression = _expression(words)
    entries = _model("IndexEntry").objects.filter(content_type=ContentType.objects.get_for_model(Document))
    if connection.vendor == "sqlite":
        # Not joined: an entry holds its whole text, and reading it costs more than the search. This way the unique
        # index on type and key is all that is read (measured with 10,000 documents: 6 ms instead of 96).
        entries = entries.filter(pk__in=_in_sqlite(expression))
    else:
        entries = entries.filter(body=LateSearchQuery(expression, search_type="raw", config="simple"))
    return entries.annotate(key=Cast("object_id", BigIntegerField())).values("key")


def _expression(words: Sequence[Collection[str]]) -> str:
    either, both, quote = (" OR ", " AND ", '"') if connection.vendor == "sqlite" else (" | ", " & ", "'")

    def quoted(term: str) -> str:
        # The analyser leaves letters and digits only; nothing else may ever end the quotation.
        return f"{quote}{''.join(filter(str.isalnum, term))}{quote}"

    return both.join(f"({either.join(map(quoted, sorted(terms)))})" for terms in words)


def _in_sqlite(expression: str) -> QuerySet[Any]:
    from modelsearch.backends.database.sqlite.query import MatchExpression

    matches = MatchExpression(["body"], Value(expression))
    entries: QuerySet[Any] = _model("SQLiteFTSIndexEntry").objects.filter(matches).values("pk")
    return entries


def _model(name: str) -> Any:
    return get_app_config().get_model(name)
