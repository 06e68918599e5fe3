"""The reports of barriers in the admin: read what came, note what was done. Only visitors write new ones."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django import forms
from django.utils import timezone
from django.utils.text import Truncator
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from home.editing.policies import PolicyFromRegistry, register_policy
from home.feedback.models import BarrierReport


class NothingNew(ModelPermissionPolicy):
    """Rows that come from outside: nobody adds one by hand."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "add" and super().user_has_permission(user, action)


register_policy(BarrierReport, NothingNew(BarrierReport))


class BarrierReportForm(WagtailAdminModelForm):
    """The note, and whether the matter is settled; when and by whom follows."""

    settled = forms.BooleanField(
        label="Erledigt",
        required=False,
        help_text="Die Meldung ist beantwortet, oder es gibt nichts zu antworten.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["settled"].initial = self.instance.answered_at is not None

    def save(self, commit: bool = True) -> BarrierReport:
        report: BarrierReport = self.instance
        if not self.cleaned_data["settled"]:
            report.answered_at = report.answered_by = None
        elif report.answered_at is None:
            report.answered_at, report.answered_by = timezone.now(), self.for_user
        saved: BarrierReport = super().save(commit)
        return saved


class BarrierReportFilterSet(WagtailFilterSet):
    open = django_filters.BooleanFilter(
        field_name="answered_at",
        lookup_expr="isnull",
        label="Stand",
        widget=forms.RadioSelect(choices=[("true", "offen"), ("false", "erledigt")]),
    )

    class Meta:
        model = BarrierReport
        fields: ClassVar[list[str]] = []


class BarrierReportViewSet(PolicyFromRegistry, ModelViewSet):
    model = BarrierReport
    name = "barrier_reports"
    icon = "warning"
    menu_label = "Meldungen von Barrieren"
    menu_hook = "register_reports_menu_item"
    menu_order = 120
    copy_view_enabled = False
    add_to_reference_index = False
    list_per_page = 50
    list_display: ClassVar = [
        "created_at",
        Column("page_url", label="Seite"),
        Column("message", label="Meldung", accessor=lambda report: Truncator(report.message).chars(100)),
        BooleanColumn("answered", label="Erledigt", accessor=lambda report: report.answered_at is not None),
    ]
    filterset_class = BarrierReportFilterSet
    list_export: ClassVar = ["created_at", "page_url", "message", "answered_at", "note"]
    search_fields: ClassVar = ["message", "page_url", "name", "email", "note"]
    search_backend_name = None
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("message", read_only=True),
                    FieldPanel("page_url", read_only=True),
                    FieldRowPanel([FieldPanel("name", read_only=True), FieldPanel("email", read_only=True)]),
                ],
                heading="Was gemeldet wurde",
            ),
            MultiFieldPanel([FieldPanel("settled"), FieldPanel("note")], heading="Was daraus wurde"),
        ],
        base_form_class=BarrierReportForm,
    )
