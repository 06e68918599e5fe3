"""Subscribing with proof: sign-up, confirmation, settings, unsubscribing.

Every event is an own row that is never changed (Art. 7 (1) GDPR). What comes back to a caller is the same for known and
unknown addresses: nobody learns here who reads the newsletter.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from home.models import Topic
from newsletter import addresses, tokens
from newsletter.errors import Refused
from newsletter.models import ConsentRecord, ConsentText, Subscriber, Suppression

Event = ConsentRecord.Event
State = Subscriber.State
# People in these states are asked for a new confirmation when they sign up again.
MAY_START_AGAIN = (State.UNCONFIRMED, State.UNSUBSCRIBED, State.STOPPED)


@dataclass(frozen=True)
class Confirmation:
    """What a confirmation link refers to."""

    subscriber: Subscriber
    record: ConsentRecord
    stage: Literal["open", "done", "expired"]


def current_text() -> ConsentText | None:
    """The wording that people agree to now."""
    return ConsentText.objects.order_by("-version").first()


def new_text(wording: str) -> ConsentText:
    """Make a new version of the wording; an unchanged wording stays the version it is."""
    wording = wording.strip()
    digest = hashlib.sha256(wording.encode()).hexdigest()
    latest = current_text()
    if latest is not None and latest.sha256 == digest:
        return latest
    version = (ConsentText.objects.aggregate(highest=Max("version"))["highest"] or 0) + 1
    return ConsentText.objects.create(version=version, text=wording, sha256=digest)


def sign_up(
    address: str, *, topics: Iterable[Topic], text: ConsentText, source: str, name: str = "", at: datetime | None = None
) -> ConsentRecord | None:
    """Write down that somebody asked for the newsletter; nothing is sent to the list before they confirm.

    `address` as typed, `source` the page of the form, `at` the time of an older sign-up (now if left out). Returns
    the record that a mail is due for (`system_mail.answer_sign_up`), or None if the address must not be written to.
    Raises InvalidAddress.
    """
    email = addresses.normalise(address)
    if _suppressed(email, Suppression.Reason.COMPLAINT):
        return None
    with transaction.atomic():
        subscriber = _find_or_make(email, name)
        if subscriber.state in MAY_START_AGAIN and subscriber.state != State.UNCONFIRMED:
            subscriber.state = State.UNCONFIRMED
            subscriber.save(update_fields=["state"])
        return ConsentRecord.objects.create(
            subscriber=subscriber,
            text=text,
            event=Event.SIGNED_UP,
            at=at or timezone.now(),
            topics=sorted(topic.slug for topic in topics),
            source=source[:500],
        )


def find_confirmation(token: str) -> Confirmation:
    """Return what a confirmation link stands for; raises BadToken. Changes nothing."""
    key, number = tokens.read_confirmation(token)
    record = (
        ConsentRecord.objects.select_related("subscriber", "text")
        .filter(pk=number, event=Event.SIGNED_UP, subscriber__key=key)
        .first()
    )
    if record is None:
        raise tokens.BadToken
    subscriber = record.subscriber
    withdrawn = subscriber.consents.filter(event=Event.WITHDRAWN, pk__gt=record.pk).exists()
    if subscriber.state in (State.ACTIVE, State.PAUSED) and not withdrawn:
        return Confirmation(subscriber, record, "done")
    # An old link must not bring back somebody who has unsubscribed since.
    usable = subscriber.state == State.UNCONFIRMED and not withdrawn
    return Confirmation(subscriber, record, "open" if usable else "expired")


def confirm(token: str, *, at: datetime | None = None) -> Confirmation:
    """Make the sign-up behind the link valid. Doing it again is harmless. Raises BadToken."""
    with transaction.atomic():
        key, _number = tokens.read_confirmation(token)
        subscriber = Subscriber.objects.select_for_update().filter(key=key).first()
        found = find_confirmation(token)
        if found.stage != "open" or subscriber is None:
            return found
        when = at or timezone.now()
        Subscriber.objects.filter(pk=subscriber.pk).update(state=State.ACTIVE, confirmed_at=when, unsubscribed_at=None)
        subscriber.topics.set(Topic.objects.filter(slug__in=found.record.topics, newsletter=True))
        ConsentRecord.objects.create(
            subscriber=subscriber,
            text=found.record.text,
            event=Event.CONFIRMED,
            at=when,
            topics=found.record.topics,
            source=found.record.source,
        )
        # The person has just asked for it themselves.
        Suppression.objects.filter(address_hmac__in=tokens.fingerprints(subscriber.email or "")).delete()
        return find_confirmation(token)


def unsubscribe(key: uuid.UUID, *, at: datetime | None = None, source: str = "") -> bool:
    """End the subscription of the subscriber with this key; returns whether there was one. Harmless to repeat."""
    with transaction.atomic():
        subscriber = (
            Subscriber.objects.select_for_update()
            .filter(key=key)
            .exclude(state__in=[State.UNSUBSCRIBED, State.ANONYMISED])
            .first()
        )
        if subscriber is None or subscriber.email is None:
            return False
        when = at or timezone.now()
        Subscriber.objects.filter(pk=subscriber.pk).update(state=State.UNSUBSCRIBED, unsubscribed_at=when)
        ConsentRecord.objects.create(
            subscriber=subscriber, text=None, event=Event.WITHDRAWN, at=when, source=source[:500]
        )
        suppress(subscriber.email, Suppression.Reason.UNSUBSCRIBED)
        return True


def change_settings(subscriber: Subscriber, *, topics: Iterable[Topic], paused: bool, name: str) -> None:
    """Store what the person chose. Raises Refused for somebody who is not subscribed."""
    changed = Subscriber.objects.filter(pk=subscriber.pk, state__in=[State.ACTIVE, State.PAUSED]).update(
        state=State.PAUSED if paused else State.ACTIVE, name=name
    )
    if not changed:
        raise Refused("Diese Adresse bekommt den Newsletter zurzeit nicht. Bitte melden Sie sich neu an.")
    subscriber.topics.set(topics)


def suppress(email: str, reason: Suppression.Reason) -> None:
    """Remember, as a keyed hash, that an address must not be written to; the first reason stays."""
    marks = tokens.fingerprints(email)
    if not Suppression.objects.filter(address_hmac__in=marks).exists():
        Suppression.objects.get_or_create(address_hmac=marks[0], defaults={"reason": reason})


def is_suppressed(email: str) -> bool:
    """Whether the address is on the suppression list for any reason."""
    return Suppression.objects.filter(address_hmac__in=tokens.fingerprints(email)).exists()


def _suppressed(email: str, reason: Suppression.Reason) -> bool:
    return Suppression.objects.filter(address_hmac__in=tokens.fingerprints(email), reason=reason).exists()


def _find_or_make(email: str, name: str) -> Subscriber:
    found = Subscriber.objects.select_for_update().filter(email__iexact=email).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Subscriber.objects.create(email=email, name=name)
    except IntegrityError:
        # Somebody signed up the same address at this moment.
        return Subscriber.objects.get(email__iexact=email)
