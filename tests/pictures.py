"""Pictures for tests."""

import io

from PIL import Image


def picture(width: int, height: int, colour: str = "#0b4250") -> io.BytesIO:
    """A PNG of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, "PNG")
    buffer.seek(0)
    return buffer
