"""How the public pages of the newsletter answer: no cookie, no cache, no search engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render

from home.visitor_forms import keep_private
from newsletter.subscribing.limits import HOUR

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def page(request: HttpRequest, name: str, context: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    """The page `templates/newsletter/<name>.html`."""
    return keep_private(render(request, f"newsletter/{name}.html", context or {}, status=status))


def link_unknown(request: HttpRequest) -> HttpResponse:
    """A link that is damaged, made up or void."""
    return page(request, "link_unknown", status=404)


def too_many(request: HttpRequest) -> HttpResponse:
    """Too many forms from one place."""
    response = page(request, "too_many", status=429)
    response["Retry-After"] = str(int(HOUR.total_seconds()))
    return response
