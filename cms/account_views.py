"""The account page: what is behind `/konto/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@never_cache
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Everything a person can do with their account; without a session the login page."""
    return render(request, "account/overview.html")
