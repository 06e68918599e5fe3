"""Celery tasks of the upkeep; both are safe to repeat."""

from __future__ import annotations

import logging

from celery import shared_task
from django.core.cache import cache
from kombu.exceptions import OperationalError as BrokerUnavailable

from home.upkeep.checking import check_link, check_links
from home.upkeep.collecting import collect

logger = logging.getLogger(__name__)

# A run that ran out of time goes on in a task of its own, at most this often.
MOST_CONTINUATIONS = 10
# Two runs at once would do no harm but ask everybody twice. Without a cache there is no lock.
LOCK, LOCK_SECONDS = "home:links:run", 900


@shared_task
def check_external_links(continuation: int = 0) -> None:
    """Every night: find the links to other websites, and ask whether they still work."""
    if not cache.add(LOCK, 1, LOCK_SECONDS):
        return
    try:
        if continuation == 0:
            collect()
        complete = check_links()
    finally:
        cache.delete(LOCK)
    if not complete and continuation < MOST_CONTINUATIONS:
        check_external_links.delay(continuation + 1)


@shared_task
def check_external_link(pk: int) -> None:
    """One link, because somebody asked for it."""
    check_link(pk)


def check_soon(pk: int) -> bool:
    """Ask a worker to check a link. False if the broker is away."""
    try:
        check_external_link.apply_async((pk,), expires=300)
    except (BrokerUnavailable, OSError) as error:
        logger.warning("link %s not queued: %s", pk, type(error).__name__)
        return False
    return True
