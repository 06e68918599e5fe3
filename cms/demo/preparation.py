"""Database, static files and demo content, each brought up to date; nothing happens where nothing has changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from cms.checks import database_problem
from cms.demo.environment import Demo, DemoError
from cms.demo.progress import Progress


def prepare(demo: Demo, progress: Progress) -> None:
    """Migrate the database and collect the static files. Raises DemoError if the database does not answer."""
    problem = database_problem()
    if problem:
        raise DemoError(f"DATABASE_URL: Die Datenbank antwortet nicht ({problem}).")
    with progress.step("Datenbank einrichten") as note:
        number = len(_open_migrations())
        if number:
            call_command("migrate", interactive=False, verbosity=0)
            # What an older release wrote to the index of the search may lack words.
            call_command("update_index", verbosity=0)
        note(f"{number} Migrationen" if number else "unverändert")
    with progress.step("Statische Dateien sammeln") as note:
        note("gesammelt" if _collect_static(demo) else "unverändert")


def _open_migrations() -> list[object]:
    executor = MigrationExecutor(connection)
    return list(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _collect_static(demo: Demo) -> bool:
    """Collect and compress the static files if any of them changed since the last time."""
    stamp = demo.var / "demo" / "static-files"
    state = _static_state()
    collected = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if collected.exists() and stamp.exists() and stamp.read_text() == state:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(state)
    return True


def _static_state() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            facts = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
