"""Lists of the admin whose rows only the verbs of the newsletter write."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.utils import timezone
from wagtail.admin.views import generic
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


class LocalInspectView(generic.InspectView):
    """Shows times as they are here; Wagtail's own view shows UTC, and "None" for what is empty."""

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        value = super().get_field_display_value(field_name, field)
        if isinstance(value, datetime):
            return f"{timezone.localtime(value):%d.%m.%Y, %H:%M} Uhr"
        return "–" if value in (None, "", "-") else value


class ViewOnlyViewSet(PolicyFromRegistry, ModelViewSet):
    """A list and a detail page."""

    form_fields: ClassVar[list[str]] = []
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_class = LocalInspectView
    add_to_reference_index = False
    list_per_page = 50
