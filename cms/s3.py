"""Files on S3-compatible storage. The bucket is private: readers get bytes from the site, after it has decided.

No address of the bucket is ever given away. A signed one would be a key for whoever finds it, would bring a third party
into the page, and could not carry our headers.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError
from django.http import FileResponse, Http404, HttpRequest
from storages.backends.s3 import S3Storage

CHUNK = 256 * 1024
# A file that is read as a whole waits on the disk and not in memory.
IN_MEMORY = 2 * 1024 * 1024


class SiteStorage(S3Storage):
    """One directory of the bucket.

    `public_url`: the path of the site below which everybody may read (`serve_public`); None: `url()` raises ValueError,
    as for a directory without an address.
    """

    def __init__(self, *, public_url: str | None = None, **settings: Any) -> None:
        super().__init__(
            **settings,
            default_acl=None,
            file_overwrite=False,
            addressing_style="path",
            signature_version="s3v4",
            max_memory_size=IN_MEMORY,
        )
        self.public_url = public_url

    def url(self, name: str | None, *args: Any, **kwargs: Any) -> str:
        if self.public_url is None:
            raise ValueError("This file is not accessible via a URL.")
        return f"{self.public_url}{name}"

    def stream(self, name: str, first: int, last: int) -> Iterator[bytes]:
        """The bytes from `first` to `last` inclusive, as they come. Raises FileNotFoundError before the first."""
        key = self._normalize_name(name)
        try:
            answer = self.bucket.Object(key).get(**({"Range": f"bytes={first}-{last}"} if last >= first else {}))
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                raise FileNotFoundError(name) from error
            raise
        pieces: Iterator[bytes] = answer["Body"].iter_chunks(CHUNK)
        return pieces


def serve_public(request: HttpRequest, path: str) -> FileResponse:
    """`/media/…` where no proxy has the files: renditions, whose name changes with the picture."""
    from django.core.files.storage import storages

    try:
        file = storages["renditions"].open(path)
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(file, content_type=mimetypes.guess_type(path)[0])
