"""The vocabulary made anew from the documents: `indexing.following` keeps it in step, a restored backup may not."""

from __future__ import annotations

from collections import Counter

from django.db import connection, transaction

from archive.indexing import CHUNK, terms_of_document
from archive.models import Document, Term
from home.search.phrases import is_pair


@transaction.atomic
def rebuild() -> int:
    """Counts in how many documents each word stands; returns the number of words.

    Nobody takes anything in meanwhile: what they would count must not be lost.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {Term._meta.db_table} IN EXCLUSIVE MODE")
    Term.objects.all().delete()
    counts: Counter[str] = Counter()
    for document in Document.objects.order_by("pk").iterator(chunk_size=100):
        counts.update(term for term in terms_of_document(document) if not is_pair(term))
    Term.objects.bulk_create([Term(word=word, documents=count) for word, count in counts.items()], batch_size=CHUNK)
    return len(counts)
