"""The figures, read from database and Redis in the moment in which Prometheus asks: no process is asked for them.

Names follow https://prometheus.io/docs/practices/naming/. No label names a person or an address.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import chain

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count, F, Max, Min, Sum
from django.utils import timezone
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.registry import Collector

from archive.documentation.models import DocumentationBuild
from archive.models import DocumentVersion
from cms.monitoring import counters
from newsletter.models import Delivery, Mailing
from newsletter.sending.claiming import DUE, OPEN

logger = logging.getLogger(__name__)

QUEUES = ("mail", "default", "intake", "pdf")
# A mailing is shown until a day after its end, so that its last figures are seen.
SHOWN_AFTER = timedelta(days=1)
# Counting the rows of a large mailing takes long. It takes at most this share of the time of one connection.
COUNTING_SHARE = 0.1


class SiteCollector(Collector):
    """Everything that is watched. What cannot be read is left out, and `ikoe_up` says so."""

    def __init__(self) -> None:
        self._deliveries: list[Metric] = []
        self._count_again_at = 0.0

    def describe(self) -> Iterable[Metric]:
        """Nothing: to be registered takes no look at the database."""
        return ()

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("ikoe_up", "1 if database or broker answer", labels=["part"])
        found: list[Metric] = []
        parts: dict[str, Callable[[], Iterable[Metric]]] = {"database": self._of_database, "broker": _of_broker}
        for part, read in parts.items():
            try:
                found += read()
                up.add_metric([part], 1)
            except (DatabaseError, redis.RedisError, OSError) as error:
                logger.warning("metrics: no %s: %s", part, type(error).__name__)
                up.add_metric([part], 0)
        # Every request is served by a thread of its own, and Django keeps connections by thread.
        if not connection.in_atomic_block:
            connection.close()
        yield up
        yield from found

    def _of_database(self) -> Iterable[Metric]:
        return list(chain(_mailings(), self._of_deliveries(), _builds(), _versions()))

    def _of_deliveries(self) -> list[Metric]:
        begun = time.monotonic()
        if begun >= self._count_again_at:
            self._deliveries = list(_deliveries())
            taken = time.monotonic() - begun
            self._count_again_at = time.monotonic() + taken / COUNTING_SHARE - taken
        return self._deliveries


def _age(moment: object) -> float:
    """Seconds since then; 0 if there is no such moment."""
    return max((timezone.now() - moment).total_seconds(), 0.0) if moment else 0.0  # type: ignore[operator]


def _gauge(name: str, words: str, values: dict[str, float], label: str) -> Metric:
    metric = GaugeMetricFamily(name, words, labels=[label])
    for key, value in values.items():
        metric.add_metric([key], value)
    return metric


def _mailings() -> Iterator[Metric]:
    rows = dict(Mailing.objects.order_by().values_list("state").annotate(Count("pk")))
    yield _gauge(
        "ikoe_mailings", "Mailings by state", {state: rows.get(state, 0) for state in Mailing.State.values}, "state"
    )
    now = timezone.now()
    sending = Mailing.objects.filter(state=Mailing.State.SENDING)
    # One row of an index for each mailing and state.
    moments = [
        Delivery.objects.filter(mailing=mailing, state=state, not_before__lte=now).aggregate(Min("not_before"))
        for mailing in sending.values_list("pk", flat=True)
        for state in DUE
    ]
    oldest = min((moment["not_before__min"] for moment in moments if moment["not_before__min"]), default=None)
    yield GaugeMetricFamily(
        "ikoe_oldest_waiting_delivery_seconds",
        "How long the delivery that is due the longest waits, of mailings that are being sent",
        _age(oldest),
    )


def _deliveries() -> Iterator[Metric]:
    recent = Mailing.objects.filter(state__in=[Mailing.State.SENDING, Mailing.State.PAUSED])
    recent |= Mailing.objects.filter(finished_at__gte=timezone.now() - SHOWN_AFTER)
    metric = GaugeMetricFamily(
        "ikoe_mailing_deliveries", "Deliveries of mailings of the last day", labels=["mailing", "state"]
    )
    waiting = 0
    for mailing in recent.values_list("pk", flat=True):
        rows = dict(Delivery.objects.filter(mailing=mailing).order_by().values_list("state").annotate(Count("pk")))
        for state in Delivery.State.values:
            metric.add_metric([str(mailing), state], rows.get(state, 0))
        waiting += sum(rows.get(state, 0) for state in OPEN)
    yield metric
    yield GaugeMetricFamily("ikoe_waiting_deliveries", "Deliveries that are not settled", waiting)


def _builds() -> Iterator[Metric]:
    builds = DocumentationBuild.objects.order_by()
    rows = dict(builds.values_list("state").annotate(Count("pk")))
    states = {state: float(rows.get(state, 0)) for state in DocumentationBuild.State.values}
    yield _gauge("ikoe_documentation_builds", "Builds of documentations by state", states, "state")
    finished = builds.filter(started_at__isnull=False, finished_at__isnull=False)
    taken = finished.aggregate(count=Count("pk"), sum=Sum(F("finished_at") - F("started_at")))
    yield SummaryMetricFamily(
        "ikoe_documentation_build_seconds",
        "How long builds of documentations took",
        count_value=taken["count"],
        sum_value=taken["sum"].total_seconds() if taken["sum"] else 0.0,
    )
    lately = finished.filter(finished_at__gte=timezone.now() - timedelta(days=1))
    slowest = lately.aggregate(most=Max(F("finished_at") - F("started_at")))["most"]
    yield GaugeMetricFamily(
        "ikoe_documentation_slowest_build_seconds",
        "The longest build of the last day",
        slowest.total_seconds() if slowest else 0.0,
    )
    waiting = builds.filter(state=DocumentationBuild.State.WAITING).aggregate(Min("requested_at"))
    yield GaugeMetricFamily(
        "ikoe_oldest_waiting_build_seconds",
        "How long the oldest build waits for a worker",
        _age(waiting["requested_at__min"]),
    )


def _versions() -> Iterator[Metric]:
    versions = DocumentVersion.objects.present().order_by()
    rows = dict(versions.values_list("extraction").annotate(Count("pk")))
    states = {state: float(rows.get(state, 0)) for state in DocumentVersion.Extraction.values}
    yield _gauge("ikoe_document_versions", "Files of the archive by the state of their reading", states, "extraction")
    waiting = versions.filter(extraction=DocumentVersion.Extraction.WAITING).aggregate(Min("extraction_since"))
    yield GaugeMetricFamily(
        "ikoe_oldest_waiting_extraction_seconds",
        "How long the oldest file waits to be read",
        _age(waiting["extraction_since__min"]),
    )
    yield GaugeMetricFamily(
        "ikoe_damaged_files", "Files that are missing or not what they were", versions.exclude(damage="").count()
    )


def _of_broker() -> list[Metric]:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2, retry=None)
    try:
        # Kombu keeps a queue as a list of its name.
        lengths = {queue: float(client.llen(queue)) for queue in QUEUES}
        failed = CounterMetricFamily("ikoe_failed_tasks", "Tasks that ended with an error", labels=["task"])
        for task, number in sorted(counters.read(client, counters.FAILED_TASKS).items()):
            failed.add_metric([task], number)
        logins = CounterMetricFamily("ikoe_login_failures", "Logins with a wrong password or of nobody")
        logins.add_metric([], counters.read(client, counters.LOGIN_FAILURES).get("password", 0))
        success = counters.read(client, counters.LAST_SUCCESS)
    finally:
        client.close()
    return [
        _gauge("ikoe_queue_length", "Tasks that wait for a worker", lengths, "queue"),
        failed,
        logins,
        _gauge("ikoe_task_last_success_timestamp_seconds", "When a task of this name last went well", success, "task"),
    ]
