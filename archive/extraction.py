"""Text and page images of a stored file, read in a child process with limits on time and memory.

A file comes from outside. Whatever it does to the libraries that read it (endless loop, gigabytes of memory,
a crash in C code) ends the child, never the worker or the web process that asked.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

# The child limits itself (see `readers`); this is the clock on the wall, for a child that sleeps.
SECONDS = 240
_PROJECT = Path(__file__).resolve().parent.parent


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
    """What was read: the number of pages, the leaves with text or image, and what the file says about itself."""

    pages: int
    leaves: list[ExtractedLeaf] = field(default_factory=list)
    title: str = ""
    language: str = ""

    @property
    def characters(self) -> int:
        return sum(len(leaf.text) for leaf in self.leaves)


def extract(path: Path, extension: str, images: Path) -> Extraction:
    """Reads the file at `path` (type `extension`, see `file_types`); page images are written into `images`.

    Raises ExtractionFailed if the file is damaged, protected, or breaks a limit.
    """
    command = [sys.executable, "-m", "archive.readers", str(path.resolve()), extension, str(images.resolve())]
    try:
        done = subprocess.run(  # noqa: S603 -- our own interpreter and module, no shell
            command,
            cwd=_PROJECT,
            # The child needs no secret; only what finds its libraries is handed on.
            env={key: os.environ[key] for key in ("PATH", "LANG", "LD_LIBRARY_PATH", "HOME") if key in os.environ},
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ExtractionFailed("Das Lesen der Datei hat zu lange gedauert und wurde abgebrochen.") from None
    if done.returncode != 0:
        raise ExtractionFailed(_reason(done.returncode, done.stderr.decode("utf-8", errors="replace")))
    found = json.loads(done.stdout)
    return Extraction(
        pages=found["pages"],
        leaves=[
            ExtractedLeaf(leaf["number"], leaf["text"], images / leaf["image"] if leaf["image"] else None)
            for leaf in found["leaves"]
        ],
        title=found["title"].strip()[:255],
        language=found["language"].strip()[:20],
    )


def _reason(status: int, errors: str) -> str:
    last = errors.strip().rsplit("\n", 1)[-1].lower()
    if "password" in last:
        return "Die Datei ist mit einem Kennwort geschützt."
    if "memoryerror" in last or status in (-6, -9, -24, -25):
        return "Das Lesen der Datei hätte zu viel Speicher oder Zeit gebraucht und wurde abgebrochen."
    return "Die Datei lässt sich nicht lesen. Sie ist wahrscheinlich beschädigt."
