"""What must be right before the demo starts anything. Each failure is one sentence."""

from __future__ import annotations

import errno
import fcntl
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cms.demo import libraries
from cms.demo.environment import Demo, DemoError
from cms.demo.processes import end_leftovers

FREE_BYTES = 200 * 1024 * 1024
# An earlier demo that is just ending needs a moment to stop its processes.
WAIT_FOR_EARLIER_DEMO = 15.0


def make_directories(demo: Demo) -> None:
    """Make what the demo writes to; raises DemoError if that is not allowed or there is no space."""
    try:
        for directory in (demo.run, demo.log, demo.outbox, demo.summary.parent):
            directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise disk_full(demo.var) from error
        raise DemoError(f"In {demo.var} kann die Demo nicht schreiben: {error.strerror}.") from error
    if shutil.disk_usage(demo.var).free < FREE_BYTES:
        raise disk_full(demo.var)


def disk_full(place: Path) -> DemoError:
    """The sentence for a place that has too little room."""
    return DemoError(
        f"Für {place} ist auf der Festplatte zu wenig Platz: "
        f"Die Demo braucht {FREE_BYTES // 1024**2} MB freien Speicher."
    )


def require_libraries() -> None:
    """Raise DemoError if WeasyPrint could not be loaded."""
    packages = libraries.missing_packages()
    if packages:
        raise DemoError(libraries.sentence(packages))


@contextmanager
def only_demo(demo: Demo) -> Iterator[list[str]]:
    """Hold the lock of this VAR_DIR and end what an earlier demo left; yields the names of what was ended."""
    with (demo.run / "demo.lock").open("a") as lock:
        deadline = time.monotonic() + WAIT_FOR_EARLIER_DEMO
        while not _locked(lock.fileno()):
            if time.monotonic() > deadline:
                raise DemoError(f"Mit {demo.var} läuft schon eine Demo. Sie endet mit Strg+C in ihrem Terminal.")
            time.sleep(0.2)
        yield end_leftovers(demo.run)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def require_port(demo: Demo) -> None:
    """Raise DemoError if another program listens on the port of the website."""
    for address in listening_addresses(demo.port):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, demo.port))
            except OSError as error:
                raise _port_problem(demo.port, error) from error


def listening_addresses(port: int) -> list[str]:
    """The loopback addresses of this machine: `localhost` may mean either."""
    addresses = ["127.0.0.1"]
    if socket.has_ipv6:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            try:
                probe.bind(("::1", 0))
            except OSError:
                return addresses
        addresses.append("::1")
    return addresses


def _port_problem(port: int, error: OSError) -> DemoError:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else 8000
        return DemoError(f"Port {port} ist schon belegt. Ein anderer geht so: make demo PORT={other}")
    return DemoError(f"Port {port} lässt sich nicht öffnen: {error.strerror}. Ein anderer geht so: make demo PORT=8000")
