"""Documents of the archive for tests of what shows them."""

from __future__ import annotations

from django.core.files.base import ContentFile

from archive.intake import take_in
from archive.models import Document


def add_document(title: str, text: str = "", **fields) -> Document:
    """A text file that was taken in and not yet read; the title is its text if no other is given."""
    content = ContentFile((text or title).encode())
    return take_in(content, "datei.txt", document=Document(title=title, **fields)).document
