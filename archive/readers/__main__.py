"""Reads one file under limits.

    python -m archive.readers FILE EXTENSION DIRECTORY [notes]

writes `reading.json` (the fields of `Reading`) into the directory, then pictures `<number>.webp`. The text is there
before the first picture is drawn: a file whose pictures break a limit keeps its text. The last line on stderr is the
most memory that this process held, as `peak=<kilobytes>`.
"""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from pathlib import Path

from archive.limited import limit_this_process
from archive.readers import DRAWERS, READERS


def main(file: str, extension: str, directory: str, *options: str) -> None:
    """Read one file; the result goes to `reading.json` in the directory, the peak of memory to stderr."""
    limit_this_process()
    path, target = Path(file), Path(directory)
    try:
        reading = READERS[extension](path, "notes" in options).made_ready()
        unfinished = target / "reading.part"
        unfinished.write_text(json.dumps(dataclasses.asdict(reading)))
        unfinished.rename(target / "reading.json")
        if extension in DRAWERS:
            DRAWERS[extension](path, [number for number, _ in reading.leaves], target)
    finally:
        print(f"peak={_peak()}", file=sys.stderr)


def _peak() -> int:
    # Not `getrusage`: that carries the size of the worker along which forked this process.
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found.group(1)) if found else 0


if __name__ == "__main__":
    main(*sys.argv[1:])
