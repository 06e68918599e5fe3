"""What block templates need in mails: links that everybody may follow, inline styles, footnotes, bars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import nh3
from django import template
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import RichText

from home.rendering.targets import Targets
from home.templatetags.german import number
from newsletter.composing.plain import FOOTNOTE_END, FOOTNOTE_START, rich_text_to_plain

if TYPE_CHECKING:
    from wagtail.blocks import BoundBlock
    from wagtail.contrib.typed_table_block.blocks import TypedTable
    from wagtail.images.models import AbstractRendition

register = template.Library()

# Mail programs read styles at the element only.
_STYLES = {
    "p": "margin:0 0 12px",
    "ul": "margin:0 0 12px;padding-left:22px",
    "ol": "margin:0 0 12px;padding-left:26px",
    "li": "margin:0 0 6px",
    "a": "color:#0b4250;text-decoration:underline",
}


@dataclass(frozen=True)
class FigureRow:
    """One row of a table of figures; `width` is the length of its bar in percent."""

    label: str
    planned: int | None
    reached: int
    width: int


@register.filter
def mail_html(value: RichText, targets: Targets) -> SafeString:
    """Rich text with inline styles; links to what not everybody may see are plain words."""
    clean = nh3.clean(
        targets.expand(value),
        tags={*_STYLES, "b", "strong", "i", "em", "br"},
        attributes={"a": {"href"}},
        set_tag_attribute_values={tag: {"style": style} for tag, style in _STYLES.items()},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    return mark_safe(clean)  # noqa: S308 - nh3 has just cleaned it.


@register.filter
def shown_width(rendition: AbstractRendition, column: int) -> int:
    """How wide an image stands in a mail, in pixels: as wide as the column, or as it is."""
    return min(column, rendition.width)


@register.filter
def shown_height(rendition: AbstractRendition, column: int) -> int:
    """The height that goes with `shown_width`."""
    return round(rendition.height * shown_width(rendition, column) / rendition.width)


@register.filter
def as_text(value: RichText, targets: Targets) -> str:
    """Rich text as plain text; links carry a footnote."""
    return rich_text_to_plain(targets.expand(value))


@register.filter
def footnote(label: str, url: str) -> str:
    """A label whose address stands at the end of the text: `newsletter.composing.plain.lay_out` numbers it."""
    return f"{label}{FOOTNOTE_START}{url}{FOOTNOTE_END}"


@register.simple_tag
def plain_rows(table: TypedTable, targets: Targets) -> list[list[tuple[str, str]]]:
    """The rows of a table as pairs of column heading and words: in plain text every cell says what it is."""

    def words(cell: BoundBlock) -> str:
        if isinstance(cell.value, RichText):
            return " ".join(as_text(cell.value, targets).split())
        return number(cell.value) if cell.block.name == "number" else str(cell.value or "")

    headings = [column["heading"] for column in table.columns]
    return [list(zip(headings, map(words, row), strict=True)) for row in table.rows]


@register.simple_tag
def figure_rows(figures: Iterable[Mapping[str, Any]]) -> list[FigureRow]:
    """Figures with the length of their bars; the longest is 100 percent."""
    # A draft may lack its numbers still.
    rows = [(figure["label"], figure.get("planned"), figure["reached"] or 0) for figure in figures]
    top = max([max(planned or 0, reached) for _label, planned, reached in rows] or [0]) or 1
    return [FigureRow(label, planned, reached, round(100 * reached / top)) for label, planned, reached in rows]
