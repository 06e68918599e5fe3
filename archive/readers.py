"""Reads text and page images out of one file; run as a child process by `archive.extraction`.

    python -m archive.readers FILE EXTENSION IMAGE_DIRECTORY

prints one JSON object: {"pages": 3, "leaves": [{"number": 1, "text": "…", "image": "1.webp"}, …], "title": "…",
"language": "de"}. Knows nothing of Django, so that the process starts fast and holds no database connection.
Speaker notes and hidden slides are left out: people do not expect private remarks to be found.
"""

import ctypes
import json
import re
import resource
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from home.search.analysis import clean

IMAGE_WIDTH = 880
IMAGE_MAX_HEIGHT = 2400
MAX_IMAGES = 400
# A single piece of text longer than this is cut: no page that people read is that long.
MAX_LEAF_CHARACTERS = 400_000
# From this number of pages on, a line that stands on more than this share of them is a running head.
SMALLEST_BOOK = 5
RUNNING_SHARE = 0.6
MEMORY_BYTES = 1_400 * 1024 * 1024
CPU_SECONDS = 180
OUTPUT_BYTES = 600 * 1024 * 1024

Leaf = dict[str, Any]


def read(path: Path, extension: str, images: Path) -> dict[str, Any]:
    """Text and images of a file. `extension` is one of `file_types.FILE_TYPES`; images go into `images` as WebP."""
    result = READERS[extension](path, images)
    leaves = result["leaves"]
    for leaf in leaves:
        leaf["text"] = re.sub(r"\n\s*\n", "\n\n", clean(leaf["text"])[:MAX_LEAF_CHARACTERS]).strip()
    repeated = _running_heads([leaf["text"] for leaf in leaves])
    for leaf in leaves:
        noise = repeated | {str(leaf["number"])} if repeated else repeated
        lines = leaf["text"].split("\n")
        leaf["text"] = "\n".join(line for line in lines if line.strip() not in noise).strip()
    return result


def _running_heads(texts: list[str]) -> set[str]:
    """Lines that stand on most pages: as hits they would point to every page and so to none."""
    if len(texts) < SMALLEST_BOOK:
        return set()
    counts = Counter(line for text in texts for line in {line.strip() for line in text.split("\n")} if line)
    return {line for line, count in counts.items() if count > RUNNING_SHARE * len(texts)}


def _result(texts: Iterable[tuple[int, str]], pages: int | None = None, **more: Any) -> dict[str, Any]:
    leaves = [{"number": number, "text": text, "image": ""} for number, text in texts]
    return {"pages": len(leaves) if pages is None else pages, "leaves": leaves, **more}


def _save_image(image: Any, images: Path, number: int) -> str:
    name = f"{number}.webp"
    image.convert("RGB").save(images / name, "WEBP", quality=72, method=4)
    return name


def read_pdf(path: Path, images: Path) -> dict[str, Any]:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        leaves: list[Leaf] = []
        for index in range(len(document)):
            page = document[index]
            textpage = page.get_textpage()
            leaf = {"number": index + 1, "text": textpage.get_text_bounded(), "image": ""}
            if index < MAX_IMAGES:
                width, height = page.get_size()
                scale = min(IMAGE_WIDTH / max(width, 1), IMAGE_MAX_HEIGHT / max(height, 1))
                leaf["image"] = _save_image(page.render(scale=scale).to_pil(), images, index + 1)
            leaves.append(leaf)
            textpage.close()
            page.close()
        title = document.get_metadata_dict().get("Title", "")
        return {"pages": len(leaves), "leaves": leaves, "title": title, "language": _pdf_language(document)}


def _pdf_language(document: Any) -> str:
    from pypdfium2 import raw

    length = raw.FPDFCatalog_GetLanguage(document, None, 0)
    letters = ctypes.create_string_buffer(length)
    raw.FPDFCatalog_GetLanguage(document, ctypes.cast(letters, ctypes.POINTER(raw.FPDF_WCHAR)), length)
    return letters.raw.decode("utf-16-le", errors="replace").strip("\0")


def read_pptx(path: Path, images: Path) -> dict[str, Any]:
    from pptx import Presentation

    presentation = Presentation(str(path))
    slides = list(presentation.slides)
    shown = ((n, slide) for n, slide in enumerate(slides, 1) if slide._element.get("show") not in ("0", "false"))
    texts = [(number, "\n".join(_shape_texts(slide.shapes))) for number, slide in shown]
    properties = presentation.core_properties
    return _result(texts, len(slides), title=properties.title or "", language=properties.language or "")


def _shape_texts(shapes: Iterable[Any]) -> Iterator[str]:
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _shape_texts(shape.shapes)
        elif shape.has_text_frame and shape.text_frame.text.strip():
            yield shape.text_frame.text.replace("\v", "\n")
        elif getattr(shape, "has_table", False):
            yield from (" | ".join(cell.text for cell in row.cells) for row in shape.table.rows)


def read_docx(path: Path, images: Path) -> dict[str, Any]:
    from docx import Document
    from docx.oxml.ns import qn

    document = Document(str(path))
    pages = [""]
    # Word notes where it last broke a page; without such marks the whole text is one piece.
    for element in document.element.body.iter():
        if element.tag == qn("w:lastRenderedPageBreak") or (
            element.tag == qn("w:br") and element.get(qn("w:type")) == "page"
        ):
            pages.append("")
        elif element.tag == qn("w:t"):
            pages[-1] += element.text or ""
        elif element.tag in (qn("w:br"), qn("w:cr"), qn("w:tab")):
            pages[-1] += "\t" if element.tag == qn("w:tab") else "\n"
        elif element.tag == qn("w:p"):
            pages[-1] += "\n\n"
    properties = document.core_properties
    texts = enumerate((page for page in pages if page.strip()), 1)
    return _result(texts, title=properties.title or "", language=properties.language or "")


def read_odf(path: Path, images: Path) -> dict[str, Any]:
    from odfdo import Document

    document = Document(path)
    meta = document.meta
    body = document.body
    if path.suffix == ".odp" or document.get_type() == "presentation":
        texts = [
            (number, "\n".join(p.inner_text for p in page.get_elements("descendant::text:p")))
            for number, page in enumerate(body.get_draw_pages(), 1)
        ]
    else:
        texts = list(enumerate(_odt_pages(body), 1))
    return _result(texts, title=meta.title or "", language=meta.language or "")


def _odt_pages(body: Any) -> Iterator[str]:
    lines: list[str] = []
    for paragraph in body.get_elements("descendant::text:p | descendant::text:h | descendant::text:soft-page-break"):
        if paragraph.tag == "text:soft-page-break":
            if lines:
                yield "\n\n".join(lines)
            lines = []
        else:
            lines.append(paragraph.inner_text)
    yield "\n\n".join(lines)


def read_xlsx(path: Path, images: Path) -> dict[str, Any]:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    texts = []
    for number, sheet in enumerate(book.worksheets, 1):
        if sheet.sheet_state == "visible":
            rows = ("\t".join(str(value) for value in row if value is not None) for row in sheet.values)
            texts.append((number, f"{sheet.title}\n" + "\n".join(row for row in rows if row)))
    return _result(texts, len(book.worksheets), title=book.properties.title or "", language="")


def read_text(path: Path, images: Path) -> dict[str, Any]:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    return _result(enumerate(text.split("\f"), 1), title="", language="")


def read_image(path: Path, images: Path) -> dict[str, Any]:
    from PIL import Image, ImageOps

    with Image.open(path) as image:
        picture = ImageOps.exif_transpose(image)
        picture.thumbnail((IMAGE_WIDTH * 2, IMAGE_MAX_HEIGHT))
        result = _result([(1, "")], title="", language="")
        result["leaves"][0]["image"] = _save_image(picture, images, 1)
    return result


def read_video(path: Path, images: Path) -> dict[str, Any]:
    """Nothing: what is said in a video stands in its transcript or its subtitles."""
    return _result((), title="", language="")


READERS: dict[str, Callable[[Path, Path], dict[str, Any]]] = {
    "pdf": read_pdf,
    "pptx": read_pptx,
    "docx": read_docx,
    "xlsx": read_xlsx,
    "odt": read_odf,
    "odp": read_odf,
    "txt": read_text,
    "jpg": read_image,
    "png": read_image,
    "mp4": read_video,
    "webm": read_video,
    "vtt": read_text,
}


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_BYTES, OUTPUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(file: str, extension: str, images: str) -> None:
    """Reads one file under limits and prints the result; anything a library prints goes to stderr instead."""
    _limit()
    answer, sys.stdout = sys.stdout, sys.stderr
    json.dump(read(Path(file), extension, Path(images)), answer)


if __name__ == "__main__":
    main(*sys.argv[1:])
