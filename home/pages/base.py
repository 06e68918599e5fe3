"""What every page of the site has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail.models import Page

if TYPE_CHECKING:
    from django.http import HttpRequest


class SitePage(Page):
    """Base of all page types. `search_description` is the teaser of listings, search results and link previews."""

    show_in_menus_default = False

    class Meta:
        abstract = True

    def canonical_url(self, request: HttpRequest | None) -> str:
        """The address that search engines should keep for this content (RFC 6596)."""
        return self.get_full_url(request) or ""
