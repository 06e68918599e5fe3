"""Gives the roles their permissions. Runs after every migration; repeating it changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import AppConfig, apps
from django.contrib.auth.models import Group, Permission
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model

from home.roles import Role

if TYPE_CHECKING:
    from wagtail.models import Page

# Permissions on models, as "app.codename".
SNIPPETS = ("person", "topic", "coordinationoffice", "funder", "fundingperiod", "steeringterm", "eventseries")
# Wagtail asks for the permissions of its own models, although the site has models of its own, and only by collection.
FILES = {f"wagtaildocs.{verb}_document" for verb in ("add", "change", "choose")} | {
    f"wagtailimages.{verb}_image" for verb in ("add", "change", "choose")
}
EDITING = {f"home.{verb}_{model}" for model in SNIPPETS for verb in ("add", "change", "view")} | {
    "wagtailadmin.access_admin",
    # Editors invite the coordinators of an office and decide who gets an account.
    "home.add_invitation",
    "home.view_invitation",
    "home.change_accessrequest",
    "home.view_accessrequest",
    # The way of a protocol, what was agreed in it, and whom to tell.
    "archive.change_protocol",
    "archive.change_resolution",
    "archive.add_notice",
    "archive.add_publicationconsent",
    "archive.change_publicationconsent",
    "home.change_barrierreport",
    "home.view_barrierreport",
    "home.add_pagereview",
    "home.view_externallink",
    # Links to single documents for people without an account; and how often documents are downloaded.
    "archive.add_sharelink",
    "archive.view_downloadcount",
    "simple_translation.submit_translation",
}
RELEASING = EDITING | {
    "home.change_siteidentity",
    "home.delete_barrierreport",
    *(f"home.delete_{model}" for model in SNIPPETS),
    "newsletter.add_mailing",
    "newsletter.change_mailing",
    "newsletter.view_mailing",
    "newsletter.view_delivery",
    "newsletter.view_subscriber",
    "newsletter.restore_subscriber",
    "wagtailredirects.add_redirect",
    "wagtailredirects.change_redirect",
    "wagtailredirects.delete_redirect",
}
ADMINISTERING = RELEASING | {
    *(f"cms.{verb}_user" for verb in ("add", "change", "delete", "view")),
    # Erases the bytes of a version; the row stays.
    "archive.delete_documentversion",
    # Who read internal documents: the administration alone.
    "archive.view_accessrecord",
    "newsletter.change_subscriber",
    "newsletter.add_consenttext",
    "newsletter.view_consenttext",
    *(f"home.{verb}_officemembership" for verb in ("add", "change", "delete", "view")),
}
MODEL_PERMISSIONS: dict[str, set[str]] = {
    Role.EDITOR: EDITING,
    Role.CHIEF_EDITOR: RELEASING,
    Role.ADMINISTRATION: ADMINISTERING,
    # These two read the archive; their right is the membership itself (archive/access.py).
    Role.COORDINATOR: set(),
    Role.STEERING_GROUP: set(),
}
PAGE_PERMISSIONS: dict[str, set[str]] = {
    Role.EDITOR: {"add_page", "change_page"},
    Role.CHIEF_EDITOR: {"add_page", "change_page", "publish_page", "lock_page", "unlock_page", "bulk_delete_page"},
    Role.ADMINISTRATION: {"add_page", "change_page", "publish_page"},
}
COLLECTION_PERMISSIONS: dict[str, set[str]] = dict.fromkeys(
    (Role.EDITOR, Role.CHIEF_EDITOR, Role.ADMINISTRATION), FILES
)
APPROVAL = "Freigabe durch die Chefredaktion"


def ensure_roles_after_migrate(sender: AppConfig, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Run once, after the last app has made its permissions."""
    last = [config for config in apps.get_app_configs() if config.models_module][-1]
    if using == DEFAULT_DB_ALIAS and sender is last and _has_content():
        ensure_roles()


def _has_content() -> bool:
    """`flush` sends the same signal, but empties the tables that Wagtail's migrations filled."""
    from wagtail.models import Page

    return Page.get_first_root_node() is not None


def ensure_roles() -> None:
    """Make the groups of `Role` and give them exactly the permissions named above."""
    from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

    root_page = Page.get_first_root_node()
    root_collection = Collection.get_first_root_node()
    for role in Role:
        group, _ = Group.objects.get_or_create(name=role.value)
        group.permissions.set(_permissions(MODEL_PERMISSIONS[role]))
        pages = _permissions({f"wagtailcore.{name}" for name in PAGE_PERMISSIONS.get(role, ())})
        _set_rights(GroupPagePermission, pages, group=group, page=root_page)
        files = _permissions(COLLECTION_PERMISSIONS.get(role, set()))
        _set_rights(GroupCollectionPermission, files, group=group, collection=root_collection)
    _ensure_approval(root_page)
    # Wagtail's own example groups would offer rights beside the roles of the site.
    Group.objects.filter(name__in=["Editors", "Moderators"], user__isnull=True).delete()


def _set_rights(model: type[Model], permissions: list[Permission], **place: Model) -> None:
    """Leave exactly these permissions at a place (a group and a page or collection)."""
    rows = model._default_manager.filter(**place)
    rows.exclude(permission__in=permissions).delete()
    for permission in permissions:
        rows.get_or_create(permission=permission, defaults=place)


def _ensure_approval(root_page: Page) -> None:
    """Whoever may not publish submits a page to the chief editors. Wagtail's own workflow asks its example group."""
    from wagtail.models import GroupApprovalTask, Task, Workflow, WorkflowPage, WorkflowTask

    Workflow.objects.filter(name="Moderators approval").update(name=APPROVAL)
    Task.objects.filter(name="Moderators approval").update(name=APPROVAL)
    workflow, _ = Workflow.objects.get_or_create(name=APPROVAL)
    task = GroupApprovalTask.objects.filter(name=APPROVAL).first() or GroupApprovalTask.objects.create(name=APPROVAL)
    task.groups.set(Group.objects.filter(name=Role.CHIEF_EDITOR))
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    WorkflowPage.objects.get_or_create(page=root_page, defaults={"workflow": workflow})


def _permissions(names: set[str]) -> list[Permission]:
    """The permissions behind "app.codename" names; a name without a permission is a programming error."""
    found = [
        permission
        for permission in Permission.objects.select_related("content_type").filter(
            codename__in={name.partition(".")[2] for name in names}
        )
        if f"{permission.content_type.app_label}.{permission.codename}" in names
    ]
    missing = names - {f"{permission.content_type.app_label}.{permission.codename}" for permission in found}
    if missing:
        raise LookupError(f"No such permissions: {', '.join(sorted(missing))}")
    return found
