"""Pictures of pages, as WebP files named after the number of the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

IMAGE_WIDTH = 880
IMAGE_MAX_HEIGHT = 2400
MAX_IMAGES = 400


def save_picture(image: Any, directory: Path, number: int) -> None:
    """Writes `<number>.webp`. A process that is ended while it writes leaves no half picture under that name."""
    unfinished = directory / f"{number}.part"
    # Method 4 takes twice the time (48 instead of 22 ms a page) for 3 % less.
    image.convert("RGB").save(unfinished, "WEBP", quality=72, method=2)
    unfinished.rename(directory / f"{number}.webp")


def draw_image(path: Path, numbers: list[int], directory: Path) -> None:
    """The picture of a photo: smaller, and the right way up."""
    from PIL import Image, ImageOps

    with Image.open(path) as image:
        # First smaller, then turned: the other way round takes the memory twice.
        image.thumbnail((IMAGE_WIDTH * 2, IMAGE_MAX_HEIGHT))
        save_picture(ImageOps.exif_transpose(image), directory, 1)
