"""What the pages of the admin about one document have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import View
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from archive.models import Document
from home.editing.policies import document_policy

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class ArchivePage(WagtailAdminTemplateMixin, View):
    """A page for those who have `permission`."""

    permission = ""
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[assignment]
        return answer

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": self.request.path, "label": self.get_page_title()}]

    def show(self, **context: Any) -> HttpResponse:
        answer: HttpResponse = self.render_to_response(self.get_context_data(**context))
        return answer


class DocumentPage(ArchivePage):
    """A page about `self.document`, for those who have `permission` and may change that document."""

    header_icon = "doc-full-inverse"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        rows = Document.objects.select_related("current_version", "edition")
        self.document = get_object_or_404(rows, pk=kwargs["document"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not document_policy().user_has_permission_for_instance(request.user, "change", self.document):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.document.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        way = [
            {"url": reverse("wagtailadmin_home"), "label": "Start"},
            {"url": reverse("wagtaildocs:index"), "label": "Dokumente"},
            {"url": reverse("wagtaildocs:edit", args=[self.document.pk]), "label": self.document.title},
        ]
        return [*way, {"url": self.request.path, "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"document": self.document}
