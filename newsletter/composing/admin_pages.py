"""What the pages of the admin about one issue have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse

from home.editing.admin_pages import AdminPage
from newsletter.composing.collecting import draft_of
from newsletter.models import NewsletterIssuePage

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class NewsletterPage(AdminPage):
    """A page of the newsletter's part of the admin."""

    header_icon = "mail"


class IssuePage(NewsletterPage):
    """A page about `self.issue`, as it is published, for those who may edit it or release mailings."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        issues = NewsletterIssuePage.objects.select_related("live_revision")
        self.issue = get_object_or_404(issues, pk=kwargs["issue"])
        self.may_edit = self.issue.permissions_for_user(request.user).can_edit()
        self.may_release = request.user.has_perm("newsletter.add_mailing")
        if not (self.may_edit or self.may_release):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def draft(self) -> NewsletterIssuePage:
        """The issue with what is saved and not published."""
        return draft_of(self.issue)

    def get_page_subtitle(self) -> str:
        return self.issue.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        first, *rest = super().get_breadcrumbs_items()
        edit = {"url": reverse("wagtailadmin_pages:edit", args=[self.issue.pk]), "label": self.issue.title}
        return [first, edit, *rest]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "issue": self.issue,
            "edit_url": reverse("wagtailadmin_pages:edit", args=[self.issue.pk]),
            "may_edit": self.may_edit,
            "may_release": self.may_release,
        }
