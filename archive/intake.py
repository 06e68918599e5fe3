"""The one way of a file into the archive."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.core.files import File
from django.db import connection, transaction
from django.db.models import Max
from wagtail.models import Collection

from archive.file_types import FileRefused, FileType, check_file, clean_name
from archive.indexing import following
from archive.models import Document, DocumentVersion
from archive.protocols.freezing import refuse_frozen
from archive.virus_check import check_for_viruses

Source = Path | File | BinaryIO


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of an offered file: its document and version, and whether they are new."""

    document: Document
    version: DocumentVersion
    is_new: bool


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file on local disk that the archive takes: its place, clean name, type, SHA-256 and size."""

    path: Path
    name: str
    file_type: FileType
    sha256: str
    size: int


@contextmanager
def checked(source: Source, name: str) -> Iterator[CheckedFile]:
    """The offered file, checked, on local disk for the time of the block.

    `source` is a path, an uploaded file or an open binary file; `name` is the name under which it was offered.
    Raises FileRefused with a German sentence.
    """
    name = clean_name(name)
    with tempfile.TemporaryDirectory(prefix="ikoe-intake-") as directory:
        path = source if isinstance(source, Path) else _copy(source, Path(directory) / "file")
        file_type = check_file(path, name)
        with path.open("rb") as data:
            sha256 = hashlib.file_digest(data, "sha256").hexdigest()
        check_for_viruses(path, sha256)
        yield CheckedFile(path, name, file_type, sha256, path.stat().st_size)


def _copy(source: File | BinaryIO, path: Path) -> Path:
    source.seek(0)
    with path.open("wb") as target:
        shutil.copyfileobj(source, target)
    source.seek(0)
    return path


def find_duplicate(sha256: str) -> DocumentVersion | None:
    """The version of a present document that has exactly these bytes, the oldest first."""
    return (
        DocumentVersion.objects.present()
        .filter(sha256=sha256, document__deleted_at__isnull=True)
        .select_related("document")
        .order_by("pk")
        .first()
    )


def title_from(name: str) -> str:
    """A title for a file that came without one: its name without extension, underscores read as spaces."""
    stem = clean_name(name).rpartition(".")[0] or clean_name(name)
    return " ".join(stem.replace("_", " ").split())[:255]


def take_in(
    source: Source, name: str, *, document: Document | None = None, user: Any = None, note: str = ""
) -> TakenIn:
    """Stores a file as a new document; the same bytes again lead to the document that has them.

    `document` carries what is known (kind, edition, level, …) and must not be saved yet; without title it gets one from
    the file name. The text is not read here (`indexing.read_version`). Raises FileRefused.
    """
    with checked(source, name) as offered, transaction.atomic():
        _one_at_a_time(offered.sha256)
        known = find_duplicate(offered.sha256)
        if known is not None:
            return TakenIn(known.document, known, is_new=False)
        document = document or Document()
        document.title = document.title.strip() or title_from(name)
        document.uploaded_by_user = document.uploaded_by_user or user
        if document.collection_id is None:
            document.collection = Collection.get_first_root_node()
        with following(document):
            version = _store(document, offered, user, note)
        return TakenIn(document, version, is_new=True)


def _one_at_a_time(sha256: str) -> None:
    """Lets a second intake of the same bytes wait until the first is committed, so that it finds what that has stored.

    SQLite has one writer anyway.
    """
    if connection.vendor == "postgresql":
        key = int.from_bytes(bytes.fromhex(sha256[:16]), signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def add_version(
    document: Document,
    source: Source,
    name: str,
    *,
    user: Any = None,
    note: str = "",
    admit: Callable[[Document], None] = refuse_frozen,
) -> DocumentVersion:
    """Stores a file as the new current version of `document`; earlier versions stay as they are.

    `admit` is asked in the transaction that stores, with the locked document, and may raise: a released protocol takes
    no file (`protocols.workflow.correct` is the way for that).

    The same bytes as the current version change nothing: that version is returned. The text is not read here
    (`indexing.read_version`). Raises FileRefused, also when another document already has these bytes.
    """
    with checked(source, name) as offered, transaction.atomic():
        _one_at_a_time(offered.sha256)
        known = find_duplicate(offered.sha256)
        if known is not None and known.document_id != document.pk:
            raise FileRefused(f"Diese Datei liegt schon im Archiv: „{known.document.title}“.")
        if known is not None and known.pk == document.current_version_id:
            return known
        locked = Document.with_tombstones.select_for_update().get(pk=document.pk)
        admit(locked)
        if locked.deleted_at is not None:
            raise FileRefused("Das Dokument wurde inzwischen gelöscht.")
        return _store(document, offered, user, note)


def _store(document: Document, offered: CheckedFile, user: Any, note: str) -> DocumentVersion:
    """Writes file and rows; called inside a transaction. A failure removes the file again."""
    if document._state.adding:
        document.file = ""
        document.save()
    last = document.versions.aggregate(last=Max("number"))["last"] or 0
    version = DocumentVersion(
        document=document,
        number=last + 1,
        original_name=offered.name,
        sha256=offered.sha256,
        size=offered.size,
        media_type=offered.file_type.media_type,
        uploaded_by=user,
        note=note,
    )
    # The file is on disk before the rows are: a crash leaves a file too many (`verify_archive` names it), never one
    # too few.
    with offered.path.open("rb") as data:
        version.file.save(f"file.{offered.file_type.extension}", File(data), save=False)
    try:
        with transaction.atomic():
            version.save()
            document.current_version = version
            document.file.name = version.file.name
            document.file_size = version.size
            document._set_file_hash()
            document.save(update_fields=["current_version", "file", "file_size", "file_hash"])
    except BaseException:
        version.file.storage.delete(version.file.name or "")
        raise
    return version
