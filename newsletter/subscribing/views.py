"""The public pages to sign up, confirm and unsubscribe. No cookie, no cache, and a GET changes nothing."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from home.visitor_forms import same_origin_only
from newsletter import tasks, tokens
from newsletter.subscribing import address_change, consent, limits
from newsletter.subscribing.answers import link_unknown, page, too_many
from newsletter.subscribing.forms import SignUpForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from newsletter.models import ConsentText


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_only
def sign_up(request: HttpRequest) -> HttpResponse:
    """`/newsletter/anmelden/`: everybody who fills the form gets the same answer."""
    text = consent.current_text()
    if text is None:
        return page(request, "sign_up_closed", status=503)
    if request.method != "POST":
        return page(request, "sign_up", {"form": SignUpForm(wording=text.text)})
    form = SignUpForm(request.POST, wording=text.text)
    if not form.is_valid():
        form.restart_clock()
        return page(request, "sign_up", {"form": form}, status=422)
    if not limits.may_ask(request):
        return too_many(request)
    if not form.filled_by_robot:
        _sign_up(form, text, source=request.build_absolute_uri(request.path))
    return page(request, "sign_up_done", {"email": form.cleaned_data["email"]})


def _sign_up(form: SignUpForm, text: ConsentText, source: str) -> None:
    email = form.cleaned_data["email"]
    if not limits.may_ask_for(email):
        return
    record = consent.sign_up(
        email,
        name=form.cleaned_data["name"],
        topics=form.cleaned_data.get("topics", ()),
        text=text,
        source=source,
    )
    # A worker is asked in any case: how long the answer takes tells nothing about the address.
    tasks.answer(record.pk if record else 0)


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_only
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """`/newsletter/bestaetigen/<token>/`: GET shows a button (link scanners follow links), POST confirms.

    The link belongs to a sign-up or to a new address.
    """
    try:
        found = consent.confirm(token) if request.method == "POST" else consent.find_confirmation(token)
    except tokens.BadToken:
        return _confirm_address(request, token)
    if found.stage == "expired":
        return link_unknown(request)
    links = {"settings_token": tokens.make("settings", found.subscriber.key)} if found.stage == "done" else {}
    return page(request, "confirm", {"stage": found.stage, "record": found.record} | links)


def _confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    try:
        change = address_change.confirm(token) if request.method == "POST" else address_change.find(token)
    except tokens.BadToken:
        return link_unknown(request)
    if change.stage == "expired":
        return link_unknown(request)
    context: dict[str, Any] = {"stage": change.stage, "record": change.record}
    if change.stage == "done":
        context["settings_token"] = tokens.make("settings", change.subscriber.key)
    return page(request, "confirm_address", context)


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """`/newsletter/abmelden/<token>/`: GET shows a button; POST is the one-click of RFC 8058 and the button alike.

    A POST comes from the mail program of the reader, without cookie or origin, and gets 200 without a redirect. The
    answer is the same for tokens that nobody has: it tells nothing about anybody.
    """
    if request.method == "POST":
        with contextlib.suppress(tokens.BadToken):
            consent.unsubscribe(
                tokens.read("unsubscribe", token),
                source="Mailprogramm (RFC 8058)" if _is_one_click(request) else "Link in der Mail",
            )
    return page(request, "unsubscribe", {"done": request.method == "POST"})


def _is_one_click(request: HttpRequest) -> bool:
    """Whether a mail program sent this. The token alone unsubscribes: a body that cannot be read hinders nobody."""
    try:
        return request.POST.get("List-Unsubscribe") == "One-Click"
    except (MultiPartParserError, BadRequest, SuspiciousOperation, OSError):
        return False
