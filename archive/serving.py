"""Bytes of stored files over HTTP: conditional requests, ranges, and headers that keep a file a file."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import parse_etags

from archive.storage import Streams

CHUNK = 256 * 1024
# No file is larger than 64 bits can say; Python refuses to read a number of thousands of digits.
_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})", re.ASCII)


def content_disposition(filename: str, *, inline: bool) -> str:
    """The header of RFC 6266, with the name in UTF-8 and a plain one for old clients."""
    letters = unicodedata.normalize("NFKD", filename.replace("ß", "ss"))
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", "".join(sign for sign in letters if not unicodedata.combining(sign)))
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


def serve(
    request: HttpRequest,
    file: FieldFile,
    *,
    size: int,
    etag: str,
    media_type: str,
    filename: str,
    inline: bool,
    is_public: bool,
) -> HttpResponseBase:
    """The answer to a GET or HEAD for `file`, after the caller has decided that the reader may have it.

    Answers If-None-Match, If-Range and single byte ranges itself (RFC 9110, 13 and 14). With ACCEL_PREFIX set the proxy
    sends the bytes and answers ranges; `etag` is the bare value without quotes.
    """
    quoted = f'"{etag}"'
    if _is_known(request, quoted):
        return _not_modified(quoted, is_public)
    wanted = None if _is_accelerated(file) else _wanted_range(request, quoted, size)
    if wanted == "unsatisfiable":
        response: HttpResponseBase = HttpResponse(status=416, content_type="text/plain; charset=utf-8")
        response.headers["Content-Range"] = f"bytes */{size}"
        return _with_headers(response, quoted, is_public)
    response = _body(request, file, size, wanted)
    response.headers["Content-Type"] = media_type
    response.headers["Content-Disposition"] = content_disposition(filename, inline=inline)
    return _with_headers(response, quoted, is_public)


def serve_small(
    request: HttpRequest, content: bytes, *, etag: str, media_type: str, is_public: bool
) -> HttpResponseBase:
    """The answer for a few bytes that lie in no file: as `serve`, without ranges."""
    quoted = f'"{etag}"'
    if _is_known(request, quoted):
        return _not_modified(quoted, is_public)
    response = _with_headers(HttpResponse(content, content_type=media_type), quoted, is_public)
    # There is nothing to resume.
    response.headers.pop("Accept-Ranges", None)
    return response


def _is_known(request: HttpRequest, etag: str) -> bool:
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or any(tag.removeprefix("W/") == etag for tag in known)


def _not_modified(etag: str, is_public: bool) -> HttpResponseBase:
    response = HttpResponse(status=304)
    del response.headers["Content-Type"]
    return _with_headers(response, etag, is_public)


def _wanted_range(request: HttpRequest, etag: str, size: int) -> Any:
    """(first, last) of the one range asked for; None for the whole; "unsatisfiable" if it lies outside."""
    asked = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if asked is None or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = asked.groups()
    if not first and not last:
        return None
    if not first:
        start, end = max(size - int(last), 0), size - 1
    else:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
        if last and int(last) < start:
            return None
    return (start, end) if start <= end and start < size else "unsatisfiable"


def _is_accelerated(file: FieldFile) -> bool:
    """Whether the proxy sends the bytes: it is set up for that, and the file lies on a disk that it can see."""
    return bool(settings.ACCEL_PREFIX) and isinstance(file.storage, FileSystemStorage)


def _body(request: HttpRequest, file: FieldFile, size: int, wanted: Any) -> HttpResponseBase:
    response: HttpResponseBase
    if _is_accelerated(file):
        response = HttpResponse()
        response.headers["X-Accel-Redirect"] = f"{settings.ACCEL_PREFIX.rstrip('/')}/{quote(file.name or '')}"
        return response
    first, last = wanted or (0, size - 1)
    if request.method == "HEAD":
        response = HttpResponse(status=206 if wanted else 200)
    elif isinstance(file.storage, Streams):
        response = StreamingHttpResponse(
            file.storage.stream(file.name or "", first, last), status=206 if wanted else 200
        )
    elif wanted:
        # Opened here, so that a missing file is known before the answer begins.
        data = file.storage.open(file.name or "", "rb")
        response = StreamingHttpResponse(_pieces(data, first, last), status=206)
    else:
        response = FileResponse(file.storage.open(file.name or "", "rb"))
    response.headers["Content-Length"] = str(last - first + 1)
    if wanted:
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _pieces(data: File, first: int, last: int) -> Iterator[bytes]:
    with data:
        data.seek(first)
        left = last - first + 1
        while left > 0 and (piece := data.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece


def _with_headers(response: HttpResponseBase, etag: str, is_public: bool) -> HttpResponseBase:
    response.headers["ETag"] = etag
    # Whether a document is public may change at any time, so even public bytes are asked for anew.
    response.headers["Cache-Control"] = "no-cache" if is_public else "private, no-store"
    # A part is proof enough that there are parts; the proxy says no more either.
    if "X-Accel-Redirect" not in response.headers and response.status_code == 200:
        response.headers["Accept-Ranges"] = "bytes"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex" if not is_public else "all"
    return response
