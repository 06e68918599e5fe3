"""The report "Zugriffe auf interne Dokumente" of the admin, for the administration alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.permission_policies import ModelPermissionPolicy

from archive.models import AccessRecord
from home.editing.menus import PermittedMenuItem
from home.templatetags.german import counted
from home.upkeep.reports import ExplainedReport

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest
    from wagtail.admin.menu import MenuItem


def _people(request: Any) -> Any:
    """Those of whom there is a record."""
    named = AccessRecord.objects.order_by().values("user")
    return get_user_model().objects.filter(pk__in=named).order_by("last_name", "first_name", "email")


class AccessFilterSet(WagtailFilterSet):
    user = django_filters.ModelChoiceFilter(label="Konto", queryset=_people)
    at = django_filters.DateFromToRangeFilter(label="Zeitraum", widget=DateRangePickerWidget)
    document = django_filters.CharFilter(
        label="Titel enthält", field_name="version__document__title", lookup_expr="icontains"
    )

    class Meta:
        model = AccessRecord
        fields: ClassVar = ["user", "at", "document"]


def _versions_url(access: AccessRecord) -> str:
    return reverse("archive_versions", args=[access.version.document_id])


class AccessView(ExplainedReport):
    """Who read which version of which document, the latest first. It cannot be exported."""

    nothing_listed = "Bisher hat niemand ein internes Dokument geöffnet."
    page_title = "Zugriffe auf interne Dokumente"
    header_icon = "view"
    verbose_name_plural = "Zugriffe auf interne Dokumente"
    index_url_name = "archive_accesses"
    index_results_url_name = "archive_accesses_results"
    permission_policy = ModelPermissionPolicy(AccessRecord)
    permission_required = "view"
    default_ordering = "-at"
    is_searchable = False
    filterset_class = AccessFilterSet
    columns: ClassVar = [
        TitleColumn("document", label="Dokument", accessor="version.document.title", get_url=_versions_url),
        Column("version", label="Fassung", accessor="version.number"),
        Column("user", label="Konto", sort_key="user"),
        DateColumn("at", label="Wann", sort_key="at"),
    ]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.is_export = False

    @property
    def show_export_buttons(self) -> bool:
        return False

    @property
    def purpose(self) -> str:
        days = counted(settings.ACCESS_RECORD_DAYS, "Tag,Tagen")
        return (
            "Wer ein Dokument öffnet, das nicht öffentlich ist, steht hier mit Fassung und Minute. Nur die Verwaltung "
            f"sieht diese Liste. Nach {days} wird ein Eintrag gelöscht. Abrufe über Freigabelinks kennen keine Person."
        )

    def get_base_queryset(self) -> QuerySet[AccessRecord]:
        return AccessRecord.objects.select_related("user", "version__document")


def _urls() -> list[URLPattern]:
    return [
        path("berichte/zugriffe/", AccessView.as_view(), name="archive_accesses"),
        path("berichte/zugriffe/liste/", AccessView.as_view(results_only=True), name="archive_accesses_results"),
    ]


def _menu_item() -> MenuItem:
    return PermittedMenuItem(
        "Zugriffe auf interne Dokumente",
        reverse("archive_accesses"),
        name="archive-accesses",
        icon_name="view",
        order=140,
        permissions=("archive.view_accessrecord",),
    )


def register() -> None:
    """Hang the report into the admin."""
    hooks.register("register_admin_urls", _urls)
    hooks.register("register_reports_menu_item", _menu_item)
