"""Several documents as one ZIP file, streamed while it is made."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import count

from django.conf import settings
from zipstream import ZipStream

from archive.file_types import clean_name
from archive.models import Document, DocumentVersion

# Windows refuses paths above 260 characters; this leaves room for the folder into which people unpack.
LONGEST_NAME = 150
CHUNK = 256 * 1024


def bundle(documents: Iterable[Document]) -> ZipStream:
    """A ZIP of the current versions of `documents` with a table of contents `inhalt.csv`.

    The caller passes only documents that the reader may see, with `current_version` loaded. Nothing is compressed, so
    `len()` of the result is the exact length before the first byte is sent.
    """
    stream = ZipStream(sized=True)
    used: set[str] = set()
    table = StringIO()
    rows = csv.writer(table, delimiter=";")
    rows.writerow(["Datei", "Titel", "Art", "Datum", "Adresse", "Lizenz", "SHA-256"])
    for document in documents:
        version = document.current_version
        if version is None:
            continue
        name = _free_name(document, version, used)
        stream.add(_pieces(version), name, size=version.size)
        rows.writerow(_row(name, document, version))
    # A byte order mark, because Excel reads a CSV file without one in the code page of the machine.
    stream.add(table.getvalue().encode("utf-8-sig"), "inhalt.csv")
    return stream


def _row(name: str, document: Document, version: DocumentVersion) -> list[str]:
    date = document.date.isoformat() if document.date else ""
    address = settings.BASE_URL + document.get_absolute_url()
    cells = [name, document.title, document.get_kind_display(), date, address]
    cells += [document.get_licence_display(), version.sha256]
    # A cell that starts like a formula would be run by a spreadsheet.
    return [f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t")) else cell for cell in cells]


def _free_name(document: Document, version: DocumentVersion, used: set[str]) -> str:
    extension = version.original_name.rpartition(".")[2].lower()
    stem = clean_name(f"{document.title.replace('/', ' ')}.x")[:-2][:LONGEST_NAME]
    for number in count(1):
        name = f"{stem}.{extension}" if number == 1 else f"{stem} ({number}).{extension}"
        if name.casefold() not in used:
            used.add(name.casefold())
            return name
    raise AssertionError("count() never ends")


def _pieces(version: DocumentVersion) -> Iterator[bytes]:
    with version.file.storage.open(version.file.name or "", "rb") as data:
        while piece := data.read(CHUNK):
            yield piece
