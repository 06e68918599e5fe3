"""Response headers that hold for every page, and the separate content security policy of the admin."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PERMISSIONS_POLICY = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"


class SecurityHeadersMiddleware:
    """Adds what Django has no setting for. Headers that a view has set itself stay."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        # Pictures stand in mails too, and webmail shows those on pages of its own.
        readers = "cross-origin" if request.path.startswith(settings.MEDIA_URL) else "same-origin"
        response.headers.setdefault("Cross-Origin-Resource-Policy", readers)
        # A page with videos may frame their players, and no other page may: noted when the video is rendered.
        if sources := getattr(request, "frame_sources", None):
            response._csp_update = {"frame-src": sorted(sources)}  # type: ignore[attr-defined]
        if request.path.startswith("/admin/"):
            # A preview has been through all middleware as the public page that it shows, and brings its policy along.
            response.headers.pop("Content-Security-Policy", None)
            # Read by csp.middleware.CSPMiddleware, which runs outside of this one.
            response._csp_replace = settings.ADMIN_CONTENT_SECURITY_POLICY  # type: ignore[attr-defined]
        return response
