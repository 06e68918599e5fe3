"""The page of a subscription: what is known of it, what has happened, and the undo of a stop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.models import ModelLogEntry

from home.models import Topic
from newsletter.audit import ACTIONS
from newsletter.bounces import acting
from newsletter.errors import Refused
from newsletter.models import ConsentRecord, Delivery, Mailing, Subscriber
from newsletter.view_only import LocalInspectView

SHOWN_AT_ONCE = 100


@dataclass(frozen=True)
class Event:
    """One line of the history."""

    at: datetime
    what: str
    detail: str = ""


class SubscriberInspectView(LocalInspectView):
    """Facts, history, and what can be done."""

    template_name = "newsletter/admin/subscriber.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        subscriber: Subscriber = self.object
        events = sorted(history(subscriber), key=lambda event: event.at, reverse=True)
        stopped = subscriber.state == Subscriber.State.STOPPED
        return super().get_context_data(**kwargs) | {
            "subscriber": subscriber,
            "events": events[:SHOWN_AT_ONCE],
            "records": list(_proof(subscriber)),
            "stopped": stopped,
            "may_restore": stopped and self.request.user.has_perm("newsletter.restore_subscriber"),
        }


def _proof(subscriber: Subscriber) -> Iterator[tuple[ConsentRecord, list[str]]]:
    """The events of the consent, each with the names of its topics."""
    names = dict(Topic.objects.values_list("slug", "name"))
    for record in subscriber.consents.select_related("text").order_by("pk"):
        yield record, [names.get(slug, slug) for slug in record.topics]


def history(subscriber: Subscriber) -> Iterator[Event]:
    """Yield what has happened with a subscription, in no order: consent, mails, bounces, decisions."""
    for record in subscriber.consents.select_related("text").order_by("-at")[:SHOWN_AT_ONCE]:
        text = f"Wortlaut {record.text}" if record.text else ""
        yield Event(record.at, record.get_event_display(), ", ".join(filter(None, [record.source, text])))
    rows = subscriber.deliveries.select_related("mailing").defer("mailing__html", "mailing__text")
    deliveries = list(rows.order_by("-pk")[:SHOWN_AT_ONCE])
    for delivery in deliveries:
        when = delivery.sent_at or delivery.mailing.started_at or delivery.mailing.created_at
        what = f"Newsletter „{delivery.mailing.subject}“: {delivery.get_state_display()}"
        yield Event(when, what, "" if delivery.state == Delivery.State.SENT else delivery.reply)
    for bounce in subscriber.bounces.order_by("-received_at")[:SHOWN_AT_ONCE]:
        yield Event(bounce.received_at, f"Rückläufer: {bounce}", bounce.words)
    if subscriber.state == Subscriber.State.STOPPED and subscriber.stopped_at:
        yield Event(subscriber.stopped_at, "gestoppt", subscriber.stop_reason)
    yield from _decisions(subscriber, deliveries)


def _decisions(subscriber: Subscriber, deliveries: list[Delivery]) -> Iterator[Event]:
    """What editors have decided about this subscription and its mails."""
    for entry in ModelLogEntry.objects.for_instance(subscriber).filter(action__in=ACTIONS).select_related("user"):
        yield _decision(entry)
    mine = {delivery.pk for delivery in deliveries}
    entries = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Mailing),
        object_id__in={str(delivery.mailing_id) for delivery in deliveries},
        action__in=ACTIONS,
    ).select_related("user")
    for entry in entries[: 5 * SHOWN_AT_ONCE]:
        if mine & set(entry.data.get("deliveries", ())):
            yield _decision(entry)


def _decision(entry: ModelLogEntry) -> Event:
    return Event(entry.timestamp, ACTIONS[entry.action][1], f"durch {entry.user or 'gelöschtes Konto'}")


@require_POST
def restore(request: HttpRequest, subscriber: int) -> HttpResponse:
    """Undo the stop of an address."""
    if not request.user.has_perm("newsletter.restore_subscriber"):
        raise PermissionDenied
    found = get_object_or_404(Subscriber, pk=subscriber)
    try:
        acting.restore(found, user=request.user)  # type: ignore[arg-type]
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Das Abonnement ist wieder {found.get_state_display()}.")
    return redirect("subscriber:inspect", found.pk)
