"""The plain reader: one page of a document at an address of its own (`?seite=k`)."""

from __future__ import annotations

from dataclasses import dataclass

from archive.file_types import FILE_TYPES, extension_of
from archive.models import Document, DocumentLeaf, DocumentVersion


@dataclass(frozen=True, slots=True)
class Reader:
    """The page that is shown, its neighbours, and all pages without their text for the overview.

    `name` is what a page is called ("Seite", "Folie"), `file_anchor` leads to it inside the file.
    """

    leaf: DocumentLeaf
    position: int
    overview: list[DocumentLeaf]
    name: str
    file_anchor: str

    @property
    def count(self) -> int:
        """How many pages can be shown: hidden slides are none of them."""
        return len(self.overview)

    @property
    def previous(self) -> int | None:
        """The number of the page before, None on the first."""
        return self.overview[self.position - 1].number if self.position else None

    @property
    def following(self) -> int | None:
        """The number of the page after, None on the last."""
        return self.overview[self.position + 1].number if self.position + 1 < self.count else None


def leaf_name(document: Document, version: DocumentVersion) -> str:
    """What a page of this file is called: "Folie", "Tabelle", "Bild", else "Seite"."""
    if document.kind == Document.Kind.PRESENTATION:
        return "Folie"
    return FILE_TYPES[extension_of(version.original_name)].leaf_name


def open_at(document: Document, version: DocumentVersion, asked: str) -> Reader | None:
    """The reader at the page with the number `asked` (from the address, any text); else at the first page.

    None if nothing of the file could be read. Hidden slides have no row, so numbers may have gaps; a number in a gap
    leads to the page before it.
    """
    overview = list(version.leaves.order_by("number").only("number", "image", "width", "height", "version_id"))
    if not overview:
        return None
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 1
    position = max((at for at, leaf in enumerate(overview) if leaf.number <= number), default=0)
    leaf = version.leaves.defer("terms").get(pk=overview[position].pk)
    file_type = FILE_TYPES[extension_of(version.original_name)]
    anchor = f"#page={leaf.number}" if file_type.extension == "pdf" else ""
    return Reader(leaf, position, overview, leaf_name(document, version), anchor)
