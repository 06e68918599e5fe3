"""The demo from start to end: prepare, start every process, run the main job once, show the website."""

from __future__ import annotations

import errno
import signal
import sqlite3
import sys
import time
from types import FrameType

from django.core.management import CommandError
from django.db import OperationalError

from cms.celery import app
from cms.demo import main_job, preflight, preparation, summary
from cms.demo.environment import Demo, DemoError
from cms.demo.processes import ChildFailed
from cms.demo.progress import Progress
from cms.demo.services import Services

INTERRUPTED = 128 + signal.SIGINT


def run(demo: Demo) -> int:
    """Run the demo; returns the exit status. Failures that a person can mend are one sentence on stderr."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    progress = Progress(sys.stdout)
    try:
        with preflight.only_demo(demo) as ended:
            return _run_alone(demo, progress, ended)
    except KeyboardInterrupt:
        progress.line("\nAbgebrochen.")
        return INTERRUPTED
    except Exception as error:
        sentence = _sentence(error, demo)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)
        return 1


def _run_alone(demo: Demo, progress: Progress, ended: list[str]) -> int:
    progress.line(f"IKOE-Demo in {demo.var}")
    if ended:
        progress.line(f"  Übrig gebliebene Prozesse einer früheren Demo beendet: {', '.join(ended)}")
    if demo.serve:
        preflight.require_port(demo)
    preflight.require_libraries()
    services = Services(demo)
    try:
        preparation.prepare(demo, progress)
        _start(services, progress)
        outcome = main_job.run(demo, services, progress)
        result = summary.write(demo, outcome)
        if demo.serve:
            with progress.step("Website starten"):
                services.start_web()
        summary.show(demo, result, outcome, progress)
        if demo.serve:
            progress.line("\nStrg+C beendet die Demo.")
            _serve(services, progress)
        return 0
    finally:
        # A second Ctrl-C must not leave half of the processes behind; each has a limit of its own.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        services.stop()


def _start(services: Services, progress: Progress) -> None:
    with progress.step("Valkey starten"):
        services.start_valkey()
    with progress.step("Mailserver starten (legt Mails nur ab)"):
        services.start_mail_server()
    with progress.step("Worker und Zeitplaner starten"):
        services.start_worker_and_beat(app)


def _serve(services: Services, progress: Progress) -> None:
    """Watch the processes until somebody ends the demo."""
    try:
        while True:
            services.require()
            time.sleep(0.5)
    except KeyboardInterrupt:
        progress.line("\nDie Demo wird beendet …")


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _sentence(error: Exception, demo: Demo) -> str | None:
    """Return what a person needs to know about a failure that is no fault of the program, else None."""
    if isinstance(error, DemoError | CommandError):
        return str(error)
    if isinstance(error, ChildFailed):
        child = error.child
        return f"Der Prozess „{child.name}“ hat sich beendet (Status {child.status}); siehe {child.log}."
    if isinstance(error, TimeoutError):
        return f"{error}."
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    cause = error.__cause__ if isinstance(error, OperationalError) else None
    if full or (isinstance(cause, sqlite3.Error) and cause.sqlite_errorcode == sqlite3.SQLITE_FULL):
        return str(preflight.disk_full(demo.var))
    return None
