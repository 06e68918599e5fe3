"""What other sites and search engines get to see of a page: preview picture and structured data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

from home.identity import SiteIdentity
from home.pages.base import SitePage
from home.pages.cards import HEIGHT, WIDTH, card_of
from home.pages.models import NewsPage
from home.pages.structured_data import graph

register = template.Library()

# A script element ends at "</script", whatever stands around it, and "<!--" hides its end (HTML, 13.2.5.17).
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
DEFAULT_WORDS = "IKOE – Interkulturelle Öffnung und Kompetenzentwicklung Sachsen-Anhalt"


@dataclass(frozen=True)
class Preview:
    """The picture of a link preview: its absolute address, its words and its size in pixels."""

    url: str
    words: str
    width: int = WIDTH
    height: int = HEIGHT


@register.simple_tag(takes_context=True)
def preview_picture(context: dict[str, Any]) -> Preview:
    """The photo of a report, else the card of the page, else the card of the site."""
    page = context.get("page")
    if not isinstance(page, Page) or page.pk is None or not page.live:
        return Preview(settings.BASE_URL + static("img/card.png"), DEFAULT_WORDS)
    image = page.lead_image if isinstance(page, NewsPage) else None
    if image is not None and not image.is_svg():
        rendition = image.get_rendition("fill-1200x630|format-jpeg|jpegquality-80")
        return Preview(rendition.full_url, image.description, rendition.width, rendition.height)
    card = card_of(page, context.get("hosts", context.get("hero_hosts")))
    address = reverse("home:card", args=[page.pk, card.digest])
    return Preview(settings.BASE_URL + address, card.words)


@register.simple_tag(takes_context=True)
def structured_data(context: dict[str, Any]) -> SafeString:
    """The page in JSON-LD, as a block of data: browsers do not run it, so the content security policy lets it be."""
    page, request = context.get("page"), context.get("request")
    if not isinstance(page, SitePage) or page.pk is None or not isinstance(request, HttpRequest):
        return mark_safe("")
    flat = context.flatten() if hasattr(context, "flatten") else dict(context)
    return data_block(graph(page, SiteIdentity.load(request), flat))


@register.simple_tag
def data_block(node: dict[str, Any]) -> SafeString:
    """A node of JSON-LD as a block of data."""
    text = json.dumps(node, ensure_ascii=False).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 - escaped above.


class CaptureNode(template.Node):
    """Renders what it encloses into a variable instead of into the page."""

    def __init__(self, name: str, nodes: template.NodeList) -> None:
        self.name, self.nodes = name, nodes

    def render(self, context: template.Context) -> str:
        # Text of a template is escaped already; each run of white space counts as one space, as in HTML.
        context[self.name] = mark_safe(" ".join(self.nodes.render(context).split()))  # noqa: S308
        return ""


@register.tag
def capture(parser: template.base.Parser, token: template.base.Token) -> CaptureNode:
    """`{% capture page_title %}{% block title %}…{% endblock %}{% endcapture %}`: writes once what stands twice."""
    _tag, name = token.split_contents()
    nodes = parser.parse(("endcapture",))
    parser.delete_first_token()
    return CaptureNode(name, nodes)
