"""Programs that read files from outside, run with limits on memory, time and what they may write.

    python -m archive.limited MEMORY_BYTES CPU_SECONDS PROGRAM ARGUMENT…

sets the limits and becomes the program. Knows nothing of Django, so that a child starts fast and holds no database
connection.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_PROJECT = Path(__file__).resolve().parent.parent
# Together with the worker that waits for it (`CELERY_WORKER_MAX_MEMORY_PER_CHILD`), a child stays below 1.5 GB.
MEMORY_BYTES = 1_100 * 1024 * 1024
OUTPUT_BYTES = 600 * 1024 * 1024
_PR_SET_PDEATHSIG = 1
_LAST_WORDS = 4_000


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended: its exit status (negative: the signal that ended it) and its last words on stderr."""

    status: int
    errors: str


def limit_this_process(memory: int = MEMORY_BYTES, cpu_seconds: int = 180) -> None:
    """Limits this process for good, and lets it die with the worker that started it."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_BYTES, OUTPUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def run(command: Sequence[str], directory: Path, *, seconds: float) -> Ended:
    """Runs a program that limits itself, with `directory` as the place of its temporary files and home.

    Raises subprocess.TimeoutExpired after `seconds` on the clock. Whatever ends the waiting, also the time limit of a
    task, ends the program and all it has started.
    """
    environment = {key: os.environ[key] for key in ("PATH", "LANG", "LD_LIBRARY_PATH") if key in os.environ}
    with (directory / "errors").open("w+b") as errors:
        # No secret is handed on; only what finds programs and libraries.
        process = subprocess.Popen(  # noqa: S603 -- no shell, and no part of the command comes from outside
            list(command),
            cwd=_PROJECT,
            env=environment | {"TMPDIR": str(directory), "HOME": str(directory), "OMP_THREAD_LIMIT": "1"},
            stdin=subprocess.DEVNULL,
            stdout=errors,
            stderr=errors,
            start_new_session=True,
        )
        try:
            status = process.wait(timeout=seconds)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        errors.seek(max(errors.seek(0, os.SEEK_END) - _LAST_WORDS, 0))
        return Ended(status, errors.read().decode("utf-8", errors="replace"))


def limited(command: Sequence[str], *, memory: int, cpu_seconds: int) -> list[str]:
    """The command line that runs a foreign program under these limits."""
    return [sys.executable, "-m", "archive.limited", str(memory), str(cpu_seconds), *command]


if __name__ == "__main__":
    limit_this_process(int(sys.argv[1]), int(sys.argv[2]))
    os.execvp(sys.argv[3], sys.argv[3:])  # noqa: S606 -- that is what this module is for
