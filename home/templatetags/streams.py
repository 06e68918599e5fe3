"""The body of a page: blocks for the web, whole or grouped into sections at its headings."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django import template
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet, prefetch_related_objects
from django.template import Context, TemplateDoesNotExist
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from wagtail.blocks import StreamValue
from wagtail.documents import get_document_model
from wagtail.models import Page

from home.frame import kept, seconds_to_keep
from home.pages.visibility import open_to_all
from home.rendering.streams import render_stream
from home.rendering.targets import Targets

if TYPE_CHECKING:
    from wagtail.blocks import BoundBlock
    from wagtail.rich_text import RichText

register = template.Library()
Rendered = TypeVar("Rendered")


@dataclass(frozen=True)
class StreamSection:
    """A heading ("" for what stands before the first), its id, and the HTML up to the next one."""

    heading: str
    anchor: str
    content: SafeString


@register.simple_tag(takes_context=True)
def stream(context: Context, value: StreamValue, below: int = 1) -> SafeString:
    """Render `value` for the web, with the documents that the visitor may see.

    `below` is the level of the heading that the stream stands below: 2 makes its headings of level 2 to level 3.
    """

    def make() -> SafeString:
        children = list(value or ())
        return _render(context, children, _targets(context, children), shift=below - 1)

    return _kept(context, value, f"stream:{below}", make)


@register.simple_tag(takes_context=True)
def stream_sections(context: Context, value: StreamValue) -> list[StreamSection]:
    """The blocks of a stream, one section for each heading of level 2.

    What stands before the first heading is a section without one, unless it is a table of figures: then the caption
    is the heading.
    """
    return _kept(context, value, "sections", lambda: _sections(context, list(value or ())))


def _sections(context: Context, children: list[Any]) -> list[StreamSection]:
    targets = _targets(context, children)
    groups: list[tuple[str, list[Any]]] = []
    for block in children:
        opens = block.block_type == "heading" and str(block.value["level"]) == "2"
        captioned = block.block_type == "figures" and not (groups and groups[-1][0])
        if opens or captioned:
            groups.append((block.value["text"] if opens else block.value["caption"], []))
        elif not groups:
            groups.append(("", []))
        if not opens:
            groups[-1][1].append(block)
    return [
        StreamSection(
            heading,
            slugify(heading),
            _render(context, blocks, targets, section=heading, above=2 if heading else 1),
        )
        for heading, blocks in groups
    ]


@register.simple_tag(takes_context=True)
def block_preview(context: Context, bound_block: BoundBlock) -> SafeString:
    """A block of the picker as it will stand on a page, with its preview value; "" where there is nothing to show."""
    child = StreamValue.StreamChild(bound_block.block, bound_block.value, id=None)
    try:
        return _render(context, [child], _targets(context, [child]))
    except TemplateDoesNotExist:
        # Blocks that are not ours know themselves how they look.
        return cast("SafeString", bound_block.render(context.flatten()))


@register.filter
def prose(text: RichText | str, targets: Targets) -> SafeString:
    """Rich text as HTML, with links to what the reader may see only."""
    # Wagtail has cleaned the text when it was stored.
    return mark_safe(targets.expand(text))  # noqa: S308


@register.filter
def visible_in(page: Page | None, targets: Targets) -> Page | None:
    """The page if the reader may see it, else None."""
    return targets.page(page)


@register.filter
def document_in(document: Any, targets: Targets) -> Any:
    """The chosen document if the reader may see it, else None."""
    return next(iter(targets.documents([document])), None)


@register.filter
def documents_in(documents: Iterable[Any], targets: Targets) -> list[Any]:
    """Those of the chosen documents that the reader may see, in the order of the editor."""
    return targets.documents(documents)


def _kept(context: Context, value: StreamValue, kind: str, make: Callable[[], Rendered]) -> Rendered:
    """What `make()` renders of `value`, for readers without login as long as the frame is kept.

    The key names the content, so a new revision is seen at once; pages and documents that it links to may be some
    seconds old.
    """
    request = context.get("request")
    # A video tells the page whose player it frames, and that must be told every time. A preview is looked at once.
    if not value or request is None or not seconds_to_keep(request) or getattr(request, "is_preview", False):
        return make()
    raw = list(value.raw_data)
    if any(child["type"] == "video" for child in raw):
        return make()
    place = (request.META.get("HTTP_HOST"), getattr(context.get("page"), "pk", None), translation.get_language())
    digest = hashlib.sha256(repr((place, raw)).encode()).hexdigest()
    return kept(request, f"{kind}:{digest}", make)


def _targets(context: Context, children: list[Any]) -> Targets:
    request = context.get("request")

    def documents() -> QuerySet[Any]:
        visible: QuerySet[Any] = get_document_model().objects.visible_to(getattr(request, "user", AnonymousUser()))
        return visible

    # All sizes of all pictures in one query, and not each of them from the cache.
    images = [child.value["image"] for child in children if child.block_type == "image" and child.value["image"]]
    prefetch_related_objects(images, "renditions")
    return Targets(documents, open_to_all(Page.objects.all()), request).load(children)


def _render(context: Context, blocks: Iterable[Any], targets: Targets, **extra: Any) -> SafeString:
    return render_stream(
        cast("StreamValue", blocks),
        "web",
        base_url=settings.BASE_URL,
        targets=targets,
        request=context.get("request"),
        page=context.get("page"),
        **extra,
    )
