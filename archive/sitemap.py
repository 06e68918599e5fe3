"""The archive in `/sitemap.xml`: its search page and the documents that everybody may read."""

from __future__ import annotations

import datetime
from typing import Any

from django.urls import reverse

from archive.access import Level
from archive.models import Document
from home.sitemaps import SiteSitemap


class ArchiveSitemap(SiteSitemap):
    def items(self) -> list[str]:
        return [reverse("archive:index")]

    def location(self, item: str) -> str:
        return item


class DocumentSitemap(SiteSitemap):
    """Documents as the public sees them today; the address of any other would tell that it exists."""

    def items(self) -> Any:
        return Document.objects.visible_at(Level.PUBLIC).select_related("current_version").order_by("pk")

    def lastmod(self, item: Document) -> datetime.datetime:
        return item.current_version.uploaded_at if item.current_version else item.created_at
