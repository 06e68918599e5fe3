"""What all pages of our own in the admin have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.views.generic import View
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class AdminPage(WagtailAdminTemplateMixin, View):
    """A page of our own in the admin; its title ends the way that stands above it.

    One of `permissions` is enough to get in. A page without any looks by itself who may see what.
    """

    permissions: tuple[str, ...] = ()
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.permissions and not any(request.user.has_perm(permission) for permission in self.permissions):
            raise PermissionDenied
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[assignment]
        return answer

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": self.request.path, "label": self.get_header_title()}]

    def show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """The page with what its template needs beside the frame."""
        answer: HttpResponse = self.render_to_response(self.get_context_data(**context), status=status)
        return answer
