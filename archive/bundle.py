"""Several documents as one ZIP file, streamed while it is made."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from itertools import count

from django.conf import settings
from zipstream import ZipStream

from archive.file_types import clean_name
from archive.models import Document, DocumentVersion
from archive.storage import StorageUnavailable, Streams
from home.spreadsheets import csv_line

logger = logging.getLogger(__name__)

# Windows refuses paths above 260 characters; this leaves room for the folder into which people unpack.
LONGEST_NAME = 150
CHUNK = 256 * 1024
COLUMNS = ["Datei", "Titel", "Art", "Datum", "Adresse", "Lizenz", "SHA-256", "Hinweis"]
MISSING = "Diese Datei fehlt im Archiv und ist deshalb nicht enthalten. Die Redaktion erfährt davon."
CHANGED = "Diese Datei ist nicht mehr so, wie sie ins Archiv kam. Die Redaktion erfährt davon."


def bundle(documents: Iterable[Document]) -> ZipStream:
    """A ZIP of the current versions of `documents` with a table of contents `inhalt.csv`.

    The caller passes only documents that the reader may see, with `current_version` loaded. Nothing is compressed, so
    `len()` of the result is the exact length before the first byte is sent. A file that the store does not have as it
    was taken in is left out, and its line in the table says so; one that goes away later ends the stream before its
    announced length, which every browser reports as a failed download.
    """
    stream = ZipStream(sized=True)
    used = {"inhalt.csv"}
    table = [csv_line(COLUMNS)]
    for document in documents:
        version = document.current_version
        if version is None:
            continue
        if not _is_stored(version):
            logger.error("version %s is not in the store as it should be, left out of a ZIP", version.pk)
            table.append(_row("", document, version, MISSING))
            continue
        name = _free_name(document, version, used)
        stream.add(_pieces(version), name, size=version.size)
        table.append(_row(name, document, version, CHANGED if version.damage else ""))
    # A byte order mark, because Excel reads a CSV file without one in the code page of the machine.
    stream.add("".join(table).encode("utf-8-sig"), "inhalt.csv")
    return stream


def _is_stored(version: DocumentVersion) -> bool:
    """Whether the store has a file of the right size: a shorter one would break the stream in its middle."""
    try:
        return version.file.storage.size(version.file.name or "") == version.size
    except StorageUnavailable:
        raise
    except OSError:
        return False


def _row(name: str, document: Document, version: DocumentVersion, note: str) -> str:
    date = document.date.isoformat() if document.date else ""
    address = settings.BASE_URL + document.get_absolute_url()
    kind, licence = document.get_kind_display(), document.get_licence_display()
    return csv_line([name, document.title, kind, date, address, licence, version.sha256, note])


def _free_name(document: Document, version: DocumentVersion, used: set[str]) -> str:
    extension = version.original_name.rpartition(".")[2].lower()
    stem = clean_name(f"{document.title.replace('/', ' ')}.x")[:-2][:LONGEST_NAME].rstrip(" .")
    for number in count(1):
        name = f"{stem}.{extension}" if number == 1 else f"{stem} ({number}).{extension}"
        if name.casefold() not in used:
            used.add(name.casefold())
            return name
    raise AssertionError("count() never ends")


def _pieces(version: DocumentVersion) -> Iterator[bytes]:
    storage, name = version.file.storage, version.file.name or ""
    if isinstance(storage, Streams):
        yield from storage.stream(name, 0, version.size - 1)
        return
    with storage.open(name, "rb") as data:
        while piece := data.read(CHUNK):
            yield piece
