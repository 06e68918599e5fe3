"""Which text alternatives say nothing (WCAG 2.2, 1.1.1: F30): the name of a file, the title again, a single word."""

from __future__ import annotations

import re

from django.db.models import F, Q

from home.images import SiteImage

# Written for Python and for both databases alike: no lookahead, no word boundary.
_FILE_NAME = (
    r"\.(jpe?g|png|gif|webp|avif|svg|heic|tiff?)$|^(img|dsc|dscn|dscf|pxl|p|bild|foto|image|scan)?[-_ ]*[0-9_-]+$|_"
)
_SINGLE_WORD = r"^\s*\S*\s*$"

# Images whose description `weakness` would object to.
WEAK = Q(description__regex=_SINGLE_WORD) | Q(description__iregex=_FILE_NAME) | Q(description__iexact=F("title"))


def weakness(image: SiteImage) -> str:
    """Why the text alternative of `image` says nothing, as a German sentence; empty if it is fine."""
    return weakness_of(image.description, image.title) if image.description.strip() else "Der Alternativtext fehlt."


def weakness_of(text: str, title: str) -> str:
    """The same for a text that stands at an image with this title."""
    text = text.strip()
    if is_file_name(text):
        return f"„{text}“ ist ein Dateiname."
    if not re.search(r"\s", text):
        return f"„{text}“ ist nur ein Wort. Ein Satz sagt, was zu sehen ist."
    if text.casefold() == title.strip().casefold():
        return "Der Alternativtext wiederholt nur den Titel."
    return ""


def is_file_name(text: str) -> bool:
    """Whether `text` looks like what a camera or a folder calls an image."""
    return bool(re.search(_FILE_NAME, text, re.IGNORECASE))
