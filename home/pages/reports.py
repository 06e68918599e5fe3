"""Reports as lists show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from home.pages.visibility import open_to_all

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from home.pages.models import NewsPage


def latest_reports(reports: QuerySet[NewsPage]) -> QuerySet[NewsPage]:
    """Those of `reports` that everybody may see, newest first, with what a card shows."""
    return (
        open_to_all(reports)
        .select_related("locale", "lead_image")
        .prefetch_related("lead_image__renditions")
        .defer("body", "related_documents")
        .order_by("-date", "-pk")
    )
