"""Several at once: the same bounce twice, and a decision while a worker completes the mailing."""

import threading

import pytest

from newsletter.bounces import acting
from newsletter.models import Bounce, Delivery, Mailing, Subscriber
from newsletter.sending import repairing, sweeping
from tests.newsletter.returned_mails import bounce, send
from tests.threads import at_once, several_writers

pytestmark = [pytest.mark.django_db(transaction=True), several_writers]
State = Delivery.State


def test_a_bounce_that_comes_twice_at_once_counts_once(issue, subscribe):
    subscribe("leser@example.org")
    raw = bounce("postfix-unknown", send(issue).deliveries.get())

    outcomes = at_once(*[lambda: acting.take_in(raw).action] * 6)

    assert sorted(outcomes) == ["duplicate"] * 5 + ["stopped"]
    assert Bounce.objects.count() == 1
    assert Subscriber.objects.get().state == Subscriber.State.STOPPED


def test_a_mail_that_is_sent_again_is_not_forgotten_by_a_worker_that_completes_the_mailing(issue, subscribe):
    for number in range(30):
        subscribe(f"leser{number}@example.org")
    mailing = send(issue)
    mailing.deliveries.update(state=State.FAILED, reply="550 5.1.1 No", sent_at=None)
    keys = list(mailing.deliveries.values_list("pk", flat=True))
    decided = threading.Event()

    def complete_again_and_again():
        while not decided.is_set():
            sweeping.complete_if_done(mailing.pk)

    def decide():
        try:
            for key in keys:
                repairing.retry([key], user=None)
                assert Mailing.objects.get().state == Mailing.State.SENDING
                Delivery.objects.filter(pk=key).update(state=State.SENT)
        finally:
            decided.set()

    at_once(decide, complete_again_and_again)

    assert sweeping.complete_if_done(mailing.pk) or Mailing.objects.get().state == Mailing.State.COMPLETE
