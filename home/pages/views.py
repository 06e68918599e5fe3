"""Addresses that belong to pages but are none themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe
from wagtail.models import Page

from home.pages.cards import card_of, stored_card
from home.pages.visibility import open_to_all

if TYPE_CHECKING:
    from django.http import HttpRequest

YEAR = 365 * 24 * 3600


@require_safe
def card(request: HttpRequest, page_id: int, digest: str) -> HttpResponse:
    """`/karte/<page>-<digest>.png`: the picture for link previews of a page that everybody may see.

    The digest belongs to what the page shows now; any other gets 404, so nobody can ask for drawings without end.
    """
    page = open_to_all(Page.objects.filter(pk=page_id)).first()
    found = card_of(page.specific) if page else None
    if found is None or found.digest != digest:
        raise Http404
    response = HttpResponse(stored_card(page_id, found), content_type="image/png")
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response
