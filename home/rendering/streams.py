"""Renders a stream to any medium: web page, mail, plain text or print.

`StreamBlock.render` wraps every child in a `div` in every medium, so the children are walked here, and each one is
rendered by the template of its name and medium: `blocks/<medium>/<name>.<extension>`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import QuerySet
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from home.rendering.targets import Targets

if TYPE_CHECKING:
    from wagtail.blocks import StreamValue

Medium = Literal["web", "mail", "text", "print"]

EXTENSIONS: dict[Medium, str] = {"web": "html", "mail": "mjml", "text": "txt", "print": "html"}
_ROOT_RELATIVE = re.compile(r"""(\s(?:href|src|background-url)=["'])/(?!/)""")


def render_stream(
    stream: StreamValue,
    medium: Medium,
    *,
    base_url: str,
    documents: QuerySet[Any] | None = None,
    targets: Targets | None = None,
    shift: int = 0,
    above: int | None = None,
    **context: Any,
) -> SafeString:
    """Return the blocks of `stream` as one text in the notation of `medium`.

    `base_url` (no trailing slash) is what links inside the site get in front of them in every medium but the web.
    `documents` holds the documents that the reader may see (`visible_to(user)` or `visible_at(level)`): blocks show
    no others. A caller that renders a stream in parts loads `targets` for all of it and gives them instead.
    `shift` moves the headings of the stream down by so many levels; `above` is the level of the heading that stands
    above the first block (by default that of the page title, moved down too). Further keywords reach the templates,
    and so does `sublevel`: the level of a heading that a block has inside itself.
    A block without a template for the medium raises `TemplateDoesNotExist`: nothing may vanish silently.
    """
    engine = "text" if medium == "text" else None
    children = list(stream)
    if targets is None:
        if documents is None:
            raise TypeError("either documents or targets must say what the reader may see")
        targets = Targets(documents).load(children)
    level = 1 + shift if above is None else above
    parts = []
    for child in children:
        if child.block_type == "heading":
            level = int(child.value["level"]) + shift
        template = get_template(f"blocks/{medium}/{child.block_type}.{EXTENSIONS[medium]}", using=engine)
        parts.append(
            template.render(
                context
                | {
                    "value": child.value,
                    "block": child,
                    "medium": medium,
                    "base_url": base_url,
                    "targets": targets,
                    "level": level,
                    "sublevel": level + 1,
                }
            )
        )
    text = "\n".join(parts)
    # Templates are ours and escape their values; nothing else is joined in here.
    return mark_safe(text if medium in ("web", "text") else absolute_links(text, base_url))  # noqa: S308


def absolute_links(markup: str, base_url: str) -> str:
    """Put `base_url` before every root-relative link of `markup`."""
    return _ROOT_RELATIVE.sub(lambda match: f"{match[1]}{base_url}/", markup)
