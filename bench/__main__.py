"""`python -m bench [PART,PART…]`: measures, prints one table, writes `var/bench.json`.

A part is a module of this package with `measure() -> list[Figure]`; each runs in a process of its own, so that memory
and caches of one do not colour the next. The exit status is 1 if a part could not be measured; a figure on the wrong
side of its bound is shown, not punished.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from bench import steps
from bench.figures import Figure, store, table

PARTS = ("web", "search", "intake", "download", "mail", "pdf")
ROOT = Path(__file__).parents[1]


def measure_part(part: str) -> list[Figure] | None:
    """The figures of one part, measured in a child process; None if that failed."""
    print(f"{part} …", file=sys.stderr, flush=True)
    try:
        rows = steps.run("-m", "bench", "--child", part)
    except subprocess.CalledProcessError as error:
        print(f"{part}: exit status {error.returncode}", file=sys.stderr)
        return None
    return [Figure(**row) for row in rows]


def main(arguments: list[str]) -> int:
    """Measure the named parts, or all; returns the exit status. `--child PART` prints the figures of one as JSON."""
    if arguments[:1] == ["--child"]:
        figures = importlib.import_module(f"bench.{arguments[1]}").measure()
        print(json.dumps([asdict(figure) for figure in figures]))
        return 0
    wanted = [part for part in ",".join(arguments).split(",") if part] or list(PARTS)
    unknown = sorted(set(wanted) - set(PARTS))
    if unknown:
        print(f"Es gibt: {', '.join(PARTS)}. Unbekannt: {', '.join(unknown)}", file=sys.stderr)
        return 2
    parts = [measure_part(part) for part in wanted]
    figures = [figure for part in parts if part for figure in part]
    print(table(figures))
    store(figures, ROOT / "var" / "bench.json")
    return int(None in parts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
