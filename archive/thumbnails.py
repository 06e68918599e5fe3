"""Small pictures of pages for lists: a page image weighs 30 KB, eight of them more than the page that shows them."""

from __future__ import annotations

import io

from django.core.cache import cache
from django.db import transaction
from PIL import Image

from archive.models import Document, DocumentLeaf

# Twice the width of a picture in a list, for fine screens.
WIDTH, HEIGHT = 160, 220
QUALITY = 70
KEPT_SECONDS = 7 * 24 * 3600


def thumbnail(leaf: DocumentLeaf) -> bytes:
    """The picture of a page within 160 × 220 pixels, as WebP (about 3 KB). Raises `OSError` if the file is unreadable.

    Drawn at the first request and kept in the cache; the caller has decided that the reader may see the page.
    """
    key = _key(leaf)
    content: bytes | None = cache.get(key)
    if content is None:
        with leaf.image.storage.open(leaf.image.name or "", "rb") as file, Image.open(file) as picture:
            picture.thumbnail((WIDTH, HEIGHT))
            output = io.BytesIO()
            picture.save(output, "WEBP", quality=QUALITY)
        content = output.getvalue()
        cache.set(key, content, KEPT_SECONDS)
    return content


def forget_thumbnails(document: Document) -> None:
    """Takes the small pictures of all pages of `document` out of the cache, once the transaction is committed.

    Before that somebody else, for whom the pages are still there, would put them back. Called while the rows are there.
    """
    leaves = DocumentLeaf.objects.filter(version__document=document).exclude(image="").only("image")
    keys = [_key(leaf) for leaf in leaves]
    transaction.on_commit(lambda: cache.delete_many(keys))


def _key(leaf: DocumentLeaf) -> str:
    return f"thumbnail:{leaf.pk}:{leaf.image.name}"
