"""PPTX: the text of each slide. Speaker notes, hidden slides and hidden shapes are left out unless somebody says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from archive.readers.reading import Reading


def read_pptx(path: Path, with_notes: bool) -> Reading:
    """The slides that are shown; with notes and hidden slides if `with_notes`. Comments are a part of their own."""
    from pptx import Presentation

    presentation = Presentation(str(path))
    properties = presentation.core_properties
    slides = list(presentation.slides)
    reading = Reading(len(slides), title=properties.title or "", language=properties.language or "")
    for number, slide in enumerate(slides, 1):
        if with_notes or slide._element.get("show") not in ("0", "false"):
            texts = list(_shape_texts(slide.shapes, with_notes))
            if with_notes and slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
                texts += ["", slide.notes_slide.notes_text_frame.text]
            reading.leaves.append((number, "\n".join(texts)))
    return reading


def _shape_texts(shapes: Iterable[Any], with_hidden: bool) -> Iterator[str]:
    for shape in shapes:
        if not with_hidden and is_hidden(shape):
            continue
        if hasattr(shape, "shapes"):
            yield from _shape_texts(shape.shapes, with_hidden)
        elif shape.has_text_frame and shape.text_frame.text.strip():
            yield shape.text_frame.text.replace("\v", "\n")
        elif getattr(shape, "has_table", False):
            yield from (" | ".join(cell.text for cell in row.cells) for row in shape.table.rows)


def is_hidden(shape: Any) -> bool:
    """Whether its author has switched a shape off in the list of shapes."""
    return any(mark.get("hidden") in ("1", "true") for mark in shape._element.xpath("./*/p:cNvPr"))
