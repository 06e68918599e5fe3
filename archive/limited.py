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
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from home import stopping

_PROJECT = Path(__file__).resolve().parent.parent
# Together with the worker that waits for it (`CELERY_WORKER_MAX_MEMORY_PER_CHILD`), a child stays below 1.5 GB.
MEMORY_BYTES = 1_100 * 1024 * 1024
OUTPUT_BYTES = 600 * 1024 * 1024
_PR_SET_PDEATHSIG = 1
_LAST_WORDS = 4_000


# How often the memory of a program and of what it has started is added up.
LOOK_SECONDS = 0.25
# A process that is killed is gone within moments, or hangs in the kernel, where nobody can wait for it.
ROUNDS = 50


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended: its exit status (negative: the signal that ended it) and its last words on stderr.

    `peak_kilobytes` is the most memory that was seen in it and in what it had started, together (0 if it was gone
    before anybody looked); `was_too_greedy` says that it was ended for that.
    """

    status: int
    errors: str
    peak_kilobytes: int = 0
    was_too_greedy: bool = False


def limit_this_process(memory: int = MEMORY_BYTES, cpu_seconds: int = 180) -> None:
    """Limits this process for good, and lets it die with the worker that started it."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_BYTES, OUTPUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def run(command: Sequence[str], directory: Path, *, seconds: float, memory: int = MEMORY_BYTES) -> Ended:
    """Runs a program that limits itself, with `directory` as the place of its temporary files and home.

    Its own limit holds for each of its processes; together they are ended once they hold more than `memory` bytes.
    Raises subprocess.TimeoutExpired after `seconds` on the clock, and WorkerStops if the worker has to end. Whatever
    ends the waiting, also the time limit of a task, ends the program and all it has started.
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
            peak = _watch(process, seconds, memory)
        finally:
            process.kill()
            _end_session(process.pid)
            status = process.wait()
        errors.seek(max(errors.seek(0, os.SEEK_END) - _LAST_WORDS, 0))
        words = errors.read().decode("utf-8", errors="replace")
        return Ended(status, words, peak // 1024, was_too_greedy=peak > memory)


def _watch(process: subprocess.Popen[bytes], seconds: float, memory: int) -> int:
    """Waits until a program has ended or its session holds more than `memory` bytes; the most that it held."""
    until, peak = time.monotonic() + seconds, 0
    while True:
        try:
            process.wait(timeout=LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            peak = max(peak, _held(process.pid, memory))
            stopping.give_up_in_time()
            if peak <= memory and time.monotonic() < until:
                continue
            if peak <= memory:
                raise
        return peak


def _end_session(session: int) -> None:
    """Kills all processes of a session, also those that were started meanwhile, and waits for their end."""
    for _ in range(ROUNDS):
        pids = _session(session)
        if not pids:
            return
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)


def _held(session: int, memory: int) -> int:
    """The bytes that the processes of a session hold, what several share counted once where it matters."""
    pids = _session(session)
    held = sum(_bytes(pid, "status", "VmRSS:") for pid in pids)
    # Exact, and dearer to find out.
    return held if held <= memory else sum(_bytes(pid, "smaps_rollup", "Pss:") for pid in pids)


def _session(session: int) -> list[int]:
    """The living processes of a session (proc_pid_stat(5), fields 3 and 6); none where there is no /proc."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name of a program may hold spaces and brackets.
            fields = path.read_text(errors="replace").rpartition(")")[2].split()
            if int(fields[3]) == session and fields[0] != "Z":
                found.append(int(path.parent.name))
    return found


def _bytes(pid: int, file: str, name: str) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024
    return 0


def limited(command: Sequence[str], *, memory: int, cpu_seconds: int) -> list[str]:
    """The command line that runs a foreign program under these limits."""
    return [sys.executable, "-m", "archive.limited", str(memory), str(cpu_seconds), *command]


if __name__ == "__main__":
    limit_this_process(int(sys.argv[1]), int(sys.argv[2]))
    os.execvp(sys.argv[3], sys.argv[3:])  # noqa: S606 -- that is what this module is for
