"""The pages below `/konto/` that are not allauth's: the account, invitations, requests for access."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from allauth.account.utils import perform_login
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from archive import viewing
from archive.access import Level, level_of
from cms import tasks
from cms.accounts import access_requests, invitations
from cms.accounts.errors import LinkGone
from cms.accounts.forms import AccessRequestForm
from cms.accounts.login import SECOND_FACTORS
from cms.accounts.standing import is_reader
from home.rate_limit import client_network, is_allowed
from home.visitor_forms import keep_private, same_origin_only

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from cms.models import User
    from home.models import Invitation

# Behind one address there may be a whole district administration.
MOST_OF_A_PLACE = 10  # an hour
MOST_OF_A_PERSON = 3  # a day


@never_cache
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Everything a person can do with their account; without a session the login page."""
    user: Any = request.user
    password = "account_change_password" if user.has_usable_password() else "account_set_password"
    context = {
        "groups": user.groups.order_by("name").values_list("name", flat=True),
        "level": level_of(user),
        "levels": Level,
        "memberships": user.office_memberships.select_related("office").order_by("office__slug"),
        "has_second_factor": is_mfa_enabled(user, SECOND_FACTORS),
        "sessions": UserSession.objects.filter(user=user).count(),
        "may_view_as": viewing.may_view_as(user),
        "password_url": reverse(password),
    }
    return render(request, "account/overview.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def view_as(request: HttpRequest) -> HttpResponse:
    """`/konto/ansehen-als/`: choose as whom to look at the site, or stop it; then back to where one was."""
    back = _safe_path(request, request.POST.get("next") or request.GET.get("next") or "/")
    if request.method == "POST" and request.POST.get("level") == "":
        viewing.stop(request)
        return redirect(back)
    if not viewing.may_view_as(request.user):
        return render(request, "403.html", status=403)
    chosen = {str(int(level)): level for level in viewing.LEVELS}.get(request.POST.get("level", ""))
    if chosen is not None:
        viewing.start(request, chosen)
        return redirect(back)
    choices = [(int(level), viewing.LABELS[level]) for level in viewing.LEVELS]
    return render(request, "account/view_as.html", {"choices": choices, "next": back})


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_only
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """`/konto/einladung/<token>/`: GET shows a button (link scanners follow links), POST accepts.

    A reader is logged in by it, because a login code would be sent to the same mailbox; a second factor is asked for
    all the same. Staff logs in as always.
    """
    try:
        found = invitations.find(token)
        if request.user.is_authenticated and request.user.email != found.email:
            return _page(request, "invitation_of_another", {"invitation": found})
        if request.method != "POST":
            return _page(request, "invitation", {"invitation": found})
        user = invitations.accept(token)
    except LinkGone:
        return _gone(request, token)
    return _welcome(request, user, found)


def _gone(request: HttpRequest, token: str) -> HttpResponse:
    user: Any = request.user
    if user.is_authenticated and invitations.was_accepted_by(token, user):
        return redirect("account")
    return _page(request, "invitation_gone", status=404)


def _welcome(request: HttpRequest, user: User, accepted: Invitation) -> HttpResponse:
    messages.success(request, f"Die Einladung ist angenommen. Ihre Koordinierungsstelle: {accepted.office.full_name}.")
    if request.user.is_authenticated:
        return redirect("account")
    if not is_reader(user):
        return redirect("account_login")
    answer: HttpResponse = perform_login(request, user, redirect_url=reverse("account"))
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_only
def request_access(request: HttpRequest) -> HttpResponse:
    """`/konto/zugang-anfragen/`: whoever fills the form gets the same answer, whether we know the address or not."""
    if request.method != "POST":
        return _page(request, "request_access", {"form": AccessRequestForm()})
    form = AccessRequestForm(request.POST)
    if not form.is_valid():
        form.restart_clock()
        return _page(request, "request_access", {"form": form}, status=422)
    place = client_network(request)
    if not is_allowed("access-request-from", place, most=MOST_OF_A_PLACE, within=timedelta(hours=1)):
        return _page(request, "too_many_requests", status=429)
    data = form.cleaned_data
    welcome = is_allowed("access-request-for", data["email"], most=MOST_OF_A_PERSON, within=timedelta(days=1))
    if welcome and not form.filled_by_robot:
        asked = access_requests.ask(data["name"], data["email"], data["office"], data["reason"])
        if asked is not None:
            tasks.hurry(tasks.announce_request, asked.pk)
    return _page(request, "request_access_done", {"email": data["email"]})


def _page(request: HttpRequest, name: str, context: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    return keep_private(render(request, f"account/{name}.html", context, status=status))


def _safe_path(request: HttpRequest, target: str) -> str:
    """A path of this site; anything else is the home page."""
    allowed = url_has_allowed_host_and_scheme(target, allowed_hosts=None) and target.startswith("/")
    return target if allowed else "/"
