"""Whole pages for visitors, for five seconds in the memory of each process.

Where no proxy keeps pages, or many proxies ask for the same one, this answers before session, language, database and
templates are touched. Not in Redis: a page must be there when Redis is not, and is made anew soon enough. With the
frame (5 s, `home.frame`) and the proxy (10 s) a change is seen within twenty seconds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.core.cache import caches
from django.http import HttpResponse
from django.utils.cache import cc_delim_re

from cms import caching

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

SECONDS = 5
CACHE = "pages"
# What is larger is no page; there are 300 entries at most.
LARGEST = 256 * 1024


class PageMemoryMiddleware:
    """Answers GET requests that bring neither a cookie nor a login with what another visitor has just got.

    Stands before everything else: what is kept has all headers already.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _is_anonymous(request):
            return self.get_response(request)
        memory, key = caches[CACHE], _key(request)
        if kept := memory.get(key):
            content, headers = kept
            return HttpResponse(content, headers=headers)
        response = self.get_response(request)
        if isinstance(response, HttpResponse) and _may_be_kept(response):
            memory.set(key, (response.content, dict(response.items())), SECONDS)
        return response


def _is_anonymous(request: HttpRequest) -> bool:
    # Any cookie at all, not that of the session alone: pages vary by cookies, and a visitor has none.
    sent = request.META
    return request.method == "GET" and not (sent.get("HTTP_COOKIE") or sent.get("HTTP_AUTHORIZATION"))


def _key(request: HttpRequest) -> str:
    """One for each address as the application sees it. A hash, because addresses may hold anything and be long."""
    parts = (request.scheme or "", request.META.get("HTTP_HOST", ""), request.get_full_path())
    return hashlib.sha256("\n".join(parts).encode(errors="surrogateescape")).hexdigest()


def _may_be_kept(response: HttpResponse) -> bool:
    """Only what `cms.caching` lets everybody keep, and what no other header of the request changes."""
    varies = {name.strip().lower() for name in cc_delim_re.split(response.get("Vary", ""))} - {"", "cookie"}
    return (
        response.status_code == 200
        and response.get("Cache-Control") == caching.PUBLIC
        and not response.cookies
        and not varies
        and len(response.content) <= LARGEST
    )
