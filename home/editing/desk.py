"""The greeting on the first page of the admin: the ways that editors go most often."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.models import Locale, Page

from home.editing.policies import document_policy

if TYPE_CHECKING:
    from django.http import HttpRequest

# A Wagtail hook: functions that take the request and return a Shortcut, or None where the person lacks the right.
HOOK = "register_desk_shortcut"


@dataclass(frozen=True)
class Shortcut:
    label: str
    url: str
    icon: str


ShortcutMaker = Callable[["HttpRequest"], Shortcut | None]


def new_page(label: str, icon: str, page_type: type[Page]) -> ShortcutMaker:
    """A shortcut to the form of a new page below the first page that may hold one."""

    def make(request: HttpRequest) -> Shortcut | None:
        parents = (
            Page.objects.type(*page_type.allowed_parent_page_models())
            .filter(locale=Locale.get_default())
            .order_by("path")
            .specific()
        )
        for parent in parents:
            if page_type.can_create_at(parent) and parent.permissions_for_user(request.user).can_add_subpage():
                target = (page_type._meta.app_label, page_type._meta.model_name, parent.pk)
                return Shortcut(label, reverse("wagtailadmin_pages:add", args=target), icon)
        return None

    return make


def new_documents(request: HttpRequest) -> Shortcut | None:
    """A shortcut to the upload of documents."""
    if not document_policy().user_has_permission(request.user, "add"):
        return None
    return Shortcut("Dokumente hochladen", reverse("wagtaildocs:add_multiple"), "upload")


class GreetingPanel(Component):
    """The shortcuts of all apps, sorted by the order of their hooks."""

    name = "greeting"
    order = 50
    template_name = "home/admin/greeting.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        request = (parent_context or {})["request"]
        return {"user": request.user, "shortcuts": list(shortcuts(request))}


def shortcuts(request: HttpRequest) -> Iterator[Shortcut]:
    for make in hooks.get_hooks(HOOK):
        shortcut = make(request)
        if shortcut is not None:
            yield shortcut
