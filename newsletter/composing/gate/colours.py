"""The colours of text and ground in a mail, as a mail program works them out (CSS Cascade 4), and their contrast.

Inline styles, `bgcolor` and the style elements of the mail count; of media queries only the one for dark themes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from xml.etree.ElementTree import Element

import cssselect2
import tinycss2
from tinycss2.color3 import RGBA, parse_color

Scheme = Literal["light", "dark"]
# WCAG 2.2, 1.4.3. Large text could do with less; one rule is easier to keep.
LEAST_CONTRAST = 4.5
_DEFAULTS: dict[Scheme, tuple[RGBA, RGBA]] = {
    # Text and ground of a mail program where the mail says nothing.
    "light": (RGBA(0, 0, 0, 1), RGBA(1, 1, 1, 1)),
    "dark": (RGBA(1, 1, 1, 1), RGBA(0.07, 0.07, 0.07, 1)),
}


@dataclass(frozen=True)
class Text:
    """Visible words of one element, with their colour and what is behind them."""

    element: Element
    words: str
    colour: RGBA
    ground: RGBA

    @property
    def contrast(self) -> float:
        """The contrast ratio of words and ground, 1 to 21."""
        return contrast(self.colour, self.ground)


def contrast(one: RGBA, other: RGBA) -> float:
    """The contrast ratio of two opaque colours, 1 to 21 (WCAG 2.2, definition of contrast ratio)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def hexadecimal(colour: RGBA) -> str:
    """`#rrggbb`, without the opacity."""
    return "#" + "".join(f"{round(255 * part):02x}" for part in colour[:3])


def texts(root: Element, scheme: Scheme) -> Iterator[Text]:
    """The visible text of a mail (parsed as HTML) with its colours, element by element."""
    matcher = _matcher(root, scheme)
    wrapper = cssselect2.ElementWrapper.from_html_root(root)
    yield from _walk(wrapper, matcher, *_DEFAULTS[scheme])


def _walk(wrapper: Any, matcher: Any, colour: RGBA, ground: RGBA) -> Iterator[Text]:
    element: Element = wrapper.etree_element
    if wrapper.local_name in ("head", "style", "script", "title"):
        return
    style = _style(wrapper, matcher)
    if style.get("display") == "none":
        return
    ground = _over(_colour_in(style.get("background-color", element.get("bgcolor", ""))), ground)
    own = _colour_in(style.get("color", ""))
    colour = colour if own is None else _over(own, ground)
    # What follows a child belongs to its parent.
    pieces = [element.text or "", *(child.tail or "" for child in element)]
    words = " ".join(" ".join(pieces).split())
    if words:
        yield Text(element, words, colour, ground)
    for child in wrapper.iter_children():
        yield from _walk(child, matcher, colour, ground)


def _style(wrapper: Any, matcher: Any) -> dict[str, str]:
    """The declarations that win at an element: important ones first, then inline, then by specificity and order."""
    ranked: list[tuple[tuple[Any, ...], str, str]] = []
    for specificity, order, _pseudo, declarations in matcher.match(wrapper):
        ranked += [((important, 0, specificity, order), name, value) for name, value, important in declarations]
    inline = _declarations(tinycss2.parse_blocks_contents(wrapper.etree_element.get("style", "")))
    ranked += [((important, 1, (0, 0, 0), place), name, value) for place, (name, value, important) in enumerate(inline)]
    return {name: value for _rank, name, value in sorted(ranked, key=lambda entry: entry[0])}


def _matcher(root: Element, scheme: Scheme) -> Any:
    matcher = cssselect2.Matcher()
    for style in root.iter("style"):
        if style.get("media"):
            continue
        for rule in _rules(tinycss2.parse_stylesheet(style.text or "", True, True), scheme):
            declarations = _declarations(tinycss2.parse_blocks_contents(rule.content))
            for selector in cssselect2.compile_selector_list(rule.prelude):
                if selector.pseudo_element is None:
                    matcher.add_selector(selector, declarations)
    return matcher


def _rules(nodes: list[Any], scheme: Scheme) -> Iterator[Any]:
    for node in nodes:
        if node.type == "qualified-rule":
            yield node
        elif node.type == "at-rule" and node.lower_at_keyword == "media" and scheme == "dark":
            condition = tinycss2.serialize(node.prelude).replace(" ", "")
            if condition == "(prefers-color-scheme:dark)":
                yield from _rules(tinycss2.parse_rule_list(node.content, True, True), scheme)


def _declarations(nodes: list[Any]) -> list[tuple[str, str, bool]]:
    """Name, value and importance; the shorthand `background` counts for its colour."""
    found = []
    for node in nodes:
        if node.type != "declaration":
            continue
        value = tinycss2.serialize(node.value).strip()
        if node.lower_name == "background":
            colours = [token for token in node.value if parse_color(token)]
            found.append(("background-color", tinycss2.serialize(colours[:1]), node.important))
        else:
            found.append((node.lower_name, value, node.important))
    return found


def _colour_in(value: str) -> RGBA | None:
    found = parse_color(value) if value else None
    return found if isinstance(found, RGBA) else None


def _over(colour: RGBA | None, ground: RGBA) -> RGBA:
    """`colour` laid over the opaque `ground`; without a colour the ground shows."""
    if colour is None:
        return ground
    mixed = [
        alpha_part * colour.alpha + ground[index] * (1 - colour.alpha) for index, alpha_part in enumerate(colour[:3])
    ]
    return RGBA(*mixed, 1)


def _luminance(colour: RGBA) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
