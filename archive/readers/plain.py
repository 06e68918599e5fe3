"""Files without pages: text, subtitles, pictures, videos."""

from __future__ import annotations

from pathlib import Path

from archive.readers.reading import MAX_CHARACTERS, TOO_LONG, Reading, numbered, pieces


def read_text(path: Path, with_notes: bool) -> Reading:
    """UTF-8, or the code page of Windows; a form feed begins a page."""
    try:
        text = _beginning(path, "utf-8-sig", "strict")
    except UnicodeDecodeError:
        text = _beginning(path, "cp1252", "replace")
    leaves = numbered(piece for page in text[:MAX_CHARACTERS].split("\f") for piece in pieces(page))
    remark = TOO_LONG if len(text) > MAX_CHARACTERS else ""
    return Reading(len(leaves), leaves, remark=remark, has_pages="\f" in text)


def _beginning(path: Path, encoding: str, errors: str) -> str:
    with path.open(encoding=encoding, errors=errors) as file:
        return file.read(MAX_CHARACTERS + 1)


def read_image(path: Path, with_notes: bool) -> Reading:
    """One page without text. Raises OSError if it is no picture."""
    from PIL import Image

    with Image.open(path) as image:
        image.load()
    return Reading(1, [(1, "")])


def read_video(path: Path, with_notes: bool) -> Reading:
    """Nothing: what is said in a video stands in its transcript or its subtitles."""
    return Reading(0)
