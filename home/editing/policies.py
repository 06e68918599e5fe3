"""Permission policies of the admin, on both releases of Wagtail that the site runs on.

Wagtail 8 keeps policies in a registry and deprecates the attribute of a viewset that 7.4 reads. When 7.4 goes, what is
left of this module is `wagtail.permissions.register_permission_policy`.
"""

from __future__ import annotations

from typing import Any

import wagtail
from django.db.models import Model
from wagtail.documents import get_document_model_string
from wagtail.images import get_image_model_string
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy

_policies: dict[type[Model], BasePermissionPolicy] = {}


def register_policy(model: type[Model], policy: BasePermissionPolicy) -> None:
    """Let `policy` decide who may do what with `model`; call it while the app's hooks are loaded."""
    if wagtail.VERSION >= (8,):
        from wagtail.permissions import register_permission_policy

        register_permission_policy(model, policy)
    else:
        _policies[model] = policy


class PolicyFromRegistry:
    """Mixin of a viewset whose policy was given to `register_policy`."""

    if wagtail.VERSION < (8,):
        model: Any

        @property
        def permission_policy(self) -> BasePermissionPolicy:
            return _policies[self.model]


def document_policy() -> BasePermissionPolicy:
    """Who may do what with documents, by collection and owner: the policy that Wagtail's own document views use."""
    return CollectionOwnershipPermissionPolicy(
        get_document_model_string(), auth_model="wagtaildocs.Document", owner_field_name="uploaded_by_user"
    )


def image_policy() -> BasePermissionPolicy:
    """Who may do what with images, by collection and owner: the policy that Wagtail's own image views use."""
    return CollectionOwnershipPermissionPolicy(
        get_image_model_string(), auth_model="wagtailimages.Image", owner_field_name="uploaded_by_user"
    )


def page_policy() -> PagePermissionPolicy:
    """Who may do what with pages, by their place in the tree."""
    return PagePermissionPolicy()
