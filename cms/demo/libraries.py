"""System libraries that WeasyPrint loads at run time.

`python -I cms/demo/libraries.py` installs the missing ones with apt when it is root, else names the command to type.
Standard library only: it runs before anything else is installed.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from ctypes.util import find_library

# Library name as WeasyPrint asks for it, file name of its ABI, Debian package that brings it.
LIBRARIES = (
    ("gobject-2.0", "libgobject-2.0.so.0", "libglib2.0-0"),
    ("pango-1.0", "libpango-1.0.so.0", "libpango-1.0-0"),
    ("pangoft2-1.0", "libpangoft2-1.0.so.0", "libpangoft2-1.0-0"),
    ("harfbuzz", "libharfbuzz.so.0", "libharfbuzz0b"),
    ("harfbuzz-subset", "libharfbuzz-subset.so.0", "libharfbuzz-subset0"),
    ("fontconfig", "libfontconfig.so.1", "fontconfig"),
)


def loads(name: str, file_name: str) -> bool:
    """Tell whether the dynamic linker finds the library, by file name or, elsewhere than on Linux, by name."""
    for candidate in (file_name, find_library(name)):
        if candidate:
            try:
                ctypes.CDLL(candidate)
            except OSError:
                continue
            return True
    return False


def missing_packages() -> list[str]:
    """Return the Debian packages of all libraries that do not load."""
    return [package for name, file_name, package in LIBRARIES if not loads(name, file_name)]


def sentence(packages: list[str]) -> str:
    """Return what to do about missing packages."""
    if shutil.which("apt-get"):
        return (
            "Für die PDF-Ausgabe fehlen Systembibliotheken. Bitte eingeben: "
            f"sudo apt-get update && sudo apt-get install -y {' '.join(packages)}"
        )
    return f"Für die PDF-Ausgabe fehlen Systembibliotheken (Debian-Pakete: {', '.join(packages)})."


def install(packages: list[str]) -> None:
    """Install packages with apt; what goes wrong is shown by apt itself."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", *packages]):
        subprocess.run(  # noqa: S603  package names of the table above
            ["apt-get", "-qq", *command],  # noqa: S607
            env=environment,
            stdout=subprocess.DEVNULL,
            check=False,
        )


def main() -> int:
    """Install what is missing where that is possible, else say what to install; returns the exit status."""
    packages = missing_packages()
    if packages and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Systembibliotheken installieren: {' '.join(packages)} …", flush=True)
        install(packages)
        packages = missing_packages()
    if packages:
        print(sentence(packages), file=sys.stderr)
    return 1 if packages else 0


if __name__ == "__main__":
    sys.exit(main())
