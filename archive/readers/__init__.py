"""What reads each type of file. Runs in a limited child process (`archive.extraction`), and knows nothing of Django.

A reader gets a file and whether an editor wants speaker notes and hidden slides, sheets and shapes too: people do not
expect private remarks to be found. A drawer gets the file, the numbers of the pages that are shown, and a directory.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from archive.readers.office_pictures import draw_slides
from archive.readers.open_document import read_odp, read_odt
from archive.readers.pdf import draw_pdf, read_pdf
from archive.readers.pictures import draw_image
from archive.readers.plain import read_image, read_text, read_video
from archive.readers.reading import Reading
from archive.readers.sheets import read_xlsx
from archive.readers.slides import read_pptx
from archive.readers.word import read_docx

Reader = Callable[[Path, bool], Reading]
Drawer = Callable[[Path, list[int], Path], None]

READERS: dict[str, Reader] = {
    "pdf": read_pdf,
    "pptx": read_pptx,
    "docx": read_docx,
    "xlsx": read_xlsx,
    "odt": read_odt,
    "odp": read_odp,
    "txt": read_text,
    "jpg": read_image,
    "png": read_image,
    "mp4": read_video,
    "webm": read_video,
    "vtt": read_text,
}
DRAWERS: dict[str, Drawer] = {
    "pdf": draw_pdf,
    "pptx": draw_slides,
    "odp": draw_slides,
    "jpg": draw_image,
    "png": draw_image,
}
