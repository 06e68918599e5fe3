"""The gate before every view of one document: the access rule first, and the same refusals everywhere."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parseaddr
from functools import wraps
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from archive.access import DocumentQuerySetWithAccess, Level, level_of
from archive.models import Document
from home.frame import kept
from home.identity import SiteIdentity


class View(Protocol):
    """A view of one document: gets the document after the access rule has let the reader through."""

    def __call__(self, request: HttpRequest, document: Document, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


def for_readers(view: View) -> Any:
    """Loads the document of the address, if the reader may see it.

    Else: without login the same 404 page whatever the reason; with login 403 without the title; for a deleted document
    that the reader could see, 410 with title, date and reason.
    """
    return _guarded(view, ["GET", "HEAD"], _visible_with_edition)


def for_readers_of_bytes(view: View) -> Any:
    """As `for_readers`, for a file or a picture, which many may want at once when a newsletter names it.

    To readers without login it may be given some seconds longer than they may have it, as a page (`home.frame`).
    """

    def known(request: HttpRequest, pk: int) -> Document | None:
        return kept(request, f"document:{pk}", lambda: _visible(request, pk).first())

    return _guarded(view, ["GET", "HEAD"], known)


def for_readers_who_write(view: View) -> Any:
    """As `for_readers`, for a page with a form."""
    return _guarded(view, ["GET", "HEAD", "POST"], _visible_with_edition)


def _visible(request: HttpRequest, pk: int) -> DocumentQuerySetWithAccess:
    return Document.objects.visible_to(request.user).select_related("current_version").filter(pk=pk)


def _visible_with_edition(request: HttpRequest, pk: int) -> Document | None:
    return _visible(request, pk).select_related("edition__series").first()


def _guarded(view: View, methods: list[str], find: Callable[[HttpRequest, int], Document | None]) -> Any:
    @require_http_methods(methods)
    @wraps(view)
    def guarded(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        document = find(request, pk)
        if document is not None and document.current_version is not None:
            return view(request, document, *args, **kwargs)
        return refusal(request, pk)

    return guarded


def refusal(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer to a reader for whom there is nothing at the address of document `pk`; see `for_readers`."""
    known = Document.with_tombstones.filter(pk=pk)
    buried = known.readable_at(level_of(request.user)).filter(deleted_at__isnull=False).first()
    if buried is not None:
        return private(render(request, "archive/gone.html", {"document": buried}, status=410))
    if request.user.is_authenticated and known.exists():
        return no_access(request)
    return not_found(request)


def no_access(request: HttpRequest) -> HttpResponse:
    """403 for somebody who is logged in, saying whom to ask; visitors get the 404 page, which offers to log in."""
    if not request.user.is_authenticated:
        return not_found(request)
    context = _whom_to_ask(request, level_of(request.user))
    return private(render(request, "archive/forbidden.html", context, status=403))


def _whom_to_ask(request: HttpRequest, level: Level) -> dict[str, Any]:
    """Whoever reads nothing internal yet asks for the account of an office; the others write to the editors: to the
    address of the site, or where it has none, to the one from which its mails come."""
    email = SiteIdentity.load(request).email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    address = f"{settings.BASE_URL}{request.path}"
    body = f"Guten Tag,\r\n\r\nfür meine Arbeit brauche ich Zugang zu dieser Adresse im Archiv:\r\n{address}\r\n"
    letter = urlencode({"subject": "Zugang zu einem Dokument im Archiv", "body": body}, quote_via=quote)
    return {"reads_as": level if level > Level.PUBLIC else None, "address": address, "email": email, "letter": letter}


def not_found(request: HttpRequest) -> HttpResponse:
    """The one answer to everything that somebody must not know of."""
    # Not Http404: with DEBUG that page would tell the reasons apart.
    return private(render(request, "404.html", status=404))


def private(response: HttpResponse) -> HttpResponse:
    """The same answer, to be kept by nobody."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


def for_cache(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Pages for logged-in readers are theirs alone; anonymous ones may be kept by the proxy as all others."""
    return private(response) if request.user.is_authenticated else response
