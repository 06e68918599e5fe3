"""The tar file: members go in one after another, checksums come last; nothing is trusted before all of them agree."""

from __future__ import annotations

import hashlib
import io
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from cms.backup.errors import DamagedArchive

SUMS = "SHA256SUMS"
_CHUNK = 1 << 20


class BundleWriter:
    """Writes members to a stream that need not be seekable."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._tar = tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - see close().
        self._sums: list[str] = []

    def add(self, name: str, content: IO[bytes], size: int) -> str:
        """Add `size` bytes from `content`; returns their SHA-256. Raises OSError if there are fewer."""
        hashed = _Hashed(content)
        self._tar.addfile(_member(name, size), hashed)
        self._sums.append(f"{hashed.hexdigest()}  {name}\n")
        return hashed.hexdigest()

    def add_bytes(self, name: str, content: bytes) -> None:
        """Add a member that is in memory already; like `add`, without its SHA-256."""
        self.add(name, io.BytesIO(content), len(content))

    def close(self) -> None:
        """Write the checksums and the end of the file: without this call the archive counts as damaged."""
        sums = "".join(self._sums).encode()
        self._tar.addfile(_member(SUMS, len(sums)), io.BytesIO(sums))
        self._tar.close()

    def abandon(self) -> None:
        """Let go of the stream; what was written stays without checksums."""
        with suppress(OSError, ValueError):
            self._tar.close()


@contextmanager
def writing(stream: IO[bytes]) -> Iterator[BundleWriter]:
    """Lets the block write an archive, which is complete once the block has ended well."""
    bundle = BundleWriter(stream)
    try:
        yield bundle
        bundle.close()
    except BaseException:
        bundle.abandon()
        raise


def verify(path: Path, see: Callable[[str], None] = lambda name: None) -> None:
    """Read the whole archive and compare every member with its checksum. Raises DamagedArchive, OSError."""
    try:
        found, wanted = _sums_of(path, see)
    except (tarfile.TarError, EOFError) as error:
        raise DamagedArchive("Die Datei ist keine Sicherung oder nicht vollständig.") from error
    for name in sorted(wanted.keys() | found.keys()):
        if wanted.get(name) != found.get(name):
            raise DamagedArchive(f"Die Sicherung ist beschädigt: „{name}“ passt nicht zu seiner Prüfsumme.")


def members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """The members of a checked archive in their order; each can be read until the next is asked for."""
    with tarfile.open(path, mode="r:") as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isreg() else None
            if content is None:
                raise DamagedArchive("Die Sicherung ist beschädigt: Sie enthält etwas anderes als Dateien.")
            yield member.name, content


def _sums_of(path: Path, see: Callable[[str], None]) -> tuple[dict[str, str], dict[str, str]]:
    """The checksums that the members have and those that they should have."""
    found: dict[str, str] = {}
    sums: bytes | None = None
    for name, content in members(path):
        if sums is not None or name in found:
            raise DamagedArchive("Die Sicherung ist beschädigt: Sie enthält Teile, die nicht hineingehören.")
        see(name)
        if name == SUMS:
            sums = content.read()
        else:
            found[name] = _sha256(content)
    if sums is None:
        raise DamagedArchive("Die Sicherung ist nicht vollständig: Ihr Ende fehlt.")
    return found, dict(_sum(line) for line in sums.decode("utf-8", "replace").splitlines())


def _member(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, time.time()
    return info


def _sum(line: str) -> tuple[str, str]:
    digest, _, name = line.partition("  ")
    return name, digest


def _sha256(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := content.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


class _Hashed:
    """A readable that hashes what passes through it."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self._digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._content.read(size)
        self._digest.update(chunk)
        return chunk

    def hexdigest(self) -> str:
        return self._digest.hexdigest()
