"""Text of scanned pages, by OCRmyPDF and Tesseract where both are installed."""

from __future__ import annotations

import logging
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from archive.extraction import Extraction
from archive.limited import MEMORY_BYTES, limited, run
from home.search.analysis import clean

logger = logging.getLogger(__name__)

# A PDF with less text than this on a page is a stack of pictures.
FEW_CHARACTERS = 20
# A page takes 2 to 15 seconds; the time limit of the task is above the clock on the wall here.
MAX_PAGES = 80
SECONDS = 900
CPU_SECONDS = 600

_PICTURES = "Die Datei enthält Bilder statt Text, die Suche findet sie nur über den Titel."
NOT_INSTALLED = f"{_PICTURES} Eine Texterkennung ist auf diesem Server nicht eingerichtet."
GAVE_UP = f"{_PICTURES} Die Texterkennung hat nicht geklappt."
TOO_GREEDY = f"{_PICTURES} Die Texterkennung hätte zu viel Speicher gebraucht und wurde abgebrochen."
NOTHING_FOUND = f"{_PICTURES} Die Texterkennung hat keinen Text gefunden."
ONLY_THE_BEGINNING = f"Der Text stammt aus der Texterkennung und reicht bis Seite {MAX_PAGES}."
_SKIPPED = re.compile(r"\[OCR skipped on page\(s\) (\d+)(?:-(\d+))?\]")


def needs_recognition(extraction: Extraction) -> bool:
    """Whether a PDF has pages and next to no text."""
    return extraction.pages > 0 and extraction.characters < FEW_CHARACTERS * extraction.pages


def is_installed() -> bool:
    """Whether the programs are there. The German language of Tesseract shows only when it is used."""
    return all(map(shutil.which, ("ocrmypdf", "tesseract")))


def recognise(path: Path, extraction: Extraction, directory: Path) -> tuple[Extraction, bool]:
    """The reading of the PDF at `path` with the recognised text of pages that have none, and whether there is any.

    Without the programs, or if they give up, the reading comes back with a remark in German.
    """
    if not is_installed():
        return replace(extraction, remark=NOT_INSTALLED), False
    sidecar = directory / "recognised.txt"
    command = ["ocrmypdf", "--quiet", "--language", "deu", "--jobs", "1", "--skip-text"]
    command += ["--output-type", "none", "--pages", f"1-{min(extraction.pages, MAX_PAGES)}"]
    command += ["--sidecar", str(sidecar), str(path), "-"]
    try:
        ended = run(limited(command, memory=MEMORY_BYTES, cpu_seconds=CPU_SECONDS), directory, seconds=SECONDS)
    except subprocess.TimeoutExpired:
        return replace(extraction, remark=GAVE_UP), False
    extraction = replace(extraction, peak_kilobytes=max(extraction.peak_kilobytes, ended.peak_kilobytes))
    if ended.status or not sidecar.exists():
        logger.warning("text recognition ended with status %s", ended.status)
        return replace(extraction, remark=TOO_GREEDY if ended.was_too_greedy else GAVE_UP), False
    found = dict(_pages(sidecar.read_text(errors="replace")))
    leaves = [replace(leaf, text=leaf.text or found.get(leaf.number, "")) for leaf in extraction.leaves]
    if not any(found.values()):
        return replace(extraction, remark=NOTHING_FOUND), False
    remark = ONLY_THE_BEGINNING if extraction.pages > MAX_PAGES else ""
    return replace(extraction, leaves=leaves, remark=remark), True


def _pages(sidecar: str) -> Iterator[tuple[int, str]]:
    """Number and text of each page; OCRmyPDF ends a page with a form feed and sums up those that it skipped."""
    number = 1
    for page in sidecar.removesuffix("\f").split("\f"):
        skipped = _SKIPPED.search(page)
        if skipped:
            number = int(skipped.group(2) or skipped.group(1)) + 1
        else:
            yield number, re.sub(r"\n\s*\n", "\n\n", clean(page)).strip()
            number += 1
