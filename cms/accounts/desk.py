"""What the accounts add to the menus and the first page of the admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.urls import reverse, reverse_lazy
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from cms.accounts.standing import DECIDING, ERASING, INVITING, MANAGING, due_for_review, reviewable_by
from home.editing.desk import LINES, DeskPanel, Failure
from home.editing.menus import PermittedMenuItem
from home.models import AccessRequest, Invitation

if TYPE_CHECKING:
    from django.http import HttpRequest


def accounts_menu() -> MenuItem:
    """The group "Zugänge" in the menu, for those who may do anything of it."""
    items = [
        PermittedMenuItem(
            "Anfragen nach Zugang",
            reverse_lazy("accounts_requests"),
            permissions=(DECIDING,),
            icon_name="user",
            order=10,
        ),
        PermittedMenuItem(
            "Einladungen", reverse_lazy("accounts_invite"), permissions=(INVITING,), icon_name="mail", order=20
        ),
        PermittedMenuItem(
            "Konten prüfen",
            reverse_lazy("accounts_review"),
            permissions=(MANAGING, INVITING),
            icon_name="check",
            order=30,
        ),
        PermittedMenuItem(
            "Daten einer Person", reverse_lazy("privacy_person"), permissions=(ERASING,), icon_name="user", order=40
        ),
    ]
    return SubmenuMenuItem("Zugänge", Menu(items=items), name="accounts", icon_name="key", order=360)


class WaitingPanel(DeskPanel):
    """How many requests and accounts wait for a decision."""

    name = "accounts"
    order = 70
    template_name = "account/admin/waiting.html"

    def values(self, request: HttpRequest) -> dict[str, Any]:
        decides = request.user.has_perm(DECIDING)
        asked = AccessRequest.objects.filter(state=AccessRequest.State.OPEN).count() if decides else 0
        return {"asked": asked, "due": due_for_review(reviewable_by(request.user)).count()}


def invitations_returned(request: HttpRequest) -> Iterator[Failure]:
    """Invitations that a mail server has refused for good: mostly a slip of the pen."""
    if not request.user.has_perm(INVITING):
        return
    refused = Invitation.objects.filter(accepted_at=None).exclude(mail_error="").select_related("office")
    for invitation in refused.order_by("-created_at")[: LINES + 1]:
        yield Failure(
            invitation.created_at,
            f"Einladung an {invitation.email}",
            "Der Mailserver nimmt keine Post für diese Adresse an. Bitte prüfen Sie sie und laden Sie noch einmal ein.",
            reverse("accounts_invite_office", args=[invitation.office_id]),
        )
