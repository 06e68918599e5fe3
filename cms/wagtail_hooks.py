"""What the composition root adds to Wagtail's admin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from wagtail import hooks

from cms.models import User


@hooks.register("before_bulk_action")
def protect_administrators(request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any) -> None:
    """Only administrators lock, delete or regroup administrators; `cms.user_admin` guards the forms."""
    if not request.user.is_superuser and any(isinstance(item, User) and item.is_superuser for item in objects):
        raise PermissionDenied
