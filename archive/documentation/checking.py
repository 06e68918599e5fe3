"""Looks at a finished PDF before it is stored: quick, without Java. The tests run the real veraPDF."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, cast

from home.rendering.errors import BrokenContent
from home.rendering.source import DocumentSource

if TYPE_CHECKING:
    from pypdf import PageObject
    from pypdf.generic import StreamObject

_CLAIMS = (b"pdfaid:part", b"pdfaid:conformance", b"pdfuaid:part")


def count_pages(content: bytes) -> int:
    """The number of pages of a PDF."""
    from pypdf import PdfReader

    return len(PdfReader(io.BytesIO(content)).pages)


def check_pdf(content: bytes, source: DocumentSource) -> int:
    """Returns the number of pages. Raises `BrokenContent` if the file is not what `source` promises."""
    # 27 MB that no process of the website needs.
    from pypdf import PdfReader
    from pypdf.generic import DictionaryObject

    reader = PdfReader(io.BytesIO(content))
    catalog = reader.root_object
    marks = cast("DictionaryObject", catalog.get("/MarkInfo", DictionaryObject()))
    problems = []
    if not marks.get("/Marked") or "/StructTreeRoot" not in catalog:
        problems.append("Die Datei ist nicht ausgezeichnet (Tags fehlen).")
    metadata = cast("StreamObject", catalog["/Metadata"]).get_data() if "/Metadata" in catalog else b""
    if not all(claim in metadata for claim in _CLAIMS):
        problems.append("Die Angabe PDF/A-3a und PDF/UA-1 fehlt.")
    if reader.metadata is None or reader.metadata.title != source.metadata.title:
        problems.append("Der Titel fehlt.")
    problems += [f"Seite {number} ist leer." for number, page in enumerate(reader.pages, 1) if _is_empty(page)]
    for file in source.attachments:
        stored = reader.attachments.get(file.name)
        if not stored or stored[0] != file.content:
            problems.append(f"Der Anhang „{file.name}“ fehlt.")
    if problems:
        raise BrokenContent("Die PDF-Datei wurde nicht abgelegt: " + " ".join(problems))
    return len(reader.pages)


def _is_empty(page: PageObject) -> bool:
    """A page whose only marked content is running heads."""
    contents = page.get_contents()
    return contents is None or b"/MCID" not in contents.get_data()
