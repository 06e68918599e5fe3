"""DOCX: what stands on the page, and nothing of what its authors deleted, hid or noted beside it.

Comments, footnotes, headers and footers are parts of their own and are left out: comments are private, and heads would
point to every page.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive.readers.reading import NEW_PAGE, Reading, by_pages

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Text that the tracked changes take away, and the second telling of a text box for old programs.
_LEFT_OUT = frozenset(
    {
        f"{_W}del",
        f"{_W}moveFrom",
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    }
)


def read_docx(path: Path, with_notes: bool) -> Reading:
    """The text by pages where Word has noted them, else in pieces."""
    from docx import Document

    document = Document(str(path))
    text = "".join(_texts(document.element.body))
    properties = document.core_properties
    return by_pages(text, title=properties.title or "", language=properties.language or "")


def _texts(body: Any) -> Iterator[str]:
    """The text in order. A stack of our own instead of recursion: the depth of the tree is the author's choice."""
    stack = [body]
    while stack:
        element = stack.pop()
        tag = element.tag
        if tag in _LEFT_OUT or (tag == f"{_W}r" and _is_hidden(element)):
            continue
        if tag == f"{_W}p":
            yield "\n\n"
        elif tag == f"{_W}t":
            yield (element.text or "").replace(NEW_PAGE, " ")
        elif tag == f"{_W}tab":
            yield "\t"
        elif tag == f"{_W}lastRenderedPageBreak":
            # Word notes where it last broke a page.
            yield NEW_PAGE
        elif tag in (f"{_W}br", f"{_W}cr"):
            yield NEW_PAGE if element.get(f"{_W}type") == "page" else "\n"
        stack.extend(reversed(element))


def _is_hidden(run: Any) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(f"{_W}val", "true") not in ("0", "false")
