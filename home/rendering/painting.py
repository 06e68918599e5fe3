"""Paints the content of a page in the order in which it is read (WCAG 1.3.2).

CSS paints what is positioned after everything else on its page, and WeasyPrint positions the bullets and numbers of
lists: a reader that follows the content of the page, and not its tags, would meet all of them at the end. No issue of
Kozea/WeasyPrint is known for it (looked up in November 2026). A private function of WeasyPrint 70.0 is wrapped, as in
`home.rendering.tags`, which says more about that.
"""

from collections.abc import Iterator
from typing import Any

from weasyprint import stacking
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

stock_dispatch_children = stacking._dispatch_children


def dispatch_children(box: Any, *rest: Any) -> Any:
    """Replaces `stacking._dispatch_children`, which sorts the children of `box` into the layers of the page."""
    if isinstance(box, boxes.ParentBox) and any(unwrapped(child).is_outside_marker for child in box.children):
        box = box.copy_with_children(list(_in_order(box)))
    return stock_dispatch_children(box, *rest)


def _in_order(box: Any) -> Iterator[Any]:
    for child in box.children:
        marker = unwrapped(child)
        if not marker.is_outside_marker:
            yield child
        elif isinstance(box, boxes.LineBox):
            # A line paints only what is inline: the line of the marker, not its block.
            yield from marker.children
        else:
            # It has its place by now.
            marker.style["position"] = "static"
            yield marker


def unwrapped(box: Any) -> Any:
    """The box itself where WeasyPrint keeps a stand-in for one that is positioned."""
    return box._box if isinstance(box, AbsolutePlaceholder) else box
