"""A step of a benchmark in a process of its own, so that memory and caches of one do not colour the next."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def run(
    *arguments: str | int | Path,
    environment: Mapping[str, str] | None = None,
    directory: Path = ROOT,
    python: str | Path = sys.executable,
) -> Any:
    """What the step says in the last line of its output, which is JSON.

    `arguments` are what Python is given, such as `-m bench.mail_work fill 10`; the environment is that of this process
    if no other is given. Raises CalledProcessError if the step fails, and what it said about that is on stderr.
    """
    command = [str(python), "-W", "ignore", *map(str, arguments)]
    step = subprocess.run(command, cwd=directory, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(step.stdout.splitlines()[-1])
