"""What sharing adds to the admin."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks

from archive.sharing.admin_views import RevokeShareLinkView, ShareLinksView


def _urls() -> list[URLPattern]:
    document = "archiv/<int:document>/freigaben/"
    return [
        path(document, ShareLinksView.as_view(), name="archive_share_links"),
        path(f"{document}<int:link>/widerrufen/", RevokeShareLinkView.as_view(), name="archive_revoke_share_link"),
    ]


def register() -> None:
    """Connect this module with the admin."""
    hooks.register("register_admin_urls", _urls)
