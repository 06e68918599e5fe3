"""ODT and ODP: what stands on page or slide, without comments, tracked deletions, notes and hidden slides."""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from archive.readers.reading import NEW_PAGE, Reading, by_pages

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_PRESENTATION = "{urn:oasis:names:tc:opendocument:xmlns:presentation:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_META = f"{_OFFICE}meta"
_NOTES = f"{_PRESENTATION}notes"
# Comments, what tracked changes took away, and text under a condition that hides it.
_LEFT_OUT = frozenset(
    {
        f"{_OFFICE}annotation",
        f"{_TEXT}tracked-changes",
        f"{_TEXT}hidden-text",
        f"{_TEXT}hidden-paragraph",
        _NOTES,
    }
)
_BREAKS = {
    f"{_TEXT}p": "\n\n",
    f"{_TEXT}h": "\n\n",
    f"{_TEXT}line-break": "\n",
    f"{_TEXT}tab": "\t",
    f"{_TEXT}s": " ",
    f"{_TEXT}soft-page-break": NEW_PAGE,
}


def read_odt(path: Path, with_notes: bool) -> Reading:
    """The text by pages where the program has noted them, else in pieces."""
    with zipfile.ZipFile(path) as container:
        content = _parse(container, "content.xml")
        title, language = _about(container)
    body = content.find(f"{_OFFICE}body/{_OFFICE}text")
    text = "".join(_texts(body, _hidden_styles(content))) if body is not None else ""
    return by_pages(text, title=title, language=language)


def read_odp(path: Path, with_notes: bool) -> Reading:
    """The text of each slide; with notes and hidden slides if `with_notes`."""
    with zipfile.ZipFile(path) as container:
        content = _parse(container, "content.xml")
        title, language = _about(container)
    slides = list(content.iterfind(f"{_OFFICE}body/{_OFFICE}presentation/{_DRAW}page"))
    hidden = _hidden_styles(content)
    reading = Reading(len(slides), title=title, language=language)
    for number, slide in enumerate(slides, 1):
        if with_notes or slide.get(f"{_DRAW}style-name") not in hidden:
            text = "".join(_texts(slide, hidden))
            notes = "".join(part for note in slide.iterfind(_NOTES) for part in _texts(note)) if with_notes else ""
            reading.leaves.append((number, f"{text}\n\n{notes}"))
    return reading


def _parse(container: zipfile.ZipFile, name: str) -> Any:
    from lxml import etree  # type: ignore[import-untyped]

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(container.read(name), parser)


def _about(container: zipfile.ZipFile) -> tuple[str, str]:
    """Title and language as the file gives them, "" where it does not."""
    if "meta.xml" not in container.namelist():
        return "", ""
    about = _parse(container, "meta.xml").find(_META)
    if about is None:
        return "", ""
    return about.findtext(f"{_DC}title") or "", about.findtext(f"{_DC}language") or ""


def _texts(body: Any, hidden: Collection[str | None] = ()) -> Iterator[str]:
    """The text in order (ISO/IEC 26300-1, 6.1), without what a style of `hidden` hides.

    A stack of our own instead of recursion: the depth of the tree is the author's choice.
    """
    stack: list[Any] = [body]
    while stack:
        element = stack.pop()
        if isinstance(element, str):
            yield element
            continue
        if element is not body and _is_text(element.getparent()):
            stack.append(element.tail or "")
        tag = element.tag
        if not isinstance(tag, str) or (tag in _LEFT_OUT and element is not body) or _is_hidden(element, hidden):
            continue
        yield _BREAKS.get(tag, "")
        stack.extend(reversed(element))
        if _is_text(element):
            stack.append(element.text or "")


def _is_text(element: Any) -> bool:
    """Whether characters directly inside count: paragraphs, spans, links and fields are all of this namespace."""
    return isinstance(element.tag, str) and element.tag.startswith(_TEXT)


def _is_hidden(element: Any, hidden: Collection[str | None]) -> bool:
    return element.get(f"{_TEXT}display") == "none" or element.get(f"{_TEXT}style-name") in hidden


def _hidden_styles(content: Any) -> set[str | None]:
    """The names of the styles of hidden text and hidden slides."""
    return {
        style.get(f"{_STYLE}name")
        for style in content.iter(f"{_STYLE}style")
        for part in style
        if part.get(f"{_TEXT}display") == "none" or part.get(f"{_PRESENTATION}visibility") == "hidden"
    }
