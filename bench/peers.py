"""Programs of others that ours are measured beside. All are kept below `var/bench/`; nothing of the machine changes.

Each function makes what it returns on its first call, which needs the network, and raises PeerMissing if it cannot.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

KEPT = Path(__file__).parents[1] / "var" / "bench"
# The wheels of the largest peer are 60 MB.
LIMIT = 600
INSTALL = ("-m", "pip", "install", "-q", "--disable-pip-version-check")


class PeerMissing(Exception):
    """A peer cannot be had here; the message says which, and why."""


def debian(name: str, *packages: str) -> Path:
    """The directory in which the files of these packages lie as they would in `/`."""
    place = KEPT / name
    if _is_new(place, packages):
        _run(name, "apt-get", "-q", "download", *packages, directory=place)
        for package in place.glob("*.deb"):
            _run(name, "dpkg", "-x", str(package), str(place / "files"))
        _complete(place, packages)
    return place / "files"


def python(name: str, *requirements: str) -> Path:
    """The Python of an environment of its own with these packages."""
    place = KEPT / name
    program = place / "bin" / "python"
    if _is_new(place, requirements):
        _run(name, sys.executable, "-m", "venv", str(place))
        _run(name, str(program), *INSTALL, *requirements)
        _complete(place, requirements)
    return program


def libraries(name: str, *requirements: str) -> Path:
    """A directory for PYTHONPATH with these packages, for those that run together with ours."""
    place = KEPT / name
    if _is_new(place, requirements):
        _run(name, sys.executable, *INSTALL, "--target", str(place), *requirements)
        _complete(place, requirements)
    return place


def _is_new(place: Path, wanted: Sequence[str]) -> bool:
    """Whether it has to be made; what an earlier run left half done, or made of something else, is away then."""
    complete = place / "complete"
    if complete.exists() and complete.read_text().split() == list(wanted):
        return False
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    return True


def _complete(place: Path, wanted: Sequence[str]) -> None:
    (place / "complete").write_text("\n".join(wanted))


def _run(name: str, *command: str, directory: Path | None = None) -> None:
    try:
        subprocess.run(command, cwd=directory, check=True, capture_output=True, timeout=LIMIT)
    except (OSError, subprocess.SubprocessError) as error:
        raise PeerMissing(f"{name}: {command[0]}: {type(error).__name__}") from error
