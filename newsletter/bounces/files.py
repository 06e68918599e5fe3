"""Messages in files: single ones, directories of them, maildir and mbox. Never more of one than is read of it."""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from newsletter.bounces.parsing import LARGEST


@dataclass(frozen=True)
class Found:
    """One message, cut to what is looked at, or None if its file cannot be read."""

    file: str
    content: bytes | None


def messages_in(path: Path) -> Iterator[Found]:
    """Yield the messages at a path that exists, in the order of their names. What is hidden is no message."""
    if path.is_dir():
        try:
            folders = [path / "new", path / "cur"] if _is_maildir(path) else [path]
            entries = sorted(entry for folder in folders for entry in folder.iterdir())
        except OSError:
            yield Found(_shown(path), None)
            return
        for entry in entries:
            # A directory that links to itself would have no end.
            if not entry.name.startswith(".") and not (entry.is_dir() and entry.is_symlink()):
                yield from messages_in(entry)
    elif path.is_file():
        yield from _messages_of(path)


def _is_maildir(path: Path) -> bool:
    return (path / "cur").is_dir() and (path / "new").is_dir()


def _messages_of(path: Path) -> Iterator[Found]:
    name = _shown(path)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST)
    except OSError:
        yield Found(name, None)
        return
    if not content.startswith(b"From "):
        yield Found(name, content)
        return
    box = mailbox.mbox(path, create=False)
    try:
        for number, key in enumerate(box.iterkeys(), start=1):
            with box.get_file(key) as part:
                yield Found(f"{name}#{number}", part.read(LARGEST))
    except OSError:
        yield Found(name, None)
    finally:
        box.close()


def _shown(path: Path) -> str:
    """Names on disk are bytes; what is no UTF-8 is shown, not raised."""
    return str(path).encode("utf-8", "replace").decode()
