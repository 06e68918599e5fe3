"""Rows of tables as JSON and back, the same for every database."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.apps.registry import Apps
from django.core.management.color import no_style
from django.db import connection, models
from django.db.models.functions import Cast

Row = list[Any]

BATCH = 1_000
# What is made anew from the rest or is of no use after a while: sessions (everybody logs in again), renditions of
# images, the search index, uploads that nobody finished, what the admin remembers of open windows.
LEFT_OUT = {
    "home.siterendition",
    "sessions.session",
    "usersessions.usersession",
    "wagtailadmin.editingsession",
    "wagtailadmin.formstate",
    "wagtailcore.uploadedfile",
    "wagtailimages.rendition",
    "wagtailsearch.indexentry",
    "wagtailsearch.sqliteftsindexentry",
}


def kept_tables(apps: Apps) -> list[type[models.Model]]:
    """The models whose rows belong into a backup, in the order of their names."""
    found = [model for model in _tables(apps) if model._meta.label_lower not in LEFT_OUT]
    return sorted(found, key=lambda model: model._meta.label_lower)


def columns_of(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The fields that are columns of the model's own table; those of its parents are in theirs."""
    return list(model._meta.local_concrete_fields)


def read_rows(model: type[models.Model]) -> Iterator[Row]:
    """All rows in the order of the primary key, in constant memory on PostgreSQL and SQLite."""
    # JSON as the text that the database holds: nothing is lost of blocks that the code does not know any more.
    documents = [field.attname for field in columns_of(model) if _json(field)]
    texts = {f"text_of_{name}": Cast(name, models.TextField()) for name in documents}
    names = [f"text_of_{field.attname}" if _json(field) else field.attname for field in columns_of(model)]
    rows = model._base_manager.annotate(**texts).order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=BATCH):
        yield list(row)


def encode(row: Sequence[Any]) -> bytes:
    """One line of JSON (RFC 8259), without its end."""
    return json.dumps(row, default=_plain, ensure_ascii=False, separators=(",", ":")).encode()


def write_rows(model: type[models.Model], names: Sequence[str], lines: Iterable[bytes]) -> int:
    """Insert rows whose values stand in the order of the columns `names`; returns how many.

    Constraints are checked by the caller's commit. Raises KeyError for a column that the table does not have.
    """
    fields = {field.attname: field for field in columns_of(model)}
    wanted = [fields[name] for name in names]
    quote = connection.ops.quote_name
    places = ", ".join(["%s"] * len(wanted))
    columns = ", ".join(quote(field.column) for field in wanted)
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608 - own names.
    count = 0
    batch: list[list[Any]] = []
    with connection.cursor() as cursor:
        for line in lines:
            batch.append([_for_database(field, value) for field, value in zip(wanted, json.loads(line), strict=True)])
            count += 1
            if len(batch) == BATCH:
                cursor.executemany(statement, batch)
                batch = []
        if batch:
            cursor.executemany(statement, batch)
    return count


def empty_all(apps: Apps) -> None:
    """Delete every row that migrations or anybody else left; needs an open transaction, as parents go with children."""
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for model in _tables(apps):
            # The index of SQLite is a table without rows of its own, kept by triggers of the entries.
            if model._meta.db_table in existing and model._meta.label_lower != "wagtailsearch.sqliteftsindexentry":
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608 - own name.


def reset_sequences(apps: Apps) -> None:
    """Let new rows get numbers after those that were inserted with their own."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), kept_tables(apps)):
            cursor.execute(statement)


def _tables(apps: Apps) -> Iterator[type[models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy and not model._meta.swapped:
            yield model


def _json(field: models.Field[Any, Any]) -> bool:
    return field.get_internal_type() == "JSONField"


def _plain(value: Any) -> str:
    # Django's own encoder cuts microseconds off.
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, uuid.UUID | Decimal):
        return str(value)
    raise TypeError(f"a column holds {type(value).__name__}")


def _for_database(field: models.Field[Any, Any], value: Any) -> Any:
    if value is None or _json(field):
        return value
    return field.get_db_prep_save(field.to_python(value), connection)
