"""Several people, workers and clicks at the same moment, on PostgreSQL (SQLite has one writer at a time)."""

from contextlib import suppress
from functools import partial

import pytest

from newsletter import tokens
from newsletter.models import ConsentRecord, Subscriber
from newsletter.subscribing import address_change, consent, retention
from tests.newsletter.conftest import days
from tests.threads import at_once, several_writers

pytestmark = [pytest.mark.django_db(transaction=True), several_writers]
Event = ConsentRecord.Event


def unless_it_is_used_up(step):
    """A link that somebody else was faster with is no error."""

    def run():
        with suppress(tokens.BadToken):
            step()

    return run


def together(*steps):
    at_once(*map(unless_it_is_used_up, steps))


def test_what_happens_at_once_happens_once(wording):
    def sign_up():
        consent.sign_up("kim@example.org", topics=[], text=wording, source="https://www.example.org/")

    together(*[sign_up] * 4)
    subscriber = Subscriber.objects.get()
    record = subscriber.consents.first()
    confirmation = tokens.make_confirmation(subscriber.key, record.pk)

    together(*[lambda: consent.confirm(confirmation)] * 4)
    assert subscriber.consents.filter(event=Event.CONFIRMED).count() == 1

    change = address_change.ask(subscriber, "neu@example.org")
    move = tokens.make_address_change(subscriber.key, change.pk)
    together(*[lambda: address_change.confirm(move)] * 4)
    assert subscriber.consents.filter(event=Event.ADDRESS_CHANGED).count() == 1

    key = Subscriber.objects.get().key
    together(*[lambda: consent.unsubscribe(key)] * 4)
    assert subscriber.consents.filter(event=Event.WITHDRAWN).count() == 1

    for _round in range(5):
        late = consent.sign_up("spaet@example.org", topics=[], text=wording, source="x")
        forget = partial(retention.forget, days(15))
        together(partial(consent.confirm, tokens.make_confirmation(late.subscriber.key, late.pk)), forget, forget)
        # Either was first; a confirmed person without a proof, or a proof without a person, is never left.
        left = Subscriber.objects.filter(email="spaet@example.org").first()
        if left is not None:
            assert left.state == "active" and left.consents.filter(event=Event.CONFIRMED).count() == 1
            retention.erase(left)
