"""Looks at the pictures of an edition before they are laid out, so that a reason can say where each one stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from home.events.models import EditionPage
from home.images import SiteImage
from home.rendering.errors import BrokenContent, DocumentError, MissingResource

# More reasons at once nobody reads.
SHOWN = 5


@dataclass(frozen=True)
class Picture:
    """An image in its place. `alt` is what readers hear, in the words of the page or of the image."""

    image: SiteImage
    alt: str
    place: str


def check_pictures(edition: EditionPage) -> None:
    """Raises `BrokenContent` if a picture has no text alternative or no credit; names page and block."""
    problems = []
    for picture in pictures_of(edition):
        missing = []
        if not picture.alt.strip():
            missing.append("der Alternativtext")
        if not picture.image.credit.strip():
            missing.append("der Bildnachweis")
        if missing:
            problems.append(f"{picture.place}: Beim Bild „{picture.image.title}“ fehlt {' und '.join(missing)}.")
    if problems:
        more = f" (und {len(problems) - SHOWN} weitere)" if len(problems) > SHOWN else ""
        hint = " Bitte in der Bildverwaltung ergänzen."
        raise BrokenContent(" ".join(problems[:SHOWN]) + more + hint)


def with_place(edition: EditionPage, error: DocumentError) -> DocumentError:
    """`error`, which says what is wrong with a resource, with the places where that picture stands."""
    address = error.address if isinstance(error, MissingResource) else ""
    _, _, key = address.partition("media:image/")
    places = [picture.place for picture in pictures_of(edition) if key and str(picture.image.pk) == key.split("/")[0]]
    if not places:
        return error
    return MissingResource(f"{'; '.join(dict.fromkeys(places))}: {error}", address)


def pictures_of(edition: EditionPage) -> Iterator[Picture]:
    """The pictures of the write-up and the photos, in the order of the page."""
    page, under = f"Seite „{edition.title}“", ""
    for number, block in enumerate(edition.body, 1):
        if block.block_type == "heading":
            under = f" unter „{block.value['text']}“"
        place = f"{page}, Block {number}{under} ({block.block.label})"
        for value in _values(block):
            if value["image"]:
                yield Picture(value["image"], value["alternative"] or value["image"].description, place)
    for number, photo in enumerate(edition.photos.all(), 1):
        yield Picture(photo.image, photo.image.description, f"{page}, Foto {number}")


def _values(block: Any) -> list[Any]:
    if block.block_type == "image":
        return [block.value]
    return list(block.value["pictures"]) if block.block_type == "gallery" else []
