"""The buttons at the foot of the page editor, where Wagtail's own leave people searching."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeGuard

from django.utils import timezone
from wagtail.admin.action_menu import (
    ActionMenuItem,
    PublishMenuItem,
    SaveDraftMenuItem,
    SubmitForModerationMenuItem,
    WorkflowMenuItem,
)

from home.templatetags.german import weekday_date

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest


class DraftAndSubmission(SaveDraftMenuItem):
    """Both ways out of the editor for people who cannot publish, side by side.

    The draft comes first in the source: the Enter key in a field of the form presses the first button.
    """

    template_name = "home/admin/draft_and_submission.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        page = context.get("page")
        state = page.current_workflow_state if page else None
        context["again"] = state is not None and state.status == state.STATUS_NEEDS_CHANGES
        return context


def show_submission(items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    """The hook `construct_page_action_menu`: who cannot publish sees how to hand a page in, without opening a menu."""
    kinds = [type(item) for item in items]
    if PublishMenuItem in kinds or not {SaveDraftMenuItem, SubmitForModerationMenuItem} <= set(kinds):
        return
    items[kinds.index(SaveDraftMenuItem)] = DraftAndSubmission(order=0)
    del items[kinds.index(SubmitForModerationMenuItem)]


class DraftAndApproval(SaveDraftMenuItem):
    """The same for people whose approval a page waits for."""

    template_name = "home/admin/draft_and_approval.html"

    def __init__(self, approval: WorkflowMenuItem) -> None:
        super().__init__(order=0)
        self.approval = approval

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        context["approval"] = self.approval.render_html(parent_context)
        return context


def show_approval(items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    """The same hook: who is asked to approve a page finds the button without opening a menu. The rest stays there."""
    # There are two of them: one asks for a comment first.
    approvals = [item for item in items if _approves(item) and not item.launch_modal]
    kinds = [type(item) for item in items]
    if approvals and SaveDraftMenuItem in kinds:
        items[kinds.index(SaveDraftMenuItem)] = DraftAndApproval(approvals[0])
        items.remove(approvals[0])


def name_the_hour(items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    """The same hook: approving a page whose time is set publishes it then, not now, and the button says so."""
    page = context.get("page")
    if page is None or page.go_live_at is None or page.go_live_at <= timezone.now():
        return
    for item in filter(_approves, items):
        comment = ", mit Kommentar" if item.launch_modal else ""
        item.label = f"Freigeben und {_at(page.go_live_at)} veröffentlichen{comment}"


def _approves(item: ActionMenuItem) -> TypeGuard[WorkflowMenuItem]:
    return isinstance(item, WorkflowMenuItem) and item.name == "approve"


def _at(when: datetime) -> str:
    """A time in a sentence: "am Montag, 5. Mai, um 9 Uhr"."""
    local = timezone.localtime(when)
    hour = f"{local:%H:%M}" if local.minute else f"{local.hour}"
    return f"am {weekday_date(local.date())}, um {hour} Uhr"
