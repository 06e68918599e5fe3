"""XLSX: the values of each sheet that is shown. Comments are a part of their own and are left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from archive.readers.reading import MAX_LEAF_CHARACTERS, TOO_LONG, Reading


def read_xlsx(path: Path, with_notes: bool) -> Reading:
    """One leaf for each sheet; hidden ones only if `with_notes`."""
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    reading = Reading(len(book.worksheets), title=book.properties.title or "")
    for number, sheet in enumerate(book.worksheets, 1):
        if with_notes or sheet.sheet_state == "visible":
            lines = [sheet.title, *_beginning(_lines(sheet.values), reading)]
            reading.leaves.append((number, "\n".join(lines)))
    return reading


def _lines(rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    for row in rows:
        line = "\t".join(str(value) for value in row if value is not None)
        if line:
            yield line


def _beginning(lines: Iterable[str], reading: Reading) -> Iterator[str]:
    """Lines until a leaf is full: nobody has to wait for the millionth row that is not kept anyway."""
    left = MAX_LEAF_CHARACTERS
    for line in lines:
        left -= len(line) + 1
        if left < 0:
            reading.remark = TOO_LONG
            return
        yield line
