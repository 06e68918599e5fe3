"""Whole pages for visitors, and what the proxy is told to send, for five seconds in the memory of each process.

Where no proxy keeps pages, or many proxies ask for the same one, this answers before Django has made a request of it.
Not in Redis: a page must be there when Redis is not, and is made anew soon enough. With the frame (5 s, `home.frame`)
and the proxy (10 s) a change is seen within twenty seconds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.cache import caches
from django.utils.cache import cc_delim_re

from cms import caching
from home import repeating

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from home.repeating import EachTime

    Headers = list[tuple[str, str]]

SECONDS = 5
CACHE = "pages"
# What is larger is no page; there are 300 entries at most.
LARGEST = 256 * 1024
OK = "200 OK"
# Any cookie at all, not that of the session alone: pages vary by cookies, and a visitor has none.
TELLING = ("HTTP_COOKIE", "HTTP_AUTHORIZATION")
# Whoever asks in one of these ways may get something else than the whole, or may not be counted.
CONDITIONS = ("HTTP_RANGE", "HTTP_IF_RANGE", "HTTP_IF_NONE_MATCH", "HTTP_SEC_PURPOSE")


class PageMemory:
    """A WSGI application (PEP 3333) around that of the site.

    It answers GET requests that bring neither cookie, login nor condition with what another visitor has just got. What
    is kept has all headers already. Of files it keeps only which one the proxy is to send (`home.repeating`).
    """

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not _is_plain(environ):
            return self.application(environ, start_response)
        memory, key = caches[CACHE], _key(environ)
        if kept := memory.get(key):
            headers, content, each_time = kept
            if each_time is not None:
                each_time(environ)
            start_response(OK, headers)
            return [content]
        started: list[tuple[str, Headers]] = []

        def start(status: str, headers: Headers, *error: Any) -> Any:
            started.append((status, headers))
            return start_response(status, headers, *error)

        answer = self.application(environ, start)
        status, headers = started[-1]
        each_time = _each_time(environ, dict(headers))
        if not _may_be_kept(status, dict(headers), each_time):
            return answer
        try:
            content = b"".join(answer)
        finally:
            if close := getattr(answer, "close", None):
                close()
        memory.set(key, (headers, content, each_time), SECONDS)
        return [content]


def _is_plain(environ: WSGIEnvironment) -> bool:
    return environ["REQUEST_METHOD"] == "GET" and not any(environ.get(name) for name in TELLING + CONDITIONS)


def _key(environ: WSGIEnvironment) -> str:
    """One for each address as the application sees it. A hash, because addresses may hold anything and be long."""
    # The path comes last: alone among them it is decoded, and may have line breaks.
    names = ("wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO", "HTTP_HOST", "QUERY_STRING", "SCRIPT_NAME", "PATH_INFO")
    return hashlib.sha256("\n".join(environ.get(name, "") for name in names).encode()).hexdigest()


def _each_time(environ: WSGIEnvironment, headers: dict[str, str]) -> EachTime | None:
    """What a view wants to be done at each repetition of its answer, if it allows any and the proxy sends the bytes."""
    return environ.get(repeating.KEY) if "X-Accel-Redirect" in headers else None


def _may_be_kept(status: str, headers: dict[str, str], each_time: EachTime | None) -> bool:
    """Only what `cms.caching` lets everybody keep or a view lets be repeated, the same whatever a request says besides.

    What is sent in pieces tells no length, and is no page.
    """
    varies = {name.strip().lower() for name in cc_delim_re.split(headers.get("Vary", ""))} - {"", "cookie"}
    return (
        status == OK
        and (headers.get("Cache-Control") == caching.PUBLIC or each_time is not None)
        and "Set-Cookie" not in headers
        and not varies
        and int(headers.get("Content-Length", LARGEST + 1)) <= LARGEST
    )
