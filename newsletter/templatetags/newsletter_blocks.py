"""What block templates need in mails: links that everybody may follow, inline styles, footnotes, bars."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import nh3
from django import template
from django.db.models import QuerySet
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page
from wagtail.rich_text import RichText, expand_db_html

from newsletter.plain import FOOTNOTE_END, FOOTNOTE_START, rich_text_to_plain

register = template.Library()

_LINK = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.DOTALL)
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
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
def public_page(page: Page | None) -> Page | None:
    """The page with its own type if everybody may read it, else None."""
    if page is None or not page.live or page.get_view_restrictions().exists():
        return None
    return page.specific_deferred


@register.filter
def mail_html(value: RichText, visible_documents: QuerySet[Any]) -> SafeString:
    """Rich text with inline styles; links to what not everybody may see are plain words."""
    clean = nh3.clean(
        expand_db_html(only_public_links(value.source, visible_documents)),
        tags={*_STYLES, "b", "strong", "i", "em", "br"},
        attributes={"a": {"href"}},
        set_tag_attribute_values={tag: {"style": style} for tag, style in _STYLES.items()},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    return mark_safe(clean)  # noqa: S308 - nh3 has just cleaned it.


@register.filter
def as_text(value: RichText, visible_documents: QuerySet[Any]) -> str:
    """Rich text as plain text; links carry a footnote."""
    return rich_text_to_plain(expand_db_html(only_public_links(value.source, visible_documents)))


@register.filter
def footnote(label: str, url: str) -> str:
    """A label whose address stands at the end of the text: `newsletter.plain.lay_out` numbers it."""
    return f"{label}{FOOTNOTE_START}{url}{FOOTNOTE_END}"


@register.simple_tag
def figure_rows(figures: Iterable[Mapping[str, Any]]) -> list[FigureRow]:
    """Figures with the length of their bars; the longest is 100 percent."""
    rows = [(figure["label"], figure.get("planned"), figure["reached"]) for figure in figures]
    top = max([max(planned or 0, reached) for _label, planned, reached in rows] or [0]) or 1
    return [FigureRow(label, planned, reached, round(100 * reached / top)) for label, planned, reached in rows]


def only_public_links(source: str, visible_documents: QuerySet[Any]) -> str:
    """Take the links to pages and documents that not everybody may see out of rich text as the database has it."""

    def checked(match: re.Match[str]) -> str:
        attributes = dict(_ATTRIBUTE.findall(match[1]))
        kind, key = attributes.get("linktype"), attributes.get("id", "")
        if kind is None:
            return match[0]
        if kind == "document":
            allowed = visible_documents.filter(pk=key).exists()
        else:
            allowed = kind == "page" and Page.objects.live().public().filter(pk=key).exists()
        return match[0] if allowed else match[2]

    return _LINK.sub(checked, source)
