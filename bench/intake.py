"""How fast files come into the archive, and how much memory that takes.

A seeded set of files goes the whole way in this process: checks, storage, reading in the limited child, page images,
index. LibreOffice and text recognition are left out of that, so that machines compare. Files that cost the most memory
follow, then both programs where they are installed, with all that they start.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.figures import Figure

PART = "intake"
SEED = 4
PDFS, PDF_PAGES = 8, 25
DECKS, SLIDES = 8, 15
LETTERS, TEXTS = 8, 12
BOUND_MB = 1536.0
WORDS = (
    *("Integration", "Koordination", "Landkreis", "Fördermittel", "Ehrenamt", "Sprachkurs", "Beratung", "Netzwerk"),
    *("Kommune", "Verwaltung", "Arbeitsmarkt", "Bildung", "Wohnen", "Gesundheit", "Begegnung", "Antrag", "Bericht"),
    *("Protokoll", "Ergebnis", "Beschluss", "und", "die", "der", "mit", "für"),
)


def measure() -> list[Figure]:
    """Files and pages a second, the time against bare text extraction, and the most memory of worker and child."""
    with tempfile.TemporaryDirectory(prefix="ikoe-bench-") as name:
        directory = Path(name)
        programs = os.environ.get("PATH", "")
        _prepare(directory)
        files = directory / "files"
        files.mkdir()
        paths = list(_write_files(files))
        seconds, pages, peak_child, pdf_seconds = _take_in(paths)
        bare = _bare_seconds([path for path in paths if path.suffix == ".pdf"])
        peak_child = max(peak_child, _greedy(files))
        own = _own_peak()
        os.environ["PATH"] = programs
        return [
            Figure(PART, "Dateien aufnehmen und lesen", len(paths) / seconds, "Dateien/s"),
            Figure(PART, "Seiten aufnehmen und lesen, mit Bildern und Index", pages / seconds, "Seiten/s"),
            Figure(PART, "PDF nur Text, pypdfium2 allein", PDFS * PDF_PAGES / bare, "Seiten/s"),
            Figure(PART, "PDF der ganze Weg, Zeit gegenüber pypdfium2 allein", pdf_seconds / bare, "-fach"),
            Figure(PART, "Speicher von Worker und Kind, Höchstwert", own + peak_child, "MB", BOUND_MB, "Vorgabe"),
            *_with_programs(directory, own),
        ]


def _prepare(directory: Path) -> None:
    """A migrated database and an empty archive of its own."""
    os.environ |= {
        "DEBUG": "1",
        "VAR_DIR": str(directory),
        "DATABASE_URL": f"sqlite:///{directory / 'db.sqlite3'}",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "DJANGO_SETTINGS_MODULE": "cms.settings",
        "PATH": str(directory / "no-programs"),
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _text(choice: random.Random, words: int) -> str:
    return " ".join(choice.choice(WORDS) for _ in range(words))


def _write_files(directory: Path) -> Iterator[Path]:
    from docx import Document
    from pptx import Presentation

    choice = random.Random(SEED)  # noqa: S311 -- the same files in every run
    for number in range(PDFS):
        path = directory / f"Bericht {number}.pdf"
        path.write_bytes(pdf([[_text(choice, 9) for _ in range(42)] for _ in range(PDF_PAGES)]))
        yield path
    for number in range(DECKS):
        deck = Presentation()
        for _ in range(SLIDES):
            slide = deck.slides.add_slide(deck.slide_layouts[1])
            slide.shapes.title.text, slide.placeholders[1].text = _text(choice, 4), _text(choice, 40)
        path = directory / f"Folien {number}.pptx"
        deck.save(str(path))
        yield path
    for number in range(LETTERS):
        letter = Document()
        for _ in range(60):
            letter.add_paragraph(_text(choice, 50))
        path = directory / f"Protokoll {number}.docx"
        letter.save(str(path))
        yield path
    for number in range(TEXTS):
        path = directory / f"Notiz {number}.txt"
        path.write_text(_text(choice, 2000))
        yield path


def pdf(pages: list[list[str]]) -> bytes:
    """A PDF with these lines on its pages, in Helvetica."""
    from tests.archive.made_files import pdf_of

    fonts = "<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> >> >>"
    kids = " ".join(f"{3 + 2 * index} 0 R" for index in range(len(pages)))
    bodies = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>"]
    for index, lines in enumerate(pages):
        content = "BT /F 11 Tf 16 TL 50 790 Td " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
        box = f"/MediaBox [0 0 595 842] /Contents {4 + 2 * index} 0 R /Resources {fonts}"
        bodies.append(f"<< /Type /Page /Parent 2 0 R {box} >>")
        bodies.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    return pdf_of(*bodies, encoding="cp1252")


def _take_in(paths: list[Path]) -> tuple[float, int, float, float]:
    """Seconds, pages, the most megabytes of a child, and the seconds of the PDFs alone."""
    pages, peak, pdf_seconds = 0, 0.0, 0.0
    began = time.perf_counter()
    for path in paths:
        start = time.perf_counter()
        read, child_peak = _through_the_intake(path)
        pages, peak = pages + read, max(peak, child_peak)
        if path.suffix == ".pdf":
            pdf_seconds += time.perf_counter() - start
    return time.perf_counter() - began, pages, peak, pdf_seconds


def _through_the_intake(path: Path) -> tuple[int, float]:
    """Takes in and reads one file; its pages, and the megabytes of the child that read it."""
    from archive import indexing
    from archive.extraction import Extraction
    from archive.intake import take_in

    peaks: list[int] = []

    def watched(extract: Callable[..., Extraction]) -> Callable[..., Extraction]:
        def extract_and_note(*args: object, **options: object) -> Extraction:
            extraction = extract(*args, **options)
            peaks.append(extraction.peak_kilobytes)
            return extraction

        return extract_and_note

    original = indexing.extract
    indexing.extract = watched(original)
    try:
        version = indexing.read_version(take_in(path, path.name).version.pk)
    finally:
        indexing.extract = original
    if version.extraction != "done":
        raise RuntimeError(f"{path.name}: {version.extraction_error}")
    return version.page_count or 0, max(peaks) / 1024


def _bare_seconds(paths: list[Path]) -> float:
    import pypdfium2

    start = time.perf_counter()
    for path in paths:
        with pypdfium2.PdfDocument(path) as document:
            for page in document:
                page.get_textpage().get_text_bounded()
    return time.perf_counter() - start


def _greedy(directory: Path) -> float:
    """The most megabytes of a child for what costs most: thousands of full pages, a picture of 80 megapixels."""
    from PIL import Image

    choice = random.Random(SEED)  # noqa: S311
    page = [_text(choice, 9) for _ in range(42)]
    many, large = directory / "viele Seiten.pdf", directory / "groß.png"
    many.write_bytes(pdf([[f"{number}", *page] for number in range(8_000)]))
    Image.new("RGB", (10_000, 8_000), "#0b4250").save(large)
    return max(_through_the_intake(many)[1], _through_the_intake(large)[1])


def _with_programs(directory: Path, own: float) -> Iterator[Figure]:
    """Worker, child and the programs that it starts: a large deck drawn by LibreOffice, scans read by OCRmyPDF."""
    from archive.extraction import extract
    from archive.recognition import is_installed, recognise

    if shutil.which("soffice"):
        results = directory / "drawn"
        results.mkdir()
        peak = extract(_large_deck(directory), "pptx", results).peak_kilobytes
        yield Figure(PART, "Speicher mit LibreOffice, 200 Folien", own + peak / 1024, "MB", BOUND_MB, "Vorgabe")
    if is_installed():
        results = directory / "recognised"
        results.mkdir()
        scan = _scan(directory)
        peak = recognise(scan, extract(scan, "pdf", results), results)[0].peak_kilobytes
        yield Figure(PART, "Speicher mit Texterkennung, 6 Seiten A4", own + peak / 1024, "MB", BOUND_MB, "Vorgabe")


def _large_deck(directory: Path) -> Path:
    from PIL import Image
    from pptx import Presentation

    choice, deck = random.Random(SEED), Presentation()  # noqa: S311
    photo = directory / "photo.png"
    Image.effect_noise((3000, 2000), 60).save(photo)
    for number in range(200):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text, slide.placeholders[1].text = _text(choice, 4), _text(choice, 40)
        if number % 10 == 0:
            slide.shapes.add_picture(str(photo), 0, 0)
    path = directory / "groß.pptx"
    deck.save(str(path))
    return path


def _scan(directory: Path) -> Path:
    from PIL import Image, ImageDraw, ImageFont

    choice = random.Random(SEED)  # noqa: S311
    pages = []
    for _ in range(6):
        page = Image.new("L", (2480, 3508), "white")
        lines = "\n".join(_text(choice, 8) for _ in range(60))
        ImageDraw.Draw(page).multiline_text((200, 200), lines, font=ImageFont.load_default(44), fill="black")
        pages.append(page)
    path = directory / "scan.pdf"
    pages[0].save(path, save_all=True, append_images=pages[1:], resolution=300)
    return path


def _own_peak() -> float:
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found.group(1)) / 1024 if found else 0.0
