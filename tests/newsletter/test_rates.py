"""Rates that all workers share, domains that asked us to slow down, and places at a server."""

import uuid

import pytest
import redis

from newsletter.sending.limits import Limits


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
