"""What the pages of the admin about one document, or about one edition, have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse

from archive.models import Document
from home.editing.admin_pages import AdminPage
from home.editing.policies import document_policy, page_policy
from home.models import EditionPage

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class DocumentPage(AdminPage):
    """A page about `self.document`, for those who have one of `permissions` and may change that document."""

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
        return [*way, {"url": self.request.path, "label": self.get_header_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"document": self.document}


class EditionView(AdminPage):
    """A page about `self.edition`, for those who may change its page."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.edition = get_object_or_404(EditionPage.objects.select_related("locale"), pk=kwargs["edition"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not page_policy().user_has_permission_for_instance(request.user, "change", self.edition):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.edition.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        edition = {"url": reverse("wagtailadmin_pages:edit", args=[self.edition.pk]), "label": self.edition.title}
        first, *rest = super().get_breadcrumbs_items()
        return [first, edition, *rest]
