"""What documents (PDF) need beyond the web: addresses of images for the engine, QR codes, rows of a bar chart."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from wagtail.images.models import AbstractImage

from home.rendering.resources import image_address
from home.templatetags.parts import bars

register = template.Library()


@register.filter
def printed(image: AbstractImage) -> str:
    """The address under which the PDF engine gets the image; photos as JPEG, drawings as they are."""
    return image_address(image.pk, "original") if image.is_svg() else image_address(image.pk)


@register.simple_tag
def bar_chart(figures: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The rows of `{% bars %}` for a template of its own."""
    return bars(figures)


@register.simple_tag
def qr_code(address: str) -> SafeString:
    """A QR code (ISO/IEC 18004) of an address as inline SVG, hidden from readers: the address stands beside it."""
    # 10 MB that only documents need.
    import segno

    buffer = BytesIO()
    segno.make(address, error="m", micro=False).save(
        buffer,
        kind="svg",
        xmldecl=False,
        svgns=True,
        border=0,
        omitsize=True,
        dark="#0f2329",
        svgclass="qr",
        lineclass=None,
    )
    markup = buffer.getvalue().decode().strip().replace("<svg ", '<svg aria-hidden="true" ', 1)
    # Made by segno from nothing but squares.
    return mark_safe(markup)  # noqa: S308
