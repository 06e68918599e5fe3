"""What stands in the menus of the admin, and under which name. Less is easier to find."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.admin.menu import MenuItem

if TYPE_CHECKING:
    from django.http import HttpRequest

# Who writes reports would look for them under the name that Wagtail gives its evaluations.
EVALUATIONS = "Auswertungen"
# Reports about the machinery.
_FOR_ADMINISTRATORS = {"workflows", "workflow-tasks", "page-types-usage"}
# Our own list of pages without review replaces it.
_REPLACED = {"aging-pages"}
# Pages of another site, in English.
_FOREIGN = ("whats-new", "editor-guide")


class PermittedMenuItem(MenuItem):
    """An item for those who have one of `permissions`."""

    def __init__(self, *args: Any, permissions: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.permissions = permissions

    def is_shown(self, request: HttpRequest) -> bool:
        return any(request.user.has_perm(permission) for permission in self.permissions)


def name_evaluations(request: HttpRequest, items: list[MenuItem]) -> None:
    """The hook `construct_main_menu`."""
    for item in items:
        if item.name == "reports":
            item.label = EVALUATIONS


def shorten_evaluations(request: HttpRequest, items: list[MenuItem]) -> None:
    """The hook `construct_reports_menu`."""
    hidden = _REPLACED if request.user.is_superuser else _REPLACED | _FOR_ADMINISTRATORS
    items[:] = [item for item in items if item.name not in hidden]


def shorten_help(request: HttpRequest, items: list[MenuItem]) -> None:
    """The hook `construct_help_menu`."""
    items[:] = [item for item in items if not item.name.startswith(_FOREIGN)]
