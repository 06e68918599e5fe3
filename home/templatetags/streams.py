"""The body of a page: blocks for the web, grouped into sections at its headings."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django import template
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.text import slugify
from wagtail.blocks import StreamValue
from wagtail.documents import get_document_model

from home.rendering.streams import render_stream

register = template.Library()


@dataclass(frozen=True)
class StreamSection:
    heading: str
    anchor: str
    content: SafeString


@register.simple_tag(takes_context=True)
def stream(context: dict[str, Any], value: StreamValue) -> SafeString:
    """All blocks of a stream as they stand on a web page."""
    return _render(context, value)


@register.simple_tag(takes_context=True)
def stream_sections(context: dict[str, Any], value: StreamValue) -> list[StreamSection]:
    """The blocks of a stream, one section for each heading of level 2; what stands before the first has no heading."""
    groups: list[tuple[str, list[Any]]] = []
    for block in value or ():
        opens = block.block_type == "heading" and str(block.value["level"]) == "2"
        if opens or not groups:
            groups.append((block.value["text"] if opens else "", []))
        if not opens:
            groups[-1][1].append(block)
    return [
        StreamSection(heading, slugify(heading), _render(context, blocks)) for heading, blocks in groups
    ]


@register.filter
def visible_among(documents: Iterable[Any], visible: QuerySet[Any]) -> list[Any]:
    """Those of the chosen documents that the reader may see, in the order of the editor."""
    chosen = [document.pk for document in documents if document is not None]
    found = visible.select_related("current_version").in_bulk(chosen)
    return [found[key] for key in chosen if key in found]


def _render(context: dict[str, Any], blocks: Iterable[Any]) -> SafeString:
    request = context.get("request")
    user = getattr(request, "user", None) or AnonymousUser()
    base_url = f"{request.scheme}://{request.get_host()}" if isinstance(request, HttpRequest) else ""
    return render_stream(
        cast(StreamValue, blocks),
        "web",
        base_url=base_url,
        documents=get_document_model().objects.visible_to(user),
        request=request,
        page=context.get("page"),
    )
