"""Hands a version of a document to whoever may have it, and counts that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.file_types import FILE_TYPES, extension_of
from archive.serving import serve
from archive.usage.access_records import record_answer
from archive.usage.counting import count_and_let_repeat, count_downloads, is_download

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from archive.models import Document, DocumentVersion


def deliver(
    request: HttpRequest, document: Document, version: DocumentVersion, *, is_public: bool
) -> tuple[HttpResponseBase, bool]:
    """The file, and whether this is a download that counts. The caller has decided that the reader may have it.

    PDF, pictures and videos are shown, everything else is saved: a browser must never run what somebody uploaded.
    """
    response = serve(
        request,
        version.file,
        size=version.size,
        etag=version.sha256,
        media_type=version.media_type,
        filename=version.original_name,
        inline=FILE_TYPES[extension_of(version.original_name)].inline,
        is_public=is_public,
    )
    record_answer(request, response, version, is_public=is_public)
    counts = is_download(request, response)
    if counts and is_public:
        count_and_let_repeat(request, document)
    elif counts:
        count_downloads([document])
    return response, counts
