"""Rules of login that allauth leaves to the site."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

# What a member of staff without a second factor can still reach: the account pages that set one up, and the way out.
OPEN_PREFIXES = ("/konto/", settings.STATIC_URL, settings.MEDIA_URL)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation or in the admin, never by sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class StaffAuthenticatorMiddleware:
    """Sends staff without a second factor to the page that sets one up, when STAFF_MFA is `required`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._must_set_up(request):
            messages.info(request, "Bitte richten Sie zuerst einen zweiten Faktor ein.")
            return redirect("mfa_index")
        return self.get_response(request)

    @staticmethod
    def _must_set_up(request: HttpRequest) -> bool:
        if settings.STAFF_MFA != "required" or not request.path.startswith("/admin/"):
            return False
        user: Any = request.user
        return user.is_authenticated and not is_mfa_enabled(user)
