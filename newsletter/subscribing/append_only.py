"""Lets the database itself refuse changes of what proves a consent, whoever asks for them.

Deleting stays possible: after the retention period it is a duty, and the database cannot tell that from anything else.
Models and querysets refuse it everywhere else (`newsletter.models.AppendOnly`).
"""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections

TABLES = ("newsletter_consentrecord", "newsletter_consenttext")
_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_append_only BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END
"""
_POSTGRESQL = (
    """
CREATE OR REPLACE FUNCTION newsletter_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END
$$
""",
    """
CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE ON {table}
FOR EACH ROW EXECUTE FUNCTION newsletter_append_only()
""",
)


def ensure_append_only(sender: AppConfig, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Make the triggers; an UPDATE is an IntegrityError from then on.

    Runs after every migration and not in one: SQLite builds a table anew when a column changes, and drops its triggers.
    """
    connection = connections[using]
    existing = connection.introspection.table_names()
    statements = _POSTGRESQL if connection.vendor == "postgresql" else (_SQLITE,)
    with connection.cursor() as cursor:
        for table in TABLES:
            if table in existing:
                for statement in statements:
                    cursor.execute(statement.replace("{table}", table))
