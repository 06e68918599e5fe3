"""What every page of the site has."""

from __future__ import annotations

from wagtail.models import Page


class SitePage(Page):
    """Base of all page types. `search_description` is the teaser of listings, search results and link previews."""

    show_in_menus_default = False

    class Meta:
        abstract = True
