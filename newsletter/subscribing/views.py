"""The public pages of the newsletter that are not Wagtail pages. No cookie, no cache, and a GET changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from home.visitor_forms import keep_private, same_origin_only
from newsletter import tasks, tokens
from newsletter.errors import Refused
from newsletter.models import Subscriber
from newsletter.subscribing import consent
from newsletter.subscribing.forms import SettingsForm, SignUpForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SUBSCRIBED = (Subscriber.State.ACTIVE, Subscriber.State.PAUSED)


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_only
def sign_up(request: HttpRequest) -> HttpResponse:
    """`/newsletter/anmelden/`: everybody who fills the form gets the same answer."""
    text = consent.current_text()
    if text is None:
        return _page(request, "sign_up_closed", status=503)
    if request.method != "POST":
        return _page(request, "sign_up", {"form": SignUpForm(wording=text.text)})
    form = SignUpForm(request.POST, wording=text.text)
    if not form.is_valid():
        form.restart_clock()
        return _page(request, "sign_up", {"form": form}, status=422)
    if not form.filled_by_robot:
        record = consent.sign_up(
            form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            topics=form.cleaned_data.get("topics", ()),
            text=text,
            source=request.build_absolute_uri(request.path),
        )
        if record is not None:
            tasks.answer(record.pk)
    return _page(request, "sign_up_done", {"email": form.cleaned_data["email"]})


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_only
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """`/newsletter/bestaetigen/<token>/`: GET shows a button (link scanners follow links), POST confirms."""
    try:
        found = consent.confirm(token) if request.method == "POST" else consent.find_confirmation(token)
    except tokens.BadToken:
        return _page(request, "link_unknown", status=404)
    if found.stage == "expired":
        return _page(request, "link_unknown", status=404)
    links = {"settings_token": tokens.make("settings", found.subscriber.key)} if found.stage == "done" else {}
    return _page(request, "confirm", {"stage": found.stage, "record": found.record} | links)


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_only
def settings(request: HttpRequest, token: str) -> HttpResponse:
    """`/newsletter/einstellungen/<token>/`: topics, pause, name."""
    try:
        subscriber = Subscriber.objects.filter(key=tokens.read("settings", token), state__in=SUBSCRIBED).first()
    except tokens.BadToken:
        subscriber = None
    if subscriber is None:
        return _page(request, "link_unknown", status=404)
    initial = {
        "name": subscriber.name,
        "topics": subscriber.topics.all(),
        "paused": subscriber.state == Subscriber.State.PAUSED,
    }
    form = SettingsForm(request.POST if request.method == "POST" else None, initial=initial)
    context: dict[str, Any] = {"form": form, "unsubscribe_token": tokens.make("unsubscribe", subscriber.key)}
    if request.method != "POST":
        return _page(request, "settings", context)
    if not form.is_valid():
        return _page(request, "settings", context, status=422)
    try:
        consent.change_settings(subscriber, **form.cleaned_data)
    except Refused:
        return _page(request, "link_unknown", status=404)
    return _page(request, "settings", context | {"saved": True})


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """`/newsletter/abmelden/<token>/`: GET shows a button; POST is the one-click of RFC 8058 and the button alike.

    A POST comes from the mail program of the reader, without cookie or origin, and gets 200 without a redirect. The
    answer is the same for tokens that nobody has: it tells nothing about anybody.
    """
    if request.method == "POST":
        try:
            one_click = request.POST.get("List-Unsubscribe") == "One-Click"
            consent.unsubscribe(
                tokens.read("unsubscribe", token), source="Mailprogramm (RFC 8058)" if one_click else "Link in der Mail"
            )
        except tokens.BadToken:
            pass
    return _page(request, "unsubscribe", {"done": request.method == "POST"})


def _page(request: HttpRequest, name: str, context: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    return keep_private(render(request, f"newsletter/{name}.html", context or {}, status=status))
