"""Several people, workers and clicks at the same moment, on PostgreSQL (SQLite has one writer at a time)."""

import threading
from functools import partial

import pytest
from django.db import connection

from newsletter import tokens
from newsletter.models import ConsentRecord, Subscriber
from newsletter.subscribing import address_change, consent, retention
from tests.newsletter.test_retention import days

pytestmark = pytest.mark.django_db(transaction=True)
Event = ConsentRecord.Event


def at_once(*steps):
    """Run the steps in threads of their own that start together; raises what one of them raises unexpectedly."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; the fault tests run several processes on it")
    barrier, errors = threading.Barrier(len(steps)), []

    def run(step):
        try:
            barrier.wait()
            step()
        except tokens.BadToken:
            pass
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_what_happens_at_once_happens_once(wording):
    def sign_up():
        consent.sign_up("kim@example.org", topics=[], text=wording, source="https://www.example.org/")

    at_once(*[sign_up] * 4)
    subscriber = Subscriber.objects.get()
    record = subscriber.consents.first()
    confirmation = tokens.make_confirmation(subscriber.key, record.pk)

    at_once(*[lambda: consent.confirm(confirmation)] * 4)
    assert subscriber.consents.filter(event=Event.CONFIRMED).count() == 1

    change = address_change.ask(subscriber, "neu@example.org")
    move = tokens.make_address_change(subscriber.key, change.pk)
    at_once(*[lambda: address_change.confirm(move)] * 4)
    assert subscriber.consents.filter(event=Event.ADDRESS_CHANGED).count() == 1

    key = Subscriber.objects.get().key
    at_once(*[lambda: consent.unsubscribe(key)] * 4)
    assert subscriber.consents.filter(event=Event.WITHDRAWN).count() == 1

    for _round in range(5):
        late = consent.sign_up("spaet@example.org", topics=[], text=wording, source="x")
        forget = partial(retention.forget, days(15))
        at_once(partial(consent.confirm, tokens.make_confirmation(late.subscriber.key, late.pk)), forget, forget)
        # Either was first; a confirmed person without a proof, or a proof without a person, is never left.
        left = Subscriber.objects.filter(email="spaet@example.org").first()
        if left is not None:
            assert left.state == "active" and left.consents.filter(event=Event.CONFIRMED).count() == 1
            retention.erase(left)
