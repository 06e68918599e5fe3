"""Rates that all workers share, domains that asked us to slow down, and places at a server."""

import datetime
import uuid
from itertools import pairwise

import pytest
import redis
from django.utils import timezone

from newsletter.models import Delivery
from newsletter.sending import delivering, mailings
from newsletter.sending.claiming import Ledger
from newsletter.sending.limits import Limits

State = Delivery.State


@pytest.fixture
def limits(valkey):
    with redis.Redis.from_url(valkey) as client:
        client.flushall()
    return Limits(valkey)


def test_a_bucket_starts_without_a_burst_and_is_shared(limits, valkey):
    first = limits.take("all", 0.01, 50)
    second = Limits(valkey).take("all", 0.01, 50)

    assert (first.tokens, second.tokens) == (1, 0)
    assert 90 < second.wait <= 100


def test_losing_what_redis_knew_allows_no_burst(limits, valkey):
    limits.take("all", 0.01, 50)
    with redis.Redis.from_url(valkey) as client:
        client.flushall()

    assert limits.take("all", 0.01, 50).tokens == 1


def test_no_rate_is_no_limit(limits):
    assert limits.take("all", 0, 50).tokens == 50


def test_without_redis_each_worker_keeps_to_its_share(settings):
    settings.MAIL_TASKS = 4
    alone = Limits("redis://127.0.0.1:1/0")

    first, second = alone.take("all", 0.04, 50), alone.take("all", 0.04, 50)

    assert (first.tokens, second.tokens) == (1, 0)
    assert 90 < second.wait <= 100, "a quarter of the rate"
    assert alone.enter("mail:25", 1, uuid.uuid4())


@pytest.mark.parametrize("reachable", [True, False])
def test_refusals_in_a_row_make_a_domain_wait_and_an_acceptance_ends_that(limits, reachable):
    seen = limits if reachable else Limits("redis://127.0.0.1:1/0")

    seen.slow("example.org")
    assert seen.waits("example.org") is None, "one refusal alone says little"
    seen.slow("example.org")
    assert seen.waits("example.org") is not None
    assert set(seen.slowed()) == {"example.org"}
    seen._troubled["example.org"] = 0.0
    seen.accepted("example.org")

    assert seen.waits("example.org") is None
    seen.slow("example.org")
    assert seen.waits("example.org") is None, "the waits begin anew"


def test_other_workers_learn_of_a_slowed_domain(limits, valkey):
    for _refusal in range(2):
        limits.slow("example.org")

    assert set(Limits(valkey).slowed()) == {"example.org"}


def test_a_server_has_so_many_places(limits):
    one, two = uuid.uuid4(), uuid.uuid4()

    assert limits.enter("mail:25", 1, one)
    assert limits.enter("mail:25", 1, one), "who has a place keeps it"
    assert not limits.enter("mail:25", 1, two)
    limits.leave("mail:25", one)
    assert limits.enter("mail:25", 1, two)


@pytest.mark.django_db
def test_a_domain_that_refuses_for_load_waits_and_others_do_not(issue, subscribe, smtp_server, broker):
    for number in range(40):
        subscribe(f"leser{number}@busy.example.org")
    smtp_server.replies |= {f"leser{number}@busy.example.org": "451 4.7.1 too much" for number in range(40)}
    for number in range(40):
        subscribe(f"leser{number}@quick.example.org")
    mailing = mailings.start_mailing(issue)

    quick = mailing.deliveries.filter(domain="quick.example.org")
    while quick.exclude(state=State.SENT).exists():
        delivering.deliver(mailing.pk, limit=datetime.timedelta(seconds=0.5))

    busy = mailing.deliveries.filter(domain="busy.example.org")
    assert set(busy.values_list("state", flat=True)) == {State.DEFERRED, State.PENDING}
    assert busy.filter(state=State.PENDING, attempts=0).count() > 20, "most were not even tried"


@pytest.mark.django_db
def test_rows_of_slowed_domains_do_not_stand_in_the_way(issue, subscribe):
    for number in range(6):
        subscribe(f"leser{number}@busy.example.org")
    other = subscribe("leser@quick.example.org")
    mailing = mailings.start_mailing(issue)
    later = timezone.now() + datetime.timedelta(minutes=1)

    rows = Ledger(mailing.pk).take(3, slowed={"busy.example.org": later})

    assert [row.recipient.address for row in rows] == [other.email]
    assert set(mailing.deliveries.filter(state=State.PENDING).values_list("not_before", flat=True)) == {later}


@pytest.mark.django_db
def test_a_rate_holds_for_one_domain(issue, subscribe, smtp_server, settings, broker):
    settings.MAIL_DOMAIN_RATES = {"slow.example.org": 0.01}
    for number in range(5):
        subscribe(f"leser{number}@slow.example.org")
    quick = subscribe("leser@quick.example.org")
    mailing = mailings.start_mailing(issue)

    delivering.deliver(mailing.pk, limit=datetime.timedelta(seconds=1))

    assert mailing.deliveries.get(subscriber=quick).state == State.SENT
    assert mailing.deliveries.filter(state=State.SENT).count() == 2
    waiting = mailing.deliveries.filter(state=State.PENDING).order_by("not_before").values_list("not_before", flat=True)
    gaps = [(after - before).total_seconds() for before, after in pairwise(waiting)]
    assert all(95 < gap < 105 for gap in gaps), "in the order and at the pace in which they may go"
