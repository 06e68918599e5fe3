"""Who may keep a page, and how long (RFC 9111). What a view says itself stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

# The proxy answers for ten seconds without asking; a browser asks every time, so it never shows what is gone.
PUBLIC = "public, max-age=0, s-maxage=10"
PRIVATE = "private, no-store"
# The name of a scaled image changes with the image.
PICTURE = "public, max-age=31536000, immutable"
PRIVATE_PATHS = ("/admin/", "/konto/")


class CacheHeadersMiddleware:
    """Pages for visitors may be shared for a moment; what belongs to a login or sets a cookie is never kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", _policy(request, response))
        return response


def _policy(request: HttpRequest, response: HttpResponse) -> str:
    if request.method not in ("GET", "HEAD") or request.path.startswith(PRIVATE_PATHS):
        return PRIVATE
    if settings.SESSION_COOKIE_NAME in request.COOKIES or response.cookies or response.status_code >= 500:
        return PRIVATE
    if request.path.startswith(settings.MEDIA_URL) and response.status_code == 200:
        return PICTURE
    return PUBLIC
