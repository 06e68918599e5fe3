"""PDF, with PDFium."""

from __future__ import annotations

import ctypes
import time
from pathlib import Path
from typing import Any

from archive.readers.pictures import IMAGE_MAX_HEIGHT, IMAGE_WIDTH, MAX_IMAGES, save_picture
from archive.readers.reading import MAX_CHARACTERS, MAX_LEAVES, TOO_LONG, Reading

# Of the processor time that a reader has, so much may go into pictures; the text is safe before.
DRAWING_SECONDS = 120
# Whether a PDF is tagged shows on its first pages.
PAGES_ASKED_FOR_TAGS = 20
_BROKEN_PAGE = "Einzelne Seiten der Datei sind beschädigt und ließen sich nicht lesen."


def read_pdf(path: Path, with_notes: bool) -> Reading:
    """The text of each page, and what the file says of itself. Comments are no text of the page."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        count = len(document)
        reading = Reading(count, title=document.get_metadata_dict().get("Title", ""), language=_language(document))
        left, broken, tagged = MAX_CHARACTERS, 0, False
        for index in range(min(count, MAX_LEAVES)):
            try:
                text, has_tags = _page_text(document, index)
            except pypdfium2.PdfiumError:
                broken += 1
                text, has_tags = "", False
            tagged = tagged or has_tags
            reading.leaves.append((index + 1, text[: max(left, 0)]))
            left -= len(text)
        if count and broken == len(reading.leaves):
            raise ValueError("no page can be loaded")
        if left < 0 or count > MAX_LEAVES:
            reading.remark = TOO_LONG
        elif broken:
            reading.remark = _BROKEN_PAGE
        reading.is_tagged = tagged and _says_tagged(document)
        return reading


def _page_text(document: Any, index: int) -> tuple[str, bool]:
    page = document[index]
    textpage = page.get_textpage()
    text = textpage.get_text_bounded()
    tags = index < PAGES_ASKED_FOR_TAGS and _has_tags(page)
    textpage.close()
    page.close()
    return text, tags


def _says_tagged(document: Any) -> bool:
    from pypdfium2 import raw

    return bool(raw.FPDFCatalog_IsTagged(document))


def _has_tags(page: Any) -> bool:
    """Whether the page is in the tree of tags: some files only say that they are tagged."""
    from pypdfium2 import raw

    tree = raw.FPDF_StructTree_GetForPage(page)
    if not tree:
        return False
    count = raw.FPDF_StructTree_CountChildren(tree)
    raw.FPDF_StructTree_Close(tree)
    return bool(count > 0)


def _language(document: Any) -> str:
    from pypdfium2 import raw

    length = raw.FPDFCatalog_GetLanguage(document, None, 0)
    letters = ctypes.create_string_buffer(length)
    raw.FPDFCatalog_GetLanguage(document, ctypes.cast(letters, ctypes.POINTER(raw.FPDF_WCHAR)), length)
    return letters.raw.decode("utf-16-le", errors="replace").strip("\0")


def draw_pdf(path: Path, numbers: list[int], directory: Path) -> None:
    """Pictures of the pages with these numbers, as far as the time goes."""
    import pypdfium2

    until = time.process_time() + DRAWING_SECONDS
    with pypdfium2.PdfDocument(path) as document:
        for number in numbers[:MAX_IMAGES]:
            if time.process_time() > until:
                break
            try:
                page = document[number - 1]
            except (pypdfium2.PdfiumError, IndexError):
                continue
            width, height = page.get_size()
            scale = min(IMAGE_WIDTH / max(width, 1), IMAGE_MAX_HEIGHT / max(height, 1))
            save_picture(page.render(scale=scale).to_pil(), directory, number)
            page.close()
