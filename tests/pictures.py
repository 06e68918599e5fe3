"""Pictures for tests, and for the pictures of the manuals, which are taken by a process without Django."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from django.core.files.images import ImageFile
from PIL import Image

if TYPE_CHECKING:
    from home.models import SiteImage


def picture(width: int, height: int, colour: str = "#0b4250") -> io.BytesIO:
    """A PNG of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, "PNG")
    buffer.seek(0)
    return buffer


def make_image(width: int = 1200, height: int = 900, **fields) -> SiteImage:
    """A picture of the library with all that an editor has to say about it."""
    from home.models import SiteImage

    values = {"title": "Saal", "description": "Zwölf Menschen vor dem Rathaus", "credit": "Foto: Beispiel"} | fields
    if "file" not in values:
        values["file"] = ImageFile(picture(width, height), "bild.png")
    return SiteImage.objects.create(**values)
