"""The report "Abrufe im Archiv" of the admin: how often documents were downloaded, without a word about who."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db.models import IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.permission_policies import ModelPermissionPolicy

from archive.access import level_of
from archive.models import Document, DownloadCount
from home.editing.menus import PermittedMenuItem
from home.upkeep.reports import ExplainedReport

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from wagtail.admin.menu import MenuItem


def _edit_url(document: Document) -> str:
    return reverse("wagtaildocs:edit", args=[document.pk])


class DownloadsView(ExplainedReport):
    """Documents with their downloads: this month, the month before, the last twelve months, since the beginning."""

    nothing_listed = "Bisher hat niemand etwas heruntergeladen."
    page_title = "Abrufe im Archiv"
    header_icon = "download"
    verbose_name_plural = "Abrufe im Archiv"
    index_url_name = "archive_downloads"
    index_results_url_name = "archive_downloads_results"
    permission_policy = ModelPermissionPolicy(DownloadCount)
    permission_required = "view"
    default_ordering = "-year"
    is_searchable = False
    export_filename = "abrufe-im-archiv"
    list_export: ClassVar = ["title", "get_kind_display", "edition", "this_month", "last_month", "year", "total"]
    export_headings: ClassVar = {
        "title": "Titel",
        "get_kind_display": "Art",
        "edition": "Ausgabe",
        "this_month": "Dieser Monat",
        "last_month": "Voriger Monat",
        "year": "Zwölf Monate",
        "total": "Insgesamt",
    }
    columns: ClassVar = [
        TitleColumn("title", label="Titel", get_url=_edit_url, sort_key="title"),
        Column("get_kind_display", label="Art"),
        Column("this_month", label="Dieser Monat", sort_key="this_month"),
        Column("last_month", label="Voriger Monat", sort_key="last_month"),
        Column("year", label="Zwölf Monate", sort_key="year"),
        Column("total", label="Insgesamt", sort_key="total"),
    ]

    @property
    def purpose(self) -> str:
        return (
            "Gezählt wird je Dokument und Monat, wenn eine Datei heruntergeladen oder geöffnet wird, auch in einer "
            "ZIP-Datei oder über einen Freigabelink. Suchmaschinen und die Redaktion zählen nicht mit. "
            "Wer etwas abruft, wird nirgends gespeichert."
        )

    def get_base_queryset(self) -> QuerySet[Document]:
        month = timezone.localdate().replace(day=1)
        previous = (month - datetime.timedelta(days=1)).replace(day=1)
        documents: QuerySet[Document] = (
            Document.objects.visible_at(level_of(self.request.user))
            .select_related("edition__series")
            .annotate(
                this_month=_downloads(Q(month=month)),
                last_month=_downloads(Q(month=previous)),
                year=_downloads(Q(month__gt=month.replace(year=month.year - 1))),
                total=_downloads(Q()),
            )
            .filter(total__gt=0)
        )
        return documents


def _downloads(months: Q) -> Coalesce:
    counts = DownloadCount.objects.filter(months, document=OuterRef("pk")).order_by().values("document")
    return Coalesce(Subquery(counts.annotate(sum=Sum("count")).values("sum")), 0, output_field=IntegerField())


def _urls() -> list[URLPattern]:
    return [
        path("berichte/abrufe/", DownloadsView.as_view(), name="archive_downloads"),
        path("berichte/abrufe/liste/", DownloadsView.as_view(results_only=True), name="archive_downloads_results"),
    ]


def _menu_item() -> MenuItem:
    return PermittedMenuItem(
        "Abrufe im Archiv",
        reverse("archive_downloads"),
        name="archive-downloads",
        icon_name="download",
        order=130,
        permissions=("archive.view_downloadcount",),
    )


def register() -> None:
    """Hang the report into the admin."""
    hooks.register("register_admin_urls", _urls)
    hooks.register("register_reports_menu_item", _menu_item)
