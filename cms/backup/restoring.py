"""Brings a backup back into an empty system, on either database, also under newer code than the one that made it."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.apps.registry import Apps
from django.conf import settings
from django.core.cache import cache
from django.core.files import File
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.dateparse import parse_datetime

from cms.backup import bundle, tables
from cms.backup.errors import DamagedArchive, UnsuitableTarget
from cms.backup.saving import FORMAT
from newsletter.sending.restored import hold_back

# Rows of these make a system one that somebody uses.
CONTENT = ("cms_user", "archive_document", "newsletter_subscriber", "home_siteimage")

Step = Callable[[str], None]


@dataclass(frozen=True)
class Manifest:
    """What the archive says about itself."""

    created_at: datetime
    migrations: set[tuple[str, str]]
    rows: dict[str, int]
    files: int
    missing: list[str]


@dataclass(frozen=True)
class Restored:
    """What was brought back. `held_back`: deliveries of the newsletter that somebody has to decide about."""

    manifest: Manifest
    rows: int
    files: int
    held_back: int


def restore(path: Path, *, replace: bool = False, on_step: Step = lambda step: None) -> Restored:
    """Check the archive, then bring database and files back; without `replace` into an empty system only.

    Nothing is changed before the whole archive has been checked. Raises DamagedArchive, UnsuitableTarget, OSError.
    """
    bundle.verify(path, on_step)
    manifest = read_manifest(path)
    if not replace and _has_content():
        raise UnsuitableTarget(
            "In diesem System gibt es schon Inhalte. Mit --replace werden Datenbank und Dateien durch die Sicherung "
            "ersetzt; was seither entstanden ist, geht dabei verloren."
        )
    apps = _prepare_tables(manifest)
    files = _restore_files(path, on_step)
    with transaction.atomic():
        rows = _restore_rows(path, apps, manifest, on_step)
        held_back = hold_back(apps)
    on_step("migrate")
    call_command("migrate", verbosity=0, interactive=False)
    cache.clear()
    on_step("update_index")
    call_command("update_index", verbosity=0)
    return Restored(manifest, rows, files, held_back)


def read_manifest(path: Path) -> Manifest:
    """Read what a checked archive says about itself. Raises DamagedArchive."""
    for name, content in bundle.members(path):
        if name != "manifest.json":
            continue
        try:
            data = json.load(content)
            if data["format"] != FORMAT:
                raise DamagedArchive("Diese Fassung des Programms kennt die Form der Sicherung nicht.")
            created_at = parse_datetime(data["created_at"])
            if created_at is None:
                raise ValueError("created_at")
            migrations = {(app, migration) for app, migration in data["migrations"]}
            return Manifest(created_at, migrations, data["rows"], data["files"], data["missing"])
        except (KeyError, TypeError, ValueError) as error:
            raise DamagedArchive("Die Sicherung ist beschädigt: Ihr Verzeichnis ist nicht lesbar.") from error
    raise DamagedArchive("Die Datei ist keine Sicherung dieses Programms.")


def _has_content() -> bool:
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in existing.intersection(CONTENT):
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608 - our own names.
            if cursor.fetchone():
                return True
    return False


def _prepare_tables(manifest: Manifest) -> Apps:
    """Give the database the shape that the rows have; returns the models of that time."""
    executor = MigrationExecutor(connection)
    known = executor.loader.disk_migrations.keys()
    if strange := sorted(f"{app}.{name}" for app, name in manifest.migrations - known if app in _our_apps(known)):
        raise UnsuitableTarget(
            "Die Sicherung stammt aus einer neueren Fassung des Programms; zuerst muss es auf deren Stand gebracht "
            f"werden (hier unbekannt: {', '.join(strange[:3])})."
        )
    recorded = manifest.migrations & known
    if set(executor.loader.applied_migrations) - recorded:
        _drop_tables()
        executor = MigrationExecutor(connection)
    targets = _last_of_each_app(executor, recorded)
    executor.migrate(targets)
    executor.loader.build_graph()
    return executor.loader.project_state(targets).apps


def _our_apps(known: Any) -> set[str]:
    return {app for app, _name in known}


def _last_of_each_app(executor: MigrationExecutor, recorded: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those of the recorded migrations that no other recorded one of the same app builds on."""
    graph = executor.loader.graph
    nodes = recorded & graph.nodes.keys()
    built_on = {parent.key for node in nodes for parent in graph.node_map[node].parents if parent.key[0] == node[0]}
    return sorted(nodes - built_on)


def _drop_tables() -> None:
    """Empty the database; the system was found to hold nothing, or is to be replaced."""
    quote = connection.ops.quote_name
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        # The short names first: a virtual table of SQLite takes those along that begin with its name.
        for table in sorted(connection.introspection.table_names(cursor), key=len):
            cascade = " CASCADE" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TABLE IF EXISTS {quote(table)}{cascade}")


def _restore_rows(path: Path, apps: Apps, manifest: Manifest, on_step: Step) -> int:
    models = {model._meta.label_lower: model for model in tables.kept_tables(apps)}
    tables.empty_all(apps)
    total = 0
    for label, lines in _tables_in(path):
        on_step(label)
        model = models.get(label)
        if model is None:
            continue  # The table of an app that is gone.
        count = tables.write_rows(model, json.loads(next(lines)), lines)
        if count != manifest.rows.get(label):
            raise DamagedArchive(f"Die Sicherung ist beschädigt: Bei „{label}“ fehlen Zeilen.")
        total += count
    tables.reset_sequences(apps)
    return total


def _tables_in(path: Path) -> Iterator[tuple[str, Iterator[bytes]]]:
    for name, content in bundle.members(path):
        label = name.removeprefix("database/").removesuffix(".jsonl.gz")
        if name == f"database/{label}.jsonl.gz":
            with gzip.open(content) as lines:
                yield label, iter(lines)


def _restore_files(path: Path, on_step: Step) -> int:
    count = 0
    for member, content in bundle.members(path):
        kind, _, rest = member.partition("/")
        if kind != "files":
            continue
        on_step(rest)
        alias, _, name = rest.partition("/")
        if alias not in settings.STORAGES or ".." in PurePosixPath(name).parts or name.startswith("/"):
            raise DamagedArchive(f"Die Sicherung ist beschädigt: „{member}“ liegt an keinem erlaubten Ort.")
        _put(alias, name, content)
        count += 1
    return count


def _put(alias: str, name: str, content: IO[bytes]) -> None:
    """Store a file under exactly this name; one that is there already and the same stays."""
    storage = storages[alias]
    if storage.exists(name):
        with storage.open(name) as present:
            same = hashlib.file_digest(present, "sha256").digest()
        incoming = hashlib.sha256()
        while chunk := content.read(1 << 20):
            incoming.update(chunk)
        if incoming.digest() == same:
            return
        content.seek(0)
        storage.delete(name)
    stored = storage.save(name, File(content))
    if stored != name:
        raise OSError(f"the storage {alias} gave a file another name")
