"""Resolves the addresses of our own images and files in a document to bytes, before it is rendered."""

import mimetypes
import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from wagtail.images import get_image_model
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError

from home.rendering.errors import ForbiddenAddress, LimitExceeded, MissingResource
from home.rendering.source import Resource

MAX_TOTAL_BYTES = 200 * 1024 * 1024

_ADDRESS = re.compile(r"\b(?:media:image/\d+/[\w|,.-]+|static:[\w./-]+)")


def image_address(image_id: int, filter_spec: str = "max-1600x1600|format-jpeg") -> str:
    """The address of a rendition of one of our images, for `src` in the HTML of a document."""
    return f"media:image/{image_id}/{filter_spec}"


def collect(*texts: str) -> dict[str, Resource]:
    """Reads every `media:` and `static:` address that occurs in the HTML or CSS given.

    Returns address → bytes and media type. Raises `MissingResource` if an image or file is gone or broken,
    `ForbiddenAddress` if a path leaves the static files, `LimitExceeded` above `MAX_TOTAL_BYTES`.
    """
    resources: dict[str, Resource] = {}
    total = 0
    for address in sorted({match for text in texts for match in _ADDRESS.findall(text)}):
        scheme, _, name = address.partition(":")
        resources[address] = _read_image(name) if scheme == "media" else _read_static(name)
        total += len(resources[address].content)
        if total > MAX_TOTAL_BYTES:
            raise LimitExceeded(
                "Die Bilder des Dokuments sind zusammen größer als 200 MB. Bitte weniger Bilder verwenden."
            )
    return resources


def _read_image(name: str) -> Resource:
    _, image_id, filter_spec = name.split("/")
    image = get_image_model().objects.filter(pk=image_id).first()
    if image is None:
        raise MissingResource(
            f"Das Bild Nr. {image_id} gibt es nicht mehr. Bitte im Text ein anderes Bild wählen.", f"media:{name}"
        )
    broken = MissingResource(
        f"Die Bilddatei „{image.title}“ (Nr. {image_id}) fehlt oder ist beschädigt. Bitte das Bild neu hochladen.",
        f"media:{name}",
    )
    if not image.file.storage.exists(image.file.name):
        raise broken
    try:
        rendition = image.get_rendition(filter_spec)
        with rendition.file.open("rb") as file:
            content = file.read()
    except InvalidFilterSpecError as error:
        raise ForbiddenAddress(f"Die Bildgröße „{filter_spec}“ ist nicht vorgesehen.") from error
    except (SourceImageIOError, OSError) as error:
        raise broken from error
    return Resource(content, _media_type(rendition.file.name))


def _read_static(name: str) -> Resource:
    try:
        found = finders.find(name)
    except SuspiciousFileOperation as error:
        raise ForbiddenAddress(f"Der Pfad „{name}“ liegt außerhalb der mitgelieferten Dateien.") from error
    if not isinstance(found, str):
        raise MissingResource(f"Die mitgelieferte Datei „{name}“ fehlt in dieser Installation.")
    return Resource(Path(found).read_bytes(), _media_type(name))


def _media_type(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
