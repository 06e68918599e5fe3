"""Text and page images of a stored file, read in a child process with limits on time and memory.

A file comes from outside. Whatever it does to the libraries that read it (endless loop, gigabytes of memory,
a crash in C code) ends the child, never the worker or the web process that asked.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from archive.limited import Ended, run

# The child limits its processor time itself; this is the clock on the wall, for a child that sleeps.
SECONDS = 300
_OUT_OF_LIMITS = frozenset(
    {signal.SIGABRT, signal.SIGKILL, signal.SIGXCPU, signal.SIGXFSZ, signal.SIGTRAP, signal.SIGILL}
)
TOOK_TOO_LONG = "Das Lesen der Datei hat zu lange gedauert und wurde abgebrochen."
_NO_PICTURES = "Nicht alle Seiten ließen sich als Bild zeichnen."


class ExtractionFailed(Exception):
    """The file could not be read; the message is a German sentence for editors."""


@dataclass(frozen=True, slots=True)
class ExtractedLeaf:
    """One page, slide, sheet or picture: its number (from 1), its text, and its image file, if there is one."""

    number: int
    text: str
    image: Path | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was read: the number of pages, the leaves with text or image, and what the file says about itself.

    `is_tagged` is known for PDF only; `remark` is a German sentence about what is missing; `peak_kilobytes` is the most
    memory that the child and what it had started were seen to hold.
    """

    pages: int
    leaves: list[ExtractedLeaf] = field(default_factory=list)
    title: str = ""
    language: str = ""
    is_tagged: bool | None = None
    remark: str = ""
    peak_kilobytes: int = 0

    @property
    def characters(self) -> int:
        """How many characters can be searched, on all leaves."""
        return sum(len(leaf.text) for leaf in self.leaves)


def extract(path: Path, extension: str, directory: Path, *, with_notes: bool = False) -> Extraction:
    """Reads the file at `path` (type `extension`, see `file_types`); page images are written into `directory`.

    `with_notes`: speaker notes, hidden slides and hidden sheets too. Raises ExtractionFailed if the file is damaged,
    protected, or breaks a limit before its text is read.
    """
    command = [sys.executable, "-m", "archive.readers", str(path.resolve()), extension, str(directory.resolve())]
    try:
        ended = run([*command, "notes"] if with_notes else command, directory, seconds=SECONDS)
    except subprocess.TimeoutExpired:
        ended = Ended(-signal.SIGALRM, "")
    reading = directory / "reading.json"
    if not reading.exists():
        raise ExtractionFailed(_reason(ended))
    found = json.loads(reading.read_text())
    peak = re.search(r"^peak=(\d+)$", ended.errors, re.MULTILINE)
    return Extraction(
        pages=found["pages"],
        leaves=[ExtractedLeaf(number, text, _image(directory, number)) for number, text in found["leaves"]],
        title=found["title"][:255],
        language=found["language"][:35],
        is_tagged=found["is_tagged"],
        remark=found["remark"] or (_NO_PICTURES if ended.status else ""),
        peak_kilobytes=max(ended.peak_kilobytes, int(peak.group(1)) if peak else 0),
    )


def _image(directory: Path, number: int) -> Path | None:
    path = directory / f"{number}.webp"
    return path if path.exists() else None


def _reason(ended: Ended) -> str:
    if ended.status == -signal.SIGALRM:
        return TOOK_TOO_LONG
    last = ended.errors.strip().rsplit("\n", 1)[-1].lower()
    if "password" in last:
        return "Die Datei ist mit einem Kennwort geschützt."
    if ended.was_too_greedy or "memoryerror" in last or -ended.status in _OUT_OF_LIMITS:
        return "Das Lesen der Datei hätte zu viel Speicher oder Zeit gebraucht und wurde abgebrochen."
    return "Die Datei lässt sich nicht lesen. Sie ist wahrscheinlich beschädigt."
