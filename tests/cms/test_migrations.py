"""An update changes the database while the old code still runs, and the way back has to stay open.

The rule is in docs/operations.md. It is about what PostgreSQL does: SQLite makes a table anew for every change.
"""

import logging

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django_migration_linter import MigrationLinter

APPS = ("cms", "home", "archive", "newsletter")
# The newest migration of each app in the first release: before it nobody had old code that could still run.
FIRST_RELEASE = {"cms": 2, "home": 5, "archive": 6, "newsletter": 7}
# (app, migration): why the old code can live with it all the same.
EXCEPTIONS = {
    ("archive", "0007_security"): "before it nothing writes records of access, so the old code cannot write one twice",
}


def later_migrations():
    names = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return sorted(
        (app, name) for app, name in names if app in APPS and int(name.split("_")[0]) > FIRST_RELEASE.get(app, 0)
    )


@pytest.fixture
def findings(capsys, caplog):
    """What the linter has against a migration, as text; empty if nothing."""
    caplog.set_level(logging.WARNING)

    def lint(migration):
        linter = MigrationLinter(no_cache=True)
        linter.lint_migration(migration)
        return capsys.readouterr().out if linter.nb_erroneous else ""

    return lint


@pytest.mark.slow
@pytest.mark.django_db
def test_old_code_can_live_with_every_migration_since_the_first_release(findings):
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL only")
    loader = MigrationLoader(None, ignore_no_migrations=True)

    found = {key: findings(loader.disk_migrations[key]) for key in later_migrations() if key not in EXCEPTIONS}

    assert {key: words for key, words in found.items() if words} == {}


@pytest.mark.slow
@pytest.mark.django_db
def test_what_old_code_cannot_live_with_is_found(findings):
    """One of before the first release takes a column away or demands one: the check is no empty shell."""
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL only")
    loader = MigrationLoader(None, ignore_no_migrations=True)
    early = [key for key in loader.disk_migrations if key[0] in APPS and key not in later_migrations()]

    assert any(findings(loader.disk_migrations[key]) for key in early)


@pytest.mark.django_db
def test_postgresql_finds_a_part_of_a_word_without_reading_the_vocabulary():
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL only")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'")
        (available,) = cursor.fetchone()
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'archive_term_word_parts'")
        found = cursor.fetchall()

    assert len(found) == available
    assert all("gin_trgm_ops" in definition for (definition,) in found)
