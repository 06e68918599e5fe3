"""Lists of the admin whose rows only the verbs of the newsletter write."""

from __future__ import annotations

from typing import Any, ClassVar

from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from home.editing.policies import PolicyFromRegistry


class ViewOnly(ModelPermissionPolicy):
    """Rows that only the verbs of the newsletter may write."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and super().user_has_permission(user, action)


class AddOnly(ModelPermissionPolicy):
    """Rows that are never changed: a new wording is a new version."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in ("view", "add") and super().user_has_permission(user, action)


class ViewOnlyViewSet(PolicyFromRegistry, ModelViewSet):
    """A list and a detail page."""

    form_fields: ClassVar[list[str]] = []
    copy_view_enabled = False
    inspect_view_enabled = True
    add_to_reference_index = False
    list_per_page = 50
