"""Subscribing with proof: sign-up, confirmation, settings, unsubscribing.

Every event is an own row that is never changed (Art. 7 (1) GDPR). What comes back to a caller is the same for known and
unknown addresses: nobody learns here who reads the newsletter. Changing the address is in `address_change`, what is
deleted when in `retention`.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from home.models import Topic
from newsletter import addresses, tokens
from newsletter.errors import Refused
from newsletter.models import ConsentRecord, ConsentText, Subscriber, Suppression

Event = ConsentRecord.Event
State = Subscriber.State
# Whoever signs up again in another state than these is asked for a new confirmation.
SUBSCRIBED = (State.ACTIVE, State.PAUSED)
# Whose link to the settings opens them: a stopped address can be replaced by one that works.
HAS_SETTINGS = (*SUBSCRIBED, State.STOPPED)
# What a subscription begins with: somebody has consented.
CONSENTED = (Event.CONFIRMED, Event.IMPORTED)


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
    if complained(email):
        return None
    with transaction.atomic():
        subscriber = _find_or_make(email, name)
        if subscriber.state not in SUBSCRIBED:
            # The newest name counts: an earlier one may have been typed by somebody else.
            subscriber.state, subscriber.name = State.UNCONFIRMED, name
            subscriber.save(update_fields=["state", "name"])
        return write_down(subscriber, Event.SIGNED_UP, at=at, text=text, topics=topics, source=source)


def write_down(
    subscriber: Subscriber,
    event: ConsentRecord.Event,
    *,
    at: datetime | None = None,
    topics: Iterable[Topic] | list[str] = (),
    source: str = "",
    address: str | None = None,
    **fields: Any,
) -> ConsentRecord:
    """Add one event to the proof. `address` is whom it is about, if not the address that the subscriber has now."""
    return ConsentRecord.objects.create(
        subscriber=subscriber,
        event=event,
        at=at or timezone.now(),
        topics=sorted(topic if isinstance(topic, str) else topic.slug for topic in topics),
        source=source[:500],
        address_hmac=tokens.fingerprints(address or subscriber.email or "")[0],
        **fields,
    )


def with_address(email: str) -> QuerySet[Subscriber]:
    """The subscriber with an address, if there is one, by the index of the unique constraint (`iexact` uses none)."""
    return Subscriber.objects.alias(folded=Lower("email")).filter(folded=email.lower())


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
    if subscriber.state in SUBSCRIBED and not withdrawn:
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
        Subscriber.objects.filter(pk=subscriber.pk).update(
            state=State.ACTIVE, confirmed_at=when, unsubscribed_at=None, paused_until=None
        )
        subscriber.topics.set(Topic.objects.filter(slug__in=found.record.topics, newsletter=True))
        write_down(
            subscriber,
            Event.CONFIRMED,
            at=when,
            text=found.record.text,
            topics=found.record.topics,
            source=found.record.source,
        )
        # The person has just asked for it themselves.
        allow_again(subscriber.email or "")
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
        Subscriber.objects.filter(pk=subscriber.pk).update(
            state=State.UNSUBSCRIBED, unsubscribed_at=when, new_email=None, link_asked_at=None, paused_until=None
        )
        write_down(subscriber, Event.WITHDRAWN, at=when, source=source)
        suppress(subscriber.email, Suppression.Reason.UNSUBSCRIBED)
        return True


def change_settings(
    subscriber: Subscriber, *, topics: Iterable[Topic], paused: bool, name: str, paused_until: date | None = None
) -> None:
    """Store what the person chose; other topics are an event of the proof. `paused_until` is the last day of a pause.

    Raises Refused for somebody who is not subscribed.
    """
    chosen = list(topics)
    with transaction.atomic():
        found = locked(subscriber)
        if found.state in SUBSCRIBED:
            found.state = State.PAUSED if paused else State.ACTIVE
            found.paused_until = paused_until if paused else None
        found.name = name
        found.save(update_fields=["state", "name", "paused_until"])
        if set(found.topics.all()) != set(chosen):
            found.topics.set(chosen)
            write_down(found, Event.CHANGED, topics=chosen, source="Einstellungen")


def locked(subscriber: Subscriber) -> Subscriber:
    """The subscriber as they are now, whom nobody else changes until the transaction ends.

    Raises Refused for somebody who has no settings (any more).
    """
    found = Subscriber.objects.select_for_update().filter(pk=subscriber.pk, state__in=HAS_SETTINGS).first()
    if found is None:
        raise Refused("Diese Adresse bekommt den Newsletter zurzeit nicht. Bitte melden Sie sich neu an.")
    return found


def end_pauses() -> int:
    """Let those get mails again whose pause is over; returns how many."""
    over = Subscriber.objects.filter(state=State.PAUSED, paused_until__lt=timezone.localdate())
    return over.update(state=State.ACTIVE, paused_until=None)


def suppress(email: str, reason: Suppression.Reason) -> None:
    """Remember, as a keyed hash, that an address must not be written to; the first reason stays."""
    marks = tokens.fingerprints(email)
    if not Suppression.objects.filter(address_hmac__in=marks).exists():
        Suppression.objects.get_or_create(address_hmac=marks[0], defaults={"reason": reason})


def allow_again(email: str) -> None:
    """Take an address off the suppression list: its owner has just asked for mails."""
    Suppression.objects.filter(address_hmac__in=tokens.fingerprints(email)).delete()


def is_suppressed(email: str) -> bool:
    """Whether the address is on the suppression list for any reason."""
    return Suppression.objects.filter(address_hmac__in=tokens.fingerprints(email)).exists()


def complained(email: str) -> bool:
    """Whether mails to the address were reported as unwanted: then nothing is written to it, whatever a form says."""
    reason = Suppression.Reason.COMPLAINT
    return Suppression.objects.filter(address_hmac__in=tokens.fingerprints(email), reason=reason).exists()


def _find_or_make(email: str, name: str) -> Subscriber:
    while True:
        found = with_address(email).select_for_update().first()
        if found is not None:
            return found
        try:
            with transaction.atomic():
                return Subscriber.objects.create(email=email, name=name)
        except IntegrityError:
            # Somebody signed up the same address at this moment (and retention may delete it the next).
            continue
