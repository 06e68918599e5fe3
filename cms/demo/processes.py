"""Child processes that never outlive the demo, and what an earlier demo left running."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

LAUNCHER = Path(__file__).with_name("launch.py")


class ChildFailed(Exception):
    """A child process ended although it should be running."""

    def __init__(self, child: Child) -> None:
        self.child = child
        super().__init__(f"{child.name} ended with status {child.status}; see {child.log}")


def identity(pid: int) -> str | None:
    """Return what tells this process from a later one with the same number: boot and start time (proc(5)).

    None if there is no such process or it has ended and only waits for its parent to notice.
    """
    try:
        # The second field is the name in parentheses and may hold spaces itself.
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return None
    state, started = fields[0], fields[19]
    return None if state in "ZX" else f"{boot}/{started}"


class Child:
    """A process in a session of its own, with a pid file and a log file.

    It gets SIGTERM when this process ends, even by SIGKILL. `grace` is the time in seconds it has to finish
    after SIGTERM before its whole process group is killed.
    """

    def __init__(
        self, name: str, command: Sequence[str], *, run: Path, log: Path, user: str = "-", grace: float = 10
    ) -> None:
        self.name = name
        self.command = list(command)
        self.pid_file = run / f"{name}.pid"
        self.log = log / f"{name}.log"
        self.user = user
        self.grace = grace
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, environment: Mapping[str, str] | None = None) -> None:
        """Start the process; raises OSError if the files cannot be written."""
        self.pid_file.parent.mkdir(parents=True, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        launch = [sys.executable, "-I", str(LAUNCHER), str(os.getpid()), self.user]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603  commands of the demo itself
                [*launch, *self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )
        self._write_pid_file(self._process.pid)

    def _write_pid_file(self, pid: int) -> None:
        partial = self.pid_file.with_suffix(".new")
        partial.write_text(json.dumps({"pid": pid, "identity": identity(pid), "command": self.command}))
        partial.replace(self.pid_file)

    @property
    def pid(self) -> int:
        """The process id; raises RuntimeError before the start."""
        if self._process is None:
            raise RuntimeError(f"{self.name} was not started")
        return self._process.pid

    @property
    def status(self) -> int | None:
        """The exit status, None while it runs or before it was started."""
        return self._process.poll() if self._process else None

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def require(self) -> None:
        """Raise ChildFailed unless the process runs."""
        if not self.running:
            raise ChildFailed(self)

    def stop(self) -> None:
        """End the process and everything it started; harmless when it has ended already."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(self.grace)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self.pid_file.unlink(missing_ok=True)


def end_leftovers(run: Path, *, grace: float = 10) -> list[str]:
    """End the processes whose pid files an earlier run left in `run`, and return their names.

    A process is ended only if it is the very one the file was written for: numbers are used again.
    """
    ours: dict[int, tuple[str, str]] = {}
    for pid_file in sorted(run.glob("*.pid")):
        with suppress(OSError, ValueError, KeyError, TypeError):
            record = json.loads(pid_file.read_text())
            pid, recorded = int(record["pid"]), record["identity"]
            if recorded and identity(pid) == recorded:
                ours[pid] = (pid_file.stem, recorded)
        pid_file.unlink(missing_ok=True)
    for pid in ours:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + grace
    for pid, (_name, recorded) in ours.items():
        while identity(pid) == recorded and time.monotonic() < deadline:
            time.sleep(0.05)
        if identity(pid) == recorded:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
    return [name for name, _recorded in ours.values()]
