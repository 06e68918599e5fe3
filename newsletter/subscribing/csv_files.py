"""Reads CSV as people save it: UTF-8 with or without a mark, what Excel writes in Germany, comma, semicolon or tab.

Nothing is guessed that could turn a name into another one without anybody noticing: what is not UTF-8 is read as
Windows-1252, the code of Excel in Germany, and refused where that has no letter.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from _csv import Reader

CHUNK = 256 * 1024
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DELIMITERS = ",;\t"


class UnusableFile(ValueError):
    """The file as a whole cannot be imported; the message is a German sentence."""


@contextmanager
def csv_text(file: BinaryIO) -> Iterator[io.TextIOWrapper]:
    """The text of a CSV file, to be read line by line; `file` must be able to go back to its start, and stays open.

    Raises UnusableFile if it is no text.
    """
    encoding = _encoding(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        yield text
    finally:
        text.detach()


def rows_of(lines: Iterable[str], columns: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield number of the line and the cells of `columns` for every row after the heading; missing cells are "".

    The delimiter is the one that the heading has. Raises UnusableFile where the heading lacks a column, at once, and
    where the file stops being CSV.
    """
    lines = iter(lines)
    heading = next(lines, "")
    delimiter = max(DELIMITERS, key=heading.count)
    reader = csv.reader(chain([heading], lines), delimiter=delimiter, strict=True)
    names = [name.strip().strip("\ufeff").lower() for name in _next(reader) or []]
    missing = [column for column in columns if column not in names]
    if missing:
        raise UnusableFile(
            f"In der ersten Zeile fehlen Spalten: {', '.join(missing)}. Erwartet wird: {', '.join(columns)}."
        )
    twice = [column for column in columns if names.count(column) > 1]
    if twice:
        raise UnusableFile(f"In der ersten Zeile stehen Spalten doppelt: {', '.join(twice)}.")
    places = {column: names.index(column) for column in columns}
    return _cells(reader, places)


def _cells(reader: Reader, places: dict[str, int]) -> Iterator[tuple[int, dict[str, str]]]:
    while (cells := _next(reader)) is not None:
        if any(cell.strip() for cell in cells):
            yield (
                reader.line_num,
                {name: cells[place] if place < len(cells) else "" for name, place in places.items()},
            )


def _next(reader: Reader) -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error as error:
        raise UnusableFile(
            f"Ab Zeile {reader.line_num} ist die Datei nicht mehr lesbar. Vielleicht fehlt ein Anführungszeichen."
        ) from error


def _encoding(file: BinaryIO) -> str:
    file.seek(0)
    start = file.read(4)
    marked = [encoding for mark, encoding in MARKS if start.startswith(mark)]
    for encoding in marked or ("utf-8", "cp1252"):
        if _is(file, encoding):
            return encoding
    raise UnusableFile("Die Datei ist kein lesbarer Text. Bitte speichern Sie sie als „CSV UTF-8“.")


def _is(file: BinaryIO, encoding: str) -> bool:
    """Whether the whole file is text in this encoding, without keeping more than a piece of it."""
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while chunk := file.read(CHUNK):
            if "\0" in decoder.decode(chunk):
                return False
        return "\0" not in decoder.decode(b"", final=True)
    except UnicodeError:
        return False
