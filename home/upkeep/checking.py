"""One run over the links to other websites: which are asked, in which order, and what is made of the answers.

A run is polite (one request at a time, and a pause before the same host is asked again), limited in time (what it does
not reach comes first in the next one) and harmless beside another run: each link is looked at again just before it is
asked, and an answer only counts if nobody recorded a newer one in the meantime.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import zip_longest

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from home.upkeep.collecting import host_of
from home.upkeep.models import ExternalLink
from home.upkeep.probing import Answer, Prober

logger = logging.getLogger(__name__)

State = ExternalLink.State

# A run every night asks each link once; an answer this fresh is from the same night.
FRESH = timedelta(hours=20)
# Below the soft limit of a task (CELERY_TASK_SOFT_TIME_LIMIT), with room for the last link.
RUN_SECONDS = 600.0
PAUSE_SECONDS = 2.0
# If nobody answers, and that many different hosts were asked, it is our own network that is away.
TELLING_HOSTS = 3


@dataclass
class Run:
    """What a run remembers of the hosts it has asked."""

    asked_at: dict[str, float] = field(default_factory=dict)
    # Hosts that did not answer or asked for rest: their other links get no request in this run.
    closed: dict[str, Answer] = field(default_factory=dict)
    # Hosts that did not answer before any host did.
    silent: list[tuple[ExternalLink, Answer, datetime]] = field(default_factory=list)
    anybody_there: bool = False
    checked: int = 0


def check_links(
    prober: Prober | None = None,
    *,
    only_new: bool = False,
    seconds: float = RUN_SECONDS,
    pause: float = PAUSE_SECONDS,
    sleep: Callable[[float], None] = time.sleep,
) -> bool:
    """Ask every link that was not asked lately, or only those never asked; returns whether time was enough for all."""
    prober, run, ends = prober or Prober(), Run(), time.monotonic() + seconds
    complete = True
    for link in in_turn(due(only_new=only_new)):
        if time.monotonic() >= ends:
            complete = False
            break
        _check_one(link, prober, run, pause, sleep)
    _settle_silent(run)
    logger.info("links: %s recorded, %s", run.checked, "complete" if complete else "to be continued")
    return complete


def check_link(pk: int, prober: Prober | None = None) -> None:
    """Ask one link now, for somebody who waits for it."""
    link = ExternalLink.objects.filter(pk=pk).first()
    if link is not None:
        started = timezone.now()
        record(link, (prober or Prober()).ask(link.url), started)


def due(*, only_new: bool = False) -> list[ExternalLink]:
    """Links that were not asked lately, or only those never asked; those that waited longest first."""
    links = ExternalLink.objects.exclude(checked_at__gt=timezone.now() - FRESH)
    if only_new:
        links = links.filter(checked_at=None)
    return list(links.order_by(F("checked_at").asc(nulls_first=True), "pk"))


def in_turn(links: list[ExternalLink]) -> Iterator[ExternalLink]:
    """One link of each host after the other, so that most pauses pass with work."""
    hosts: dict[str, list[ExternalLink]] = defaultdict(list)
    for link in links:
        hosts[host_of(link.url)].append(link)
    for layer in zip_longest(*hosts.values()):
        yield from filter(None, layer)


def _check_one(link: ExternalLink, prober: Prober, run: Run, pause: float, sleep: Callable[[float], None]) -> None:
    host = host_of(link.url)
    answer = run.closed.get(host)
    if answer is None:
        sleep(max(0.0, run.asked_at.get(host, -pause) + pause - time.monotonic()))
    started = timezone.now()
    if not ExternalLink.objects.filter(pk=link.pk, checked_at=link.checked_at).exists():
        return  # Another run was here, or the link is gone.
    if answer is None:
        answer = prober.ask(link.url)
        run.asked_at[host] = time.monotonic()
        run.anybody_there |= answer.reached
        if answer.later or (answer.state == State.FAILING and not answer.reached):
            run.closed[host] = answer
    if answer.reached or run.anybody_there or answer.state != State.FAILING:
        run.checked += record(link, answer, started)
    else:
        run.silent.append((link, answer, started))


def _settle_silent(run: Run) -> None:
    """Record those that did not answer, unless nobody did: then it is our own network that is away."""
    hosts = {host_of(link.url) for link, _answer, _started in run.silent}
    if not run.anybody_there and len(hosts) >= TELLING_HOSTS:
        logger.error("links: none of %s hosts answers; is this machine cut off?", len(hosts))
        return
    for link, answer, started in run.silent:
        run.checked += record(link, answer, started)


@transaction.atomic
def record(link: ExternalLink, answer: Answer, started: datetime) -> bool:
    """Note the answer; False if somebody noted one since `started`, or the link is gone.

    One failure proves little. The state is "failing" from the second one on that falls on another day; until then the
    link keeps its state, and `failing_since` tells that it is under suspicion.
    """
    current = ExternalLink.objects.select_for_update().filter(pk=link.pk).first()
    if current is None or (current.checked_at and current.checked_at >= started):
        return False
    current.checked_at, current.status, current.reason = timezone.now(), answer.status, answer.reason
    if answer.later:
        current.state = State.REFUSED if current.state == State.UNCHECKED else current.state
    elif answer.state != State.FAILING:
        current.state, current.failing_since = answer.state, None
    elif current.failing_since is None:
        current.failing_since = started
    elif timezone.localdate(current.failing_since) < timezone.localdate(started):
        current.state = State.FAILING
    current.save(update_fields=["state", "status", "reason", "checked_at", "failing_since"])
    return True
