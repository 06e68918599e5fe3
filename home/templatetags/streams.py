"""The body of a page: blocks for the web, whole or grouped into sections at its headings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django import template
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.text import slugify
from wagtail.documents import get_document_model

from home.rendering.streams import render_stream

if TYPE_CHECKING:
    from wagtail.blocks import StreamValue

register = template.Library()


@dataclass(frozen=True)
class StreamSection:
    heading: str
    anchor: str
    content: SafeString


@register.simple_tag(takes_context=True)
def stream(context: Context, value: StreamValue, below: int = 1) -> SafeString:
    """Render `value` for the web, with the documents that the visitor may see.

    `below` is the level of the heading that the stream stands below: 2 makes its headings of level 2 to level 3.
    """
    return _render(context, value, shift=below - 1)


@register.simple_tag(takes_context=True)
def stream_sections(context: Context, value: StreamValue) -> list[StreamSection]:
    """The blocks of a stream, one section for each heading of level 2.

    What stands before the first heading is a section without one, unless it is a table of figures: then the caption
    is the heading.
    """
    groups: list[tuple[str, list[Any]]] = []
    for block in value or ():
        opens = block.block_type == "heading" and str(block.value["level"]) == "2"
        captioned = block.block_type == "figures" and not (groups and groups[-1][0])
        if opens or captioned:
            groups.append((block.value["text"] if opens else block.value["caption"], []))
        elif not groups:
            groups.append(("", []))
        if not opens:
            groups[-1][1].append(block)
    return [
        StreamSection(heading, slugify(heading), _render(context, blocks, section=heading))
        for heading, blocks in groups
    ]


@register.filter
def visible_among(documents: Iterable[Any], visible: QuerySet[Any]) -> list[Any]:
    """Those of the chosen documents that the reader may see, in the order of the editor."""
    chosen = [document.pk for document in documents if document is not None]
    found = visible.select_related("current_version").in_bulk(chosen)
    return [found[key] for key in chosen if key in found]


def _render(context: Context, blocks: Iterable[Any], **extra: Any) -> SafeString:
    request = context.get("request")
    user = getattr(request, "user", None) or AnonymousUser()
    return render_stream(
        cast("StreamValue", blocks),
        "web",
        base_url=settings.BASE_URL,
        documents=get_document_model().objects.visible_to(user),
        request=request,
        page=context.get("page"),
        **extra,
    )
