"""Celery tasks of the upkeep; all are safe to repeat."""

from __future__ import annotations

from celery import shared_task
from django.core.cache import cache

from home.queueing import queue
from home.upkeep.checking import check_link, check_links
from home.upkeep.collecting import collect

# A run that ran out of time goes on in a task of its own, at most this often.
MOST_CONTINUATIONS = 10
# Two runs at once would do no harm but ask everybody twice. Without a cache there is no lock.
LOCK, LOCK_SECONDS = "home:links:run", 900


@shared_task
def check_external_links(continuation: int = 0, only_new: bool = False) -> None:
    """Find the links to other websites, and ask whether they still work: every night all, on request the new ones."""
    if not cache.add(LOCK, 1, LOCK_SECONDS):
        return
    try:
        if continuation == 0:
            collect()
        complete = check_links(only_new=only_new)
    finally:
        cache.delete(LOCK)
    if not complete and continuation < MOST_CONTINUATIONS:
        check_external_links.delay(continuation + 1, only_new)


@shared_task
def check_external_link(pk: int) -> None:
    """One link, because somebody asked for it."""
    check_link(pk)


def check_soon(pk: int) -> bool:
    """Ask a worker to check a link. False if the broker is away."""
    return queue(check_external_link, pk, expires=300)


def check_new_soon() -> bool:
    """Ask a worker to check the links that nobody has asked yet. False if the broker is away."""
    return queue(check_external_links, only_new=True, expires=300)
