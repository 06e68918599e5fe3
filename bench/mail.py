"""Newsletters against the wire and against other programs: mails a second to the same smtp-sink, in the same run.

Every mail has about 30 KB, is personal and goes over the loopback interface. "Ende zu Ende" is the real thing: Celery,
Valkey, PostgreSQL with durable commits, a ledger in which every mail is written down.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bench import mail_peers, production, steps
from bench.figures import Figure
from bench.peers import PeerMissing
from bench.production import Foundation

LENGTH = 27_000
RAW, ALONE, END_TO_END, DJANGO, PEER = 20_000, 20_000, 10_000, 600, 400
SMALL, LARGE = 1_000, 1_000_000
MANY, FEW = 100_000, 1_000
SAMPLE = 5_000
CLAIMS = 60
SESSIONS = 8
LIMIT = 300.0


def measure() -> list[Figure]:
    """Rates of all senders and their ratios; memory, growth and claims of ours. Nothing without postfix."""
    try:
        mail_peers.postfix()
    except PeerMissing as missing:
        print(f"left out, because nothing can be compared without it: {missing}", file=sys.stderr)
        return []
    with mail_peers.sink() as port:
        return [*_rates(port), *_sizes(port)]


def _figure(name: str, value: float, unit: str = "Mails/s", **more: Any) -> Figure:
    return Figure("mail", name, value, unit, **more)


def _rates(port: int) -> Iterator[Figure]:
    # The limit before and after everything else: the machine is not the same all the time.
    limits = [mail_peers.raw(port, RAW, LENGTH)]
    alone = [_child("alone", ALONE, SESSIONS, port=port) for _time in range(2)]
    limits.append(mail_peers.raw(port, RAW, LENGTH))
    with _site(port) as site:
        made = site.fill(END_TO_END, END_TO_END)
        ours = {processes: site.send(mailing, processes) for processes, mailing in zip((1, 2), made, strict=True)}
    limits.append(mail_peers.raw(port, RAW, LENGTH))
    django = _child("django_messages", DJANGO, port=port)["rate"]
    limit = sorted(limits)[1]
    yield _figure("smtp-source -d -s 10, roh", limit)
    best = max(alone, key=lambda one: one["rate"])
    share: dict[str, Any] = {"more_is_better": True, "bound_name": "Anteil von smtp-source"}
    yield _figure("Baustein und Sitzung allein", best["rate"], bound=round(0.9 * limit), **share)
    yield _figure("Baustein und Sitzung allein, Rechenzeit", best["cpu"], "µs/Mail")
    for processes, wanted in ((1, 0.35), (2, 0.45)):
        name = f"Ende zu Ende, {processes} Prozess{'e' if processes > 1 else ''}"
        yield _figure(name, ours[processes], bound=round(wanted * limit), **share)
    yield _figure(
        "Ende zu Ende gegen Django send_messages",
        ours[2],
        bound=6 * django,
        bound_name="6 × Django",
        more_is_better=True,
    )
    for peer, name, factor in (("newsletter", "django-newsletter", 20), ("birdsong", "wagtail-birdsong", 6)):
        try:
            rate = mail_peers.rate(peer, port, PEER)
        except PeerMissing as missing:
            print(f"left out: {missing}", file=sys.stderr)
            continue
        yield _figure(
            f"Ende zu Ende gegen {name}", ours[2], bound=factor * rate, bound_name=f"{factor} × {name}",
            more_is_better=True,
        )  # fmt: skip


def _sizes(port: int) -> Iterator[Figure]:
    with _site(port) as site:
        few, many, small, large = site.fill(FEW, MANY, SMALL, LARGE)
        peaks = [site.step("drain", mailing, size)["peak"] for mailing, size in ((few, FEW), (many, MANY))]
        # In turn, because the machine is not the same all the time; the small one is warmed up by `few`.
        costs = [site.step("drain", mailing, SMALL)["cpu"] for mailing in (small, large)]
        sample = site.step("drain", large, SAMPLE)["cpu"]
        claims = site.step("claims", large, CLAIMS)
    yield _figure(
        "Speicher, 100.000 statt 1.000 Empfänger", peaks[1] - peaks[0], "MB", bound=20, bound_name="gefordert"
    )
    yield _figure(
        "Rechenzeit je Mail, 1.000.000 statt 1.000 Zeilen", costs[1] / costs[0], "×", bound=1.1, bound_name="gefordert"
    )
    yield _figure("Rechenzeit je Mail bei 1.000.000 Zeilen", sample, "µs/Mail")
    for name, key in (("Median", "median"), ("p95", "p95")):
        yield _figure(
            f"nächster Griff bei 1.000.000 Zeilen, {name}", claims[key], "ms", bound=10, bound_name="gefordert"
        )


@contextmanager
def _site(port: int) -> Iterator[Site]:
    """One whose commits are durable, so that what is written down costs what it costs in production."""
    with production.foundation(
        fsync="on", full_page_writes="on", shared_buffers="512MB", max_wal_size="4GB"
    ) as foundation:
        yield Site(foundation, port)


@dataclass(frozen=True, slots=True)
class Site:
    """A site that sends its mails to a port, and has workers when they are needed."""

    foundation: Foundation
    port: int

    @property
    def environment(self) -> dict[str, str]:
        """That of its processes."""
        return self.foundation.environment(**_mail_settings(self.port), MAIL_SESSIONS=str(SESSIONS))

    def step(self, *arguments: str | int) -> dict[str, Any]:
        """What a step of `bench.mail_work` finds out on this site."""
        return _step(self.environment, *arguments)

    def fill(self, *sizes: int) -> list[int]:
        """Paused mailings to so many readers; their keys in the same order."""
        return list(self.step("fill", *sizes).values())

    def send(self, mailing: int, processes: int) -> float:
        """Mails a second of a mailing that Celery workers send, from the first task to the last row."""
        from cms.demo.processes import Child
        from tests.faults.scene import mail_worker

        database, broker = self.foundation.database, self.foundation.broker
        place = self.foundation.directory
        worker = Child("worker", mail_worker("worker", processes), run=place, log=place)
        worker.start(self.environment | {"MAIL_TASKS": str(processes)})
        try:
            # A task for nothing, so that the start of the worker is not counted.
            for _process in range(processes):
                broker.ask("newsletter.tasks.deliver_mailing", mailing)
            time.sleep(8)
            database.query("UPDATE newsletter_mailing SET state = 'sending' WHERE id = %s", mailing)
            begun = time.perf_counter()
            for _process in range(processes):
                broker.ask("newsletter.tasks.deliver_mailing", mailing)
            while self._state(mailing) != "complete":
                assert time.perf_counter() - begun < LIMIT, "the mailing takes too long"
                time.sleep(0.05)
            seconds = time.perf_counter() - begun
        finally:
            worker.stop()
        counted = database.query(
            "SELECT state, count(*) FROM newsletter_delivery WHERE mailing_id = %s GROUP BY 1", mailing
        )
        assert dict(counted) == {"sent": END_TO_END}, counted
        print(f"{processes} processes: {END_TO_END} mails in {seconds:.1f} s", file=sys.stderr, flush=True)
        return END_TO_END / seconds

    def _state(self, mailing: int) -> str:
        return str(self.foundation.database.query("SELECT state FROM newsletter_mailing WHERE id = %s", mailing)[0][0])


def _mail_settings(port: int) -> dict[str, str]:
    return {"BASE_URL": "http://www.example.org", "EMAIL_URL": f"smtp://127.0.0.1:{port}"}


def _child(*arguments: str | int, port: int) -> dict[str, Any]:
    return _step(production.environment(**_mail_settings(port)), *arguments)


def _step(environment: dict[str, str], *arguments: str | int) -> dict[str, Any]:
    found: dict[str, Any] = steps.run("-m", "bench.mail_work", *arguments, environment=environment)
    print(" ".join(map(str, arguments)), found, file=sys.stderr, flush=True)
    return found
