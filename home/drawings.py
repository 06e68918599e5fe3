"""SVG files as pictures: drawings only. A browser that opens one by its address runs what stands in it.

Checked is what is uploaded; a file is taken as it is or refused, never rewritten. Allowed are the elements that draw
(SVG 2); refused are scripts, event handlers, pages inside of the picture, animations (which can change an address), and
every address but a part of the file itself or a small picture inside of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = frozenset(
    re.findall(
        r"\w+",
        "a circle clipPath defs desc ellipse filter g image line linearGradient marker mask metadata path pattern "
        "polygon polyline radialGradient rect stop style svg switch symbol text textPath title tspan use view",
    )
)
# What editors of drawings leave for themselves. Unknown elements draw nothing; those of a page would be a page.
FOREIGN_PAGES = "{http://www.w3.org/1999/xhtml}"
_OWN_PART = re.compile(r"#[^\s]*")
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")
_ADDRESS_IN_STYLE = re.compile(r"""url\(\s*["']?([^)"']*)["']?\s*\)""", re.IGNORECASE)


class NotOnlyADrawing(ValueError):
    """The message is a German sentence for whoever uploads the file."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"Diese SVG-Datei enthält {what}. "
            "Bitte speichern Sie sie im Zeichenprogramm als „Einfaches SVG“ oder als PNG."
        )


def check_drawing(file: BinaryIO) -> None:
    """Raise NotOnlyADrawing if an SVG file could do more than draw. The file is read from its beginning."""
    file.seek(0)
    data = file.read()
    file.seek(0)
    try:
        # Other encodings could say something else to a browser than to this check.
        text = data.decode("utf-8")
        root = fromstring(text.encode(), forbid_dtd=True)
    except (UnicodeDecodeError, ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        raise NotOnlyADrawing("etwas, das sich nicht prüfen lässt") from error
    if "<?xml-stylesheet" in text:
        raise NotOnlyADrawing("einen Verweis auf eine andere Datei")
    for element in root.iter():
        for problem in _problems(element):
            raise NotOnlyADrawing(problem)


def _problems(element: Element) -> Iterator[str]:
    tag = str(element.tag)
    name = tag.removeprefix(SVG)
    if tag.startswith(FOREIGN_PAGES) or ((tag.startswith(SVG) or "}" not in tag) and not _draws(name)):
        yield f"ein Element „{name[:30]}“, das nicht nur zeichnet"
    if name == "style" and not _is_harmless_style(element.text or ""):
        yield "Gestaltung mit einer fremden Adresse"
    for attribute, value in element.attrib.items():
        local = attribute.rpartition("}")[2].lower()
        if local.startswith("on"):
            yield "Programmcode"
        elif local in ("href", "src") and not (_OWN_PART.fullmatch(value) or _PICTURE.fullmatch(value)):
            yield "einen Verweis auf eine andere Adresse"
        elif not _is_harmless_style(value):
            yield "Gestaltung mit einer fremden Adresse"


def _draws(name: str) -> bool:
    # Filters: feBlend and so on; feImage loads a picture, by the same rule for its address.
    return name in ELEMENTS or name.startswith("fe")


def _is_harmless_style(text: str) -> bool:
    """Whether CSS, or the value of an attribute, names no address outside; escapes could hide one."""
    lower = text.lower()
    if "url(" not in lower and "@" not in lower and "\\" not in lower:
        return "javascript:" not in "".join(lower.split())
    if "@import" in lower or "\\" in lower:
        return False
    addresses = _ADDRESS_IN_STYLE.findall(text)
    whole = len(addresses) == lower.count("url(")
    return whole and all(_OWN_PART.fullmatch(one.strip()) or _PICTURE.fullmatch(one.strip()) for one in addresses)
