"""Another address for a subscription: asked for on the settings page, valid when its owner has confirmed it.

Until then mails go to the old address, which is told about it. What is confirmed gets a new key: links in mails that
lie in the old mailbox must not open the settings of somebody who left it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction
from django.utils import timezone

from newsletter import addresses, tokens
from newsletter.models import ConsentRecord, Subscriber, Suppression
from newsletter.subscribing import consent, limits
from newsletter.subscribing.retention import anonymise

Event = ConsentRecord.Event
State = Subscriber.State
SOURCE = "Einstellungen"


@dataclass(frozen=True)
class Change:
    """What the link in a mail to the new address refers to; `subscriber` is who has that address once it is done."""

    subscriber: Subscriber
    record: ConsentRecord
    stage: Literal["open", "done", "expired"]


def ask(subscriber: Subscriber, address: str) -> ConsentRecord | None:
    """Write down that a person wants mails at another address (as typed).

    Returns the record that mails are due for, or None where nothing is to be sent (it is the address that they have, it
    must not be written to, or it was asked for too often); the person gets the same answer. Raises InvalidAddress, and
    Refused for somebody who has no settings.
    """
    email = addresses.normalise(address)
    with transaction.atomic():
        found = consent.locked(subscriber)
        if addresses.fold(email) == addresses.fold(found.email or ""):
            return None
        found.new_email = email
        found.save(update_fields=["new_email"])
        if consent.complained(email) or not limits.may_ask_for(email):
            return None
        return consent.write_down(found, Event.ADDRESS_ASKED, source=SOURCE, address=email)


def give_up(subscriber: Subscriber) -> None:
    """Forget an address that was not confirmed; the link that was sent to it is void."""
    Subscriber.objects.filter(pk=subscriber.pk).update(new_email=None)


def find(token: str) -> Change:
    """Return what a link stands for; raises BadToken. Changes nothing."""
    _key, number = tokens.read_address_change(token)
    record = ConsentRecord.objects.select_related("subscriber").filter(pk=number, event=Event.ADDRESS_ASKED).first()
    if record is None:
        raise tokens.BadToken
    subscriber = record.subscriber
    if subscriber.state in consent.HAS_SETTINGS and _is_for(record, subscriber.new_email):
        return Change(subscriber, record, "open")
    known = Subscriber.objects.filter(state__in=consent.SUBSCRIBED, consents__address_hmac=record.address_hmac)
    for owner in known.distinct():
        if _is_for(record, owner.email):
            return Change(owner, record, "done")
    return Change(subscriber, record, "expired")


def confirm(token: str, *, at: datetime | None = None) -> Change:
    """Make the new address the address. Doing it again is harmless. Raises BadToken.

    If the new address has a subscription already, that one stays and the old one ends: nobody gets a mail twice.
    """
    with transaction.atomic():
        _key, number = tokens.read_address_change(token)
        Subscriber.objects.select_for_update(of=("self",)).filter(consents__pk=number).first()
        change = find(token)
        if change.stage != "open":
            return change
        subscriber, when = change.subscriber, at or timezone.now()
        old, new = subscriber.email or "", subscriber.new_email or ""
        other = consent.with_address(new).exclude(pk=subscriber.pk).select_for_update().first()
        if other is not None and other.state in consent.SUBSCRIBED:
            consent.unsubscribe(subscriber.key, at=when, source="Neue Adresse war schon angemeldet")
            return Change(other, change.record, "done")
        if other is not None:
            anonymise(other)
        before = subscriber.state_before_stop if subscriber.state == State.STOPPED else subscriber.state
        Subscriber.objects.filter(pk=subscriber.pk).update(
            email=new,
            new_email=None,
            key=uuid.uuid4(),
            state=State.PAUSED if before == State.PAUSED else State.ACTIVE,
            # What came back from the old address, or comes back still, says nothing about the new one.
            bounces_count_from=when,
            stopped_at=None,
            stop_reason="",
            state_before_stop="",
        )
        # A list of old times must not bring the old address back.
        consent.suppress(old, Suppression.Reason.UNSUBSCRIBED)
        consent.allow_again(new)
        consent.write_down(
            subscriber,
            Event.ADDRESS_CHANGED,
            at=when,
            topics=list(subscriber.topics.all()),
            source=SOURCE,
            address=new,
        )
        return find(token)


def _is_for(record: ConsentRecord, address: str | None) -> bool:
    return address is not None and record.address_hmac in tokens.fingerprints(address)
