"""The pages behind the link "Einstellungen" of every mail, and the form that brings this link."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from home.rendering.errors import DocumentError
from home.visitor_forms import keep_private, same_origin_only
from newsletter import tasks, tokens
from newsletter.errors import Refused
from newsletter.models import Subscriber
from newsletter.subscribing import address_change, consent, limits, proof, retention
from newsletter.subscribing.answers import link_unknown, page, too_many
from newsletter.subscribing.forms import AddressForm, NewAddressForm, SettingsForm

if TYPE_CHECKING:
    from django.http import HttpRequest

State = Subscriber.State
View = Callable[["HttpRequest", Subscriber], HttpResponse]


def _of_subscriber(*methods: str) -> Callable[[View], Callable[[HttpRequest, str], HttpResponse]]:
    """Give a view the subscriber of a token instead of the token; whoever has no settings gets the same 404 page."""

    def decorate(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
        @require_http_methods(list(methods))
        @same_origin_only
        @wraps(view)
        def found(request: HttpRequest, token: str) -> HttpResponse:
            try:
                key = tokens.read("settings", token)
            except tokens.BadToken:
                return link_unknown(request)
            subscriber = Subscriber.objects.filter(key=key, state__in=consent.HAS_SETTINGS).first()
            if subscriber is None:
                return link_unknown(request)
            try:
                return view(request, subscriber)
            except Refused:
                # Unsubscribed at this moment.
                return link_unknown(request)

        return found

    return decorate


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_only
def request_link(request: HttpRequest) -> HttpResponse:
    """`/newsletter/einstellungen/`: sends the link to the settings, if the address has any; nobody learns whether."""
    if request.method != "POST":
        return page(request, "request_link", {"form": AddressForm()})
    form = AddressForm(request.POST)
    if not form.is_valid():
        form.restart_clock()
        return page(request, "request_link", {"form": form}, status=422)
    if not limits.may_ask(request):
        return too_many(request)
    email = form.cleaned_data["email"]
    if not form.filled_by_robot and limits.may_ask_for(email):
        found = consent.with_address(email).filter(state__in=consent.HAS_SETTINGS).first()
        pk = found.pk if found else 0
        Subscriber.objects.filter(pk=pk).update(link_asked_at=timezone.now())
        # A worker is asked in any case: how long the answer takes tells nothing about the address.
        tasks.send_link(pk)
    return page(request, "request_link_done", {"email": email})


@_of_subscriber("GET", "HEAD", "POST")
def settings(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """`/newsletter/einstellungen/<token>/`: topics, pause, name, and the way to everything else."""
    initial = {
        "name": subscriber.name,
        "topics": subscriber.topics.all(),
        "paused": subscriber.state == State.PAUSED,
        "paused_until": subscriber.paused_until,
    }
    form = SettingsForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST":
        if not form.is_valid():
            return _page(request, "settings", subscriber, {"form": form}, status=422)
        consent.change_settings(subscriber, **{"topics": ()} | form.cleaned_data)
        return _back(subscriber, "gespeichert")
    return _page(request, "settings", subscriber, {"form": form, "done": request.GET.get("erledigt", "")})


@_of_subscriber("GET", "HEAD", "POST")
def address(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """`/newsletter/einstellungen/<token>/adresse/`: ask for another address, or give one up that is not confirmed."""
    if request.method != "POST":
        return _page(request, "settings_address", subscriber, {"form": NewAddressForm()})
    if "discard" in request.POST:
        address_change.give_up(subscriber)
        return _back(subscriber, "verworfen")
    form = NewAddressForm(request.POST)
    if not form.is_valid():
        form.restart_clock()
        return _page(request, "settings_address", subscriber, {"form": form}, status=422)
    if not limits.may_ask(request):
        return too_many(request)
    if not form.filled_by_robot:
        record = address_change.ask(subscriber, form.cleaned_data["email"])
        tasks.answer(record.pk if record else 0)
    return _page(request, "settings_address", subscriber, {"asked": form.cleaned_data["email"]})


@_of_subscriber("GET", "HEAD", "POST")
def delete(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """`/newsletter/einstellungen/<token>/loeschen/`: GET asks once more, POST deletes."""
    if request.method != "POST":
        return _page(request, "settings_delete", subscriber)
    retention.erase(subscriber)
    return page(request, "settings_delete", {"deleted": True})


@_of_subscriber("GET")
def export_data(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """`/newsletter/einstellungen/<token>/daten.json`: everything that is stored about the person."""
    if not limits.may_export(subscriber):
        return too_many(request)
    return _file(proof.as_json(proof.gather(subscriber)), "application/json", "newsletter-daten.json")


@_of_subscriber("GET")
def export_proof(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """`/newsletter/einstellungen/<token>/daten.pdf`: the same to read, with the proof of consent."""
    if not limits.may_export(subscriber):
        return too_many(request)
    try:
        content = proof.as_pdf(proof.gather(subscriber))
    except DocumentError:
        return page(request, "export_failed", status=503)
    return _file(content, "application/pdf", "newsletter-daten.pdf")


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}"'
    return keep_private(HttpResponse(content, content_type=media_type, headers={"Content-Disposition": disposition}))


def _back(subscriber: Subscriber, done: str) -> HttpResponse:
    """To the settings with a word about what was done: a reload sends nothing again (RFC 9110, 15.4.4)."""
    path = reverse("newsletter:settings", args=[tokens.make("settings", subscriber.key)])
    response = HttpResponseRedirect(f"{path}?erledigt={done}")
    response.status_code = 303
    return keep_private(response)


def _page(
    request: HttpRequest, name: str, subscriber: Subscriber, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    subscriber.refresh_from_db()
    own = {
        "subscriber": subscriber,
        "stopped": subscriber.state == State.STOPPED,
        "token": tokens.make("settings", subscriber.key),
        "unsubscribe_token": tokens.make("unsubscribe", subscriber.key),
    }
    return page(request, name, own | (context or {}), status=status)
