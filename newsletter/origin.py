"""Forms without cookies: a POST counts only if it comes from a page of this site.

Visitors get no cookie, so there is no CSRF token to compare. Browsers tell where a request comes from in a header that
scripts of other sites cannot set (Fetch Metadata `Sec-Fetch-Site`, and `Origin` of RFC 6454).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

if TYPE_CHECKING:
    from django.http import HttpRequest

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate["HttpRequest", Arguments], HttpResponse]


def same_origin_only(view: View[Arguments]) -> View[Arguments]:
    """Let a view take POST requests of our own pages without a CSRF cookie; others get 403."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        if request.method == "POST" and not comes_from_here(request):
            raise PermissionDenied("The form was not sent from a page of this site.")
        return view(request, *args, **kwargs)

    return csrf_exempt(guarded)


def comes_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this site sent the request. No word about it counts as no."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    base = urlsplit(settings.BASE_URL)
    return request.headers.get("Origin") in (
        f"{base.scheme}://{base.netloc}",
        f"{request.scheme}://{request.get_host()}",
    )
