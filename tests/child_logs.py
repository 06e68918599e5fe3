"""No address of a person reaches the log of a process that a test starts: whatever such a process logs is searched.

All processes of a run are started with `subprocess.Popen`, so this stands there (`watched`) and no test has to think of
it. Log is

- a file that a process writes its standard error to, or both of its outputs, as servers and workers do,
- standard error that is kept in memory until the process ends (`capture_output`),
- `*.log` below `log/` of its VAR_DIR and in its working directory: what a demo or nginx writes by itself,
- what a process says to the terminal of the tests, which pytest keeps (`said_to_terminal`).

No log is standard output in a pipe or a file of its own: the answer to whoever started the process, say the rows of an
export or the accounts of the demo. Neither is an address that stands in the command line, in which somebody is told
about what they have typed. What is thrown away (`DEVNULL`) is nobody's log.
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.quiet_logs import ADDRESS, addresses_in, masked

ROOT = Path(__file__).parents[1]
# Servers that stand for somebody else's machines and log as theirs would: the mailbox of a provider.
OF_OTHERS = ("dovecot",)
NAMED = "somebody is named by what a process of the tests logs:"
_Popen = subprocess.Popen


class Log:
    """A file that processes write to, read as far as it is written. It may be gone or begin anew meanwhile."""

    def __init__(self, path: Path) -> None:
        self.name = str(path.resolve())
        # Addresses in the command lines of those who write it, and how many of them are still running.
        self.typed: set[str] = set()
        self.writers = 0
        self._file = path.open("rb")
        self._lines = 0

    def notice_new_beginning(self) -> None:
        """Whoever writes it now has emptied it before."""
        if os.fstat(self._file.fileno()).st_size < self._file.tell():
            self._file.seek(0)
            self._lines = 0

    def new_lines(self, *, to_the_end: bool) -> Iterator[tuple[str, str]]:
        """Place and text of every line since the last time; one that is not finished only if nothing follows."""
        self.notice_new_beginning()
        for line in iter(self._file.readline, b""):
            if not line.endswith(b"\n") and not to_the_end:
                self._file.seek(-len(line), os.SEEK_CUR)
                return
            self._lines += 1
            yield f"{self.name}:{self._lines}", line.decode(errors="replace")

    def close(self) -> None:
        self._file.close()


class ChildLogs:
    """Searches the logs of processes; `searched` counts the lines of each."""

    def __init__(self) -> None:
        self.processes = 0
        self.searched: Counter[str] = Counter()
        self._named: list[str] = []
        self._open: dict[tuple[int, int], Log] = {}
        self._lock = threading.RLock()

    def began(self, typed: set[str], log: Path | None, directories: Iterable[Path]) -> list[Log]:
        """A process was started with these addresses as arguments. Returns the logs that it may write to."""
        with self._lock:
            self.processes += 1
            found = [self._follow(path) for path in _paths(log, directories)]
            for written in found:
                written.writers += 1
                written.typed |= typed
            return found

    def ended(self, logs: list[Log], directories: Iterable[Path]) -> None:
        """A process has ended. The next one may write its log anew, so it is searched right now."""
        with self._lock:
            for path in _paths(None, directories):
                self._follow(path)
            for log in logs:
                log.writers -= 1
            for log in self._open.values():
                self._search(log, to_the_end=False)

    def search(self, *, to_the_end: bool = False) -> list[str]:
        """Lines that name somebody, without the name, since the last time. Logs that nobody writes any more are closed.

        To the end: also those of processes that are still running.
        """
        with self._lock:
            for place, log in list(self._open.items()):
                over = to_the_end or not log.writers
                self._search(log, to_the_end=over)
                if over:
                    log.close()
                    del self._open[place]
            found, self._named = self._named, []
            return found

    def look_at(self, lines: Iterable[tuple[str, str]], log: str, typed: set[str]) -> None:
        """Search these lines, each with its place, of a log."""
        with self._lock:
            for place, line in lines:
                self.searched[log] += 1
                if addresses_in(line) - typed:
                    self._named.append(f"{place}: {masked(line.strip())[:300]}")

    def _search(self, log: Log, *, to_the_end: bool) -> None:
        self.look_at(log.new_lines(to_the_end=to_the_end), log.name, log.typed)

    def _follow(self, path: Path) -> Log:
        found = path.stat()
        place = (found.st_dev, found.st_ino)
        if place not in self._open:
            self._open[place] = Log(path)
        self._open[place].notice_new_beginning()
        return self._open[place]


def _paths(log: Path | None, directories: Iterable[Path]) -> Iterator[Path]:
    paths = [log] if log else []
    paths += [path for directory in directories for path in directory.glob("*.log")]
    return (path for path in paths if path.is_file())


def _file_of_log(stdout: Any, stderr: Any) -> Path | None:
    """The file that a process logs to, None if it logs to none."""
    if stderr == subprocess.STDOUT:
        stderr = stdout
    if stderr is None or (isinstance(stderr, int) and stderr < 0):
        return None
    return Path(f"/proc/self/fd/{stderr if isinstance(stderr, int) else stderr.fileno()}")


def _directories(environment: Mapping[str, str] | None, working: Any) -> list[Path]:
    """Where a process keeps logs that it opens itself."""
    variables = os.environ if environment is None else environment
    found = [Path(variables["VAR_DIR"], "log")] if variables.get("VAR_DIR") else []
    if working is not None and Path(working) != ROOT:
        found.append(Path(working))
    return found


@contextmanager
def watched() -> Iterator[ChildLogs]:
    """Until the context ends, the logs of all processes that are started are searched, and by this one alone."""
    logs = ChildLogs()

    class Watched(_Popen):
        def __init__(self, args: Any, *others: Any, **options: Any) -> None:
            super().__init__(args, *others, **options)
            arguments = [args] if isinstance(args, str | bytes | os.PathLike) else list(args)
            self._command = [os.fsdecode(argument) for argument in arguments]
            self._typed = {argument.lower() for argument in self._command if ADDRESS.fullmatch(argument)}
            self._directories = _directories(options.get("env"), options.get("cwd"))
            self._has_one_output = options.get("stderr") == subprocess.STDOUT
            self._is_ours = Path(self._command[0]).name not in OF_OTHERS
            self._is_over = False
            if self._is_ours:
                log = _file_of_log(options.get("stdout"), options.get("stderr"))
                self._logs = logs.began(self._typed, log, self._directories)

        def poll(self) -> int | None:
            return self._noticed(super().poll())

        def wait(self, timeout: float | None = None) -> int:
            return self._noticed(super().wait(timeout))

        def communicate(self, *arguments: Any, **options: Any) -> tuple[Any, Any]:
            out, errors = super().communicate(*arguments, **options)
            if self._is_ours and (said := out if self._has_one_output else errors):
                text = said if isinstance(said, str) else said.decode(errors="replace")
                name = f"standard error of {' '.join(self._command)[:200]}"
                logs.look_at(((name, line) for line in text.splitlines()), name, self._typed)
            return out, errors

        def _noticed(self, status: Any) -> Any:
            if self._is_ours and status is not None and not self._is_over:
                self._is_over = True
                logs.ended(self._logs, self._directories)
            return status

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess, "Popen", Watched)
        yield logs


def said_to_terminal(report: pytest.TestReport) -> list[str]:
    """Lines that name somebody in what pytest caught of standard error, that of child processes included."""
    return [
        masked(line)[:300]
        for heading, text in report.sections
        if heading == f"Captured stderr {report.when}"
        for line in text.splitlines()
        if addresses_in(line)
    ]


def fail_if(named: list[str]) -> None:
    """Fail the test, or what ends last, with these lines."""
    if named:
        pytest.fail(f"{NAMED}\n" + "\n".join(named), pytrace=False)


# Processes and lines of the whole run, in the first process of pytest-xdist or the only one.
_figures: Counter[str] = Counter()


def hand_over_figures(config: pytest.Config, logs: ChildLogs) -> None:
    """Tell how much was searched, at the end of a process of tests."""
    figures = {"child_processes": logs.processes, "child_lines": logs.searched.total()}
    add_figures(figures)
    if hasattr(config, "workeroutput"):
        config.workeroutput.update(figures)


def add_figures(figures: Mapping[str, int]) -> None:
    """Add those of a process."""
    _figures.update({name: figures[name] for name in ("child_processes", "child_lines") if name in figures})


def print_summary(reporter: pytest.TerminalReporter) -> None:
    """Say how many lines were searched for addresses: none would be no proof."""
    processes, lines = _figures["child_processes"], _figures["child_lines"]
    reporter.line(f"logs searched for addresses: {lines} lines of {processes} processes")
