"""Writes a backup while the site runs: what is written after its beginning is not in it, everything before it is."""

from __future__ import annotations

import gzip
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import django
import wagtail
from django.apps import apps
from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from archive.storage import StorageUnavailable
from cms.backup import tables
from cms.backup.bundle import BundleWriter, writing
from cms.backup.errors import BackupError

FORMAT = 1
# A table of more than this is packed on disk and not in memory.
_IN_MEMORY = 8 << 20

FileKey = tuple[str, str]


@dataclass
class Saved:
    """What a backup holds. `missing`: files that the database names and no storage has."""

    created_at: datetime
    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0
    bytes: int = 0
    missing: list[str] = field(default_factory=list)


def save_to(path: Path, *, on_step: Callable[[str], None] = lambda step: None) -> Saved:
    """Write the backup to `path`, which must not exist; there is never half a file of that name. Raises BackupError."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            raise BackupError(f"„{path}“ gibt es schon. Eine Sicherung wird nicht überschrieben.")
        # It holds addresses and internal papers: nobody else may read it.
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            saved = save(stream, on_step=on_step)
            stream.flush()
            os.fsync(stream.fileno())
        partial.rename(path)
    except OSError as error:
        raise BackupError(f"Die Sicherung konnte nicht geschrieben werden: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return saved


def save(stream: IO[bytes], *, on_step: Callable[[str], None] = lambda step: None) -> Saved:
    """Write the backup to a stream. Raises OSError."""
    saved = Saved(timezone.now())
    files: dict[FileKey, None] = {}
    with writing(stream) as bundle:
        with _snapshot():
            # Asked for inside: an update between two answers would mix two states.
            migrations = sorted(map(list, MigrationRecorder(connection).applied_migrations()))
            for model in tables.kept_tables(apps):
                on_step(model._meta.label)
                saved.rows[model._meta.label_lower] = _add_table(bundle, model, files)
        # Files are never changed once they have a name, so they may be read after the snapshot.
        for alias, name in files:
            on_step(f"{alias}/{name}")
            _add_file(bundle, saved, alias, name)
        bundle.add_bytes("manifest.json", _manifest(saved, migrations))
    return saved


@contextmanager
def _snapshot() -> Iterator[None]:
    """A transaction that sees one moment of the database and keeps nobody from writing."""
    if connection.in_atomic_block:  # A caller who has a transaction open already sees one state.
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        # Django's own transactions take the lock of writers at once (see DATABASES); this one must not.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def _add_table(bundle: BundleWriter, model: type[models.Model], files: dict[FileKey, None]) -> int:
    columns = tables.columns_of(model)
    stored = {
        position: _alias(column.storage)
        for position, column in enumerate(columns)
        if isinstance(column, models.FileField)
    }
    count = 0
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as packed:
        with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0, compresslevel=6) as lines:
            lines.write(tables.encode([column.attname for column in columns]) + b"\n")
            for row in tables.read_rows(model):
                count += 1
                lines.write(tables.encode(row) + b"\n")
                for position, alias in stored.items():
                    if row[position]:
                        files[alias, row[position]] = None
        size = packed.tell()
        packed.seek(0)
        bundle.add(f"database/{model._meta.label_lower}.jsonl.gz", packed, size)
    return count


def _add_file(bundle: BundleWriter, saved: Saved, alias: str, name: str) -> None:
    storage = storages[alias]
    try:
        size = storage.size(name)
        content = storage.open(name)
        # A file of a bucket is fetched when it is read: if it is erased meanwhile, that shows here.
        content.open()
    except StorageUnavailable:
        raise
    except OSError:
        if _still_named(alias, name):
            saved.missing.append(f"{alias}/{name}")
        return  # Else it was erased since the snapshot, by a withdrawal or a deletion.
    with content:
        bundle.add(f"files/{alias}/{name}", content, size)
    saved.files += 1
    saved.bytes += size


def _still_named(alias: str, name: str) -> bool:
    return any(
        model._base_manager.filter(**{column.name: name}).exists()
        for model in tables.kept_tables(apps)
        for column in tables.columns_of(model)
        if isinstance(column, models.FileField) and _alias(column.storage) == alias
    )


def _alias(storage: Storage) -> str:
    """Under which name of STORAGES a field keeps its files."""
    return next(alias for alias in settings.STORAGES if storages[alias] == storage)


def _manifest(saved: Saved, migrations: list[Any]) -> bytes:
    manifest = {
        "format": FORMAT,
        "created_at": saved.created_at.isoformat(),
        "database": connection.vendor,
        "django": django.get_version(),
        "wagtail": wagtail.__version__,
        "migrations": migrations,
        "rows": saved.rows,
        "files": saved.files,
        "missing": saved.missing,
    }
    return json.dumps(manifest, ensure_ascii=False, indent=2).encode()
