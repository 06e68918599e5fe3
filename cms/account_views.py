"""The account page: what is behind `/konto/`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from cms.account import SECOND_FACTORS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@never_cache
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Everything a person can do with their account; without a session the login page."""
    user: Any = request.user
    password = "account_change_password" if user.has_usable_password() else "account_set_password"
    context = {
        "groups": user.groups.order_by("name").values_list("name", flat=True),
        "memberships": user.office_memberships.select_related("office").order_by("office__slug"),
        "has_second_factor": is_mfa_enabled(user, SECOND_FACTORS),
        "password_url": reverse(password),
    }
    return render(request, "account/overview.html", context)
