"""What the composition root adds to Wagtail's admin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.http import urlencode
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.userbar import BaseItem
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry

from archive import viewing
from cms.accounts import admin_views, desk, log_book, review, second_factor
from cms.accounts.standing import INVITING
from cms.models import User
from cms.privacy import admin_views as privacy
from home.editing.desk import FAILURE_HOOK
from home.models import CoordinationOffice

hooks.register("register_admin_menu_item", desk.accounts_menu)
hooks.register(FAILURE_HOOK, desk.invitations_returned, order=30)


@hooks.register("before_bulk_action")
def protect_administrators(request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any) -> None:
    """Only administrators lock, delete or regroup administrators; `cms.accounts.user_admin` guards the forms."""
    if not request.user.is_superuser and any(isinstance(item, User) and item.is_superuser for item in objects):
        raise PermissionDenied


@hooks.register("register_admin_urls")
def accounts_urls() -> list[URLPattern | URLResolver]:
    """What stands below "Zugänge" in the menu."""
    views = admin_views
    return [
        *privacy.urls(),
        path("zugaenge/anfragen/", views.RequestsView.as_view(), name="accounts_requests"),
        path("zugaenge/anfragen/<int:key>/", views.RequestView.as_view(), name="accounts_request"),
        path("zugaenge/einladen/", views.InviteView.as_view(), name="accounts_invite"),
        path("zugaenge/einladen/<int:office>/", views.InviteView.as_view(), name="accounts_invite_office"),
        path("zugaenge/einladung/<int:key>/<str:step>/", views.InvitationStepView.as_view(), name="accounts_step"),
        path("zugaenge/pruefen/", views.ReviewView.as_view(), name="accounts_review"),
        path("zugaenge/zweiter-faktor/<int:key>/", views.ResetFactorView.as_view(), name="accounts_reset_factor"),
    ]


@hooks.register("construct_homepage_panels")
def show_what_waits(request: HttpRequest, panels: list[Component]) -> None:
    """Requests and accounts that wait for somebody, on the first page."""
    panels.append(desk.WaitingPanel())


@hooks.register("register_log_actions")
def name_actions(actions: LogActionRegistry) -> None:
    """The words of these actions in the log of the site."""
    actions.register_action(review.CONFIRMED, "Konto bestätigen", "Konto bestätigt")
    actions.register_action(review.DEACTIVATED, "Konto sperren", "Konto gesperrt")
    actions.register_action(second_factor.RESET, "Zweiten Faktor zurücksetzen", "Zweiter Faktor zurückgesetzt")
    actions.register_action(privacy.FORGOTTEN, "Daten einer Person löschen", "Daten einer Person gelöscht")
    log_book.register(actions)


@hooks.register("register_snippet_listing_buttons")
def invite_button(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """Beside every office in its list."""
    if isinstance(snippet, CoordinationOffice) and user.has_perm(INVITING):
        url = reverse("accounts_invite_office", args=[snippet.pk])
        yield Button("Jemanden einladen", url, icon_name="mail", priority=5)


class ViewAsItem(BaseItem):
    """In Wagtail's user bar on public pages."""

    template_name = "account/admin/userbar_view_as.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        back = urlencode({"next": context["request"].get_full_path()})
        return context | {"url": f"{reverse('account_view_as')}?{back}"}


@hooks.register("construct_wagtail_userbar")
def offer_to_view_as(request: HttpRequest, items: list[BaseItem], page: Any) -> None:
    """In the bar of a page, for those who may."""
    # While it is on, the bar at the top of the page ends it.
    if viewing.may_view_as(request.user):
        items.append(ViewAsItem())
