"""The processes of the site as the demo runs them: the commands of the manual, on one machine."""

from __future__ import annotations

import smtplib
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from celery import Celery

from cms.demo.environment import Demo
from cms.demo.preflight import listening_addresses
from cms.demo.processes import Child
from cms.demo.valkey import start_valkey

START_LIMIT = 120.0
# Browsers talk to it directly, and keep connections open that they may need later. Each of those would hold up one of
# gunicorn's ordinary workers for as long as it says nothing; threads put it aside. In production a proxy is in between.
WEB = ["gunicorn", "--worker-class=gthread", "--threads=8"]
QUEUES = "mail,default,intake,pdf"


class Services:
    """Everything that runs, in the order in which it was started."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.children: list[Child] = []

    def stop(self) -> None:
        """End everything in reverse order: website, beat, worker, mail server, Valkey."""
        while self.children:
            self.children.pop().stop()

    def require(self) -> None:
        """Raise ChildFailed if a process has ended."""
        for child in self.children:
            child.require()

    def start_valkey(self) -> None:
        """Start Valkey and wait until it answers; raises ChildFailed and TimeoutError."""
        demo = self.demo
        self.children.append(start_valkey(demo.valkey, run=demo.run, log=demo.log, data=demo.var / "valkey"))

    def start_mail_server(self) -> None:
        """Start the server that keeps every mail in the outbox; raises ChildFailed and TimeoutError."""
        demo = self.demo
        arguments = ["-m", "cms.demo.outbox", "--port", str(demo.smtp_port), "--dir", str(demo.outbox)]
        child = self._start("smtp", arguments)
        self._wait(child, lambda: _greets(demo.smtp_port))

    def start_worker_and_beat(self, app: Celery) -> None:
        """Start a worker for all queues, and the periodic tasks; raises ChildFailed and TimeoutError."""
        celery = ["-m", "celery", "-A", "cms"]
        worker = self._start("worker", [*celery, "worker", "-Q", QUEUES, "-c", "2", "-l", "info"], grace=30)
        beat = self._start("beat", [*celery, "beat", "-l", "info"])
        self._wait(worker, lambda: bool(app.control.ping(timeout=0.5)))
        beat.require()

    def start_web(self) -> None:
        """Start the website on all loopback addresses; raises ChildFailed and TimeoutError."""
        demo = self.demo
        binds = [f"[{address}]" if ":" in address else address for address in listening_addresses(demo.port)]
        options = [part for address in binds for part in ("--bind", f"{address}:{demo.port}")]
        child = self._start("web", ["-m", *WEB, *options, "cms.wsgi"])
        self._wait(child, lambda: _answers(f"http://127.0.0.1:{demo.port}/healthz"))

    def _start(self, name: str, arguments: list[str], *, grace: float = 10) -> Child:
        child = Child(name, [sys.executable, *arguments], run=self.demo.run, log=self.demo.log, grace=grace)
        child.start()
        self.children.append(child)
        return child

    def _wait(self, child: Child, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_LIMIT
        while not ready():
            child.require()
            if time.monotonic() > deadline:
                raise TimeoutError(f"{child.name} did not answer within {START_LIMIT:.0f} s; see {child.log}")
            time.sleep(0.1)


def _greets(port: int) -> bool:
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=5):
            return True
    except OSError:
        return False


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310  our own http address
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False
