"""`/media/images/…`: scaled public pictures, where no proxy has them itself."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING

from django.core.files.storage import FileSystemStorage, storages
from django.http import FileResponse, Http404, HttpResponseBase
from django.views.static import serve

if TYPE_CHECKING:
    from django.http import HttpRequest


# Python 3.11 knows neither, and a slim container has no list of its own; nobody may guess them from the content.
for extension in ("webp", "avif"):
    mimetypes.add_type(f"image/{extension}", f".{extension}")


def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """A rendition out of the directory or the bucket where they lie; its name changes with the picture."""
    storage = storages["renditions"]
    if isinstance(storage, FileSystemStorage):
        return serve(request, path, document_root=str(storage.location))
    try:
        file = storage.open(path)
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(file, content_type=mimetypes.guess_type(path)[0])
