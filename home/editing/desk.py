"""The first page of the admin: the ways that editors go most often, what is coming, and what needs a hand.

Every app adds its own lines by a Wagtail hook, so nothing here knows documents or mailings.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.models import Locale, Page

from home.editing.alt_texts import WEAK, weakness
from home.editing.policies import document_policy, image_policy

if TYPE_CHECKING:
    from django.http import HttpRequest

# Wagtail hooks. Functions take the request; they leave out what the person may not see.
SHORTCUT_HOOK = "register_desk_shortcut"  # → Shortcut or None
SCHEDULE_HOOK = "register_desk_schedule"  # → Iterable[Scheduled]
FAILURE_HOOK = "register_desk_failure"  # → Iterable[Failure]
# What a panel shows at once. A function of a hook need not return more than one line over this.
LINES = 8
THUMBNAIL = "fill-96x64"


@dataclass(frozen=True)
class Shortcut:
    """A button at the top of the desk; `icon` is the name of one of Wagtail's icons."""

    label: str
    url: str
    icon: str


@dataclass(frozen=True)
class Scheduled:
    """Something that will happen by itself. `kind` says what, as in "wird veröffentlicht"."""

    when: datetime.datetime
    title: str
    kind: str
    url: str


@dataclass(frozen=True)
class Failure:
    """Something that did not work. `why` is a German sentence with the next step, `url` leads to where it is mended."""

    when: datetime.datetime
    title: str
    why: str
    url: str


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


class DeskPanel(Component):
    """A panel of the site. Its template shows nothing while there is nothing to say."""

    name: str
    order: int

    def values(self, request: HttpRequest) -> dict[str, Any]:
        """What the template shows to the person behind `request`, in a number of queries that does not grow."""
        raise NotImplementedError

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return self.values((parent_context or {})["request"])


class GreetingPanel(DeskPanel):
    """The shortcuts of all apps, sorted by the order of their hooks."""

    name = "greeting"
    order = 50
    template_name = "home/admin/greeting.html"

    def values(self, request: HttpRequest) -> dict[str, Any]:
        return {"user": request.user, "shortcuts": list(shortcuts(request))}


class FailurePanel(DeskPanel):
    """What did not work and needs a hand, newest first. The database is asked, not the broker: it forgets nothing."""

    name = "failures"
    order = 60
    template_name = "home/admin/failures.html"

    def values(self, request: HttpRequest) -> dict[str, Any]:
        found = sorted(_gathered(FAILURE_HOOK, request), key=lambda failure: failure.when, reverse=True)
        return {"lines": found[:LINES], "more": len(found) > LINES}


class SchedulePanel(DeskPanel):
    """What will happen by itself, next first."""

    name = "schedule"
    order = 230
    template_name = "home/admin/schedule.html"

    def values(self, request: HttpRequest) -> dict[str, Any]:
        found = sorted(_gathered(SCHEDULE_HOOK, request), key=lambda scheduled: scheduled.when)
        return {"lines": found[:LINES], "more": len(found) > LINES}


class AltTextPanel(DeskPanel):
    """Images whose text alternative says nothing, newest first."""

    name = "alt_texts"
    order = 260
    template_name = "home/admin/alt_texts.html"

    def values(self, request: HttpRequest) -> dict[str, Any]:
        editable = image_policy().instances_user_has_permission_for(request.user, "change")
        images = editable.filter(WEAK).order_by("-created_at", "-pk").prefetch_renditions(THUMBNAIL)
        found = list(images[: LINES + 1])
        return {
            "lines": [(image, weakness(image)) for image in found[:LINES]],
            "more": len(found) > LINES,
        }


def shortcuts(request: HttpRequest) -> Iterator[Shortcut]:
    """What the apps offer to this person, in their order."""
    for make in hooks.get_hooks(SHORTCUT_HOOK):
        shortcut = make(request)
        if shortcut is not None:
            yield shortcut


def _gathered(hook: str, request: HttpRequest) -> list[Any]:
    return [line for find in hooks.get_hooks(hook) for line in find(request)]
