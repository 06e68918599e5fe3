"""A mailing with everything it needs, each part of which can be killed: database, broker, mail server, workers."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import redis

from cms.demo.processes import Child
from cms.demo.valkey import choose_address, start_valkey
from tests.faults.database import ROOT, Database, SqliteDatabase
from tests.faults.post_office import PostOffice

# `FAULTS=long` is `make faults`.
LONG = os.environ.get("FAULTS") == "long"
READERS = 20_000 if LONG else 400
# The worker has so many processes, and each of them so many connections to the mail server.
PROCESSES, SESSIONS = 2, 4
LIMIT = 1_200.0 if LONG else 120.0
STEP = 0.25


class Broker:
    """A Valkey server that can be killed and comes back at the same address, with or without what it knew."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.address = choose_address(directory)
        self.start()

    def start(self) -> None:
        self.server = start_valkey(self.address, run=self.directory, log=self.directory, data=self.directory / "data")

    def kill(self, *, forget: bool = False) -> None:
        os.kill(self.server.pid, signal.SIGKILL)
        self.server.stop()
        if forget:
            for path in (self.directory / "data").rglob("*"):
                if path.is_file():
                    path.unlink()

    def flush(self) -> None:
        with redis.Redis.from_url(self.address.url) as client:
            client.flushall()

    def ask(self, task: str, *arguments: int) -> None:
        """Queue a task as the site does; nothing happens while the broker is away."""
        from celery import Celery
        from kombu.exceptions import OperationalError

        # Not the current app of this process: the tasks of other tests would go to it.
        app = Celery(broker=self.address.url.replace("unix://", "redis+socket://", 1), set_as_current=False)
        app.conf.broker_transport_options = {"socket_connect_timeout": 1, "socket_timeout": 1}
        try:
            app.send_task(task, args=arguments, queue="mail", retry=False)
        except (OperationalError, OSError):
            pass
        finally:
            app.close()


def mail_worker(name: str, processes: int) -> list[str]:
    """The command of a Celery worker on the queue of mailings."""
    command = [sys.executable, "-W", "ignore", "-m", "celery", "-A", "cms", "worker", "-Q", "mail", "-n", name]
    return [*command, "-c", str(processes), "--loglevel", "WARNING", "--without-mingle", "--without-gossip"]


class Worker(Child):
    """A real Celery worker on the queue of mailings."""

    def __init__(self, name: str, scene: Scene) -> None:
        super().__init__(name, mail_worker(name, PROCESSES), run=scene.directory, log=scene.directory)
        self.environment = scene.environment
        self.start(self.environment)

    def kill(self) -> None:
        """What a lost machine does to it: no process of the worker gets to say a word."""
        os.killpg(self.pid, signal.SIGKILL)
        self.stop()

    def restart(self) -> None:
        self.kill()
        self.start(self.environment)


@dataclass
class Scene:
    """Everything a mailing needs, and the mailing itself once `begin` was called."""

    directory: Path
    database: Database | SqliteDatabase
    broker: Broker
    office: PostOffice
    mailings: list[int]
    mailing: int = 0
    worker: Worker | None = None
    chance: random.Random = random.Random(7)  # noqa: RUF009, S311 - the same faults every time.
    faults: int = 0

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.worker_settings",
            "DEBUG": "1",
            "SECRET_KEY": "tests-only-key-that-protects-nothing-at-all-0000000000000000",
            "DATABASE_URL": self.database.url,
            "REDIS_URL": self.broker.address.url,
            "EMAIL_URL": self.office.url,
            "MAIL_SESSIONS": str(SESSIONS),
            "MAIL_TASKS": str(PROCESSES),
            "VAR_DIR": str(self.directory / "var"),
        }

    def prepare(self, readers: int, mailings: int) -> None:
        command = [sys.executable, "-W", "ignore", "-m", "tests.faults.prepare", str(readers), str(mailings)]
        run = subprocess.run(command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True, check=True)
        self.mailings = json.loads(run.stdout.splitlines()[-1])

    def begin(self) -> None:
        """Let the next mailing go, with a fresh memory of the mail server."""
        self.mailing, self.faults = self.mailings.pop(), 0
        self.office.accepted.clear()
        self.office.addresses.clear()
        self.office.faults.clear()
        self.office.seconds, self.office.pipelining, self.office.most_mails = 0.0, True, 1_000_000
        self.office.most_connections = self.office.connections
        self.database.query("UPDATE newsletter_mailing SET state = 'sending' WHERE id = %s", self.mailing)
        if self.worker is None or not self.worker.running:
            self.worker = Worker("worker", self)

    def beat(self) -> None:
        """What `celery beat` does every 30 seconds, and twice at once."""
        for _time in range(2):
            self.broker.ask("newsletter.tasks.sweep_mailings")

    def wait_for(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + LIMIT
        beaten = 0.0
        while not condition():
            assert time.monotonic() < deadline, f"waited too long for {what}: {self.states()}"
            if time.monotonic() - beaten > 1:
                self.beat()
                beaten = time.monotonic()
            time.sleep(STEP if not LONG else 0.02)

    def wait_for_share(self, share: float) -> None:
        """Until this share of the readers has the mail."""
        self.wait_for(lambda: self.office.total >= READERS * share, f"{share:.0%} of the mails")

    def wait_for_end(self) -> None:
        def ended() -> bool:
            # An hour later: what was put off is due.
            self.database.query(
                "UPDATE newsletter_delivery SET not_before = now() WHERE state IN ('deferred', 'pending') "
                "AND not_before > now() AND mailing_id = %s",
                self.mailing,
            )
            return self.state() == "complete"

        self.wait_for(ended, "the end of the mailing")

    def state(self) -> str:
        return str(self.database.query("SELECT state FROM newsletter_mailing WHERE id = %s", self.mailing)[0][0])

    def states(self) -> dict[str, int]:
        sql = "SELECT state, count(*) FROM newsletter_delivery WHERE mailing_id = %s GROUP BY state"
        return dict(self.database.query(sql, self.mailing))

    def check(self, *, uncertain: int, words: str) -> None:
        """Nobody lost, nobody twice, at most so many in doubt, and each of those is listed."""
        # A worker that waits for the database still has something to say about what the sweep calls uncertain.
        self.wait_for(lambda: self.states().get("uncertain", 0) <= uncertain, f"at most {uncertain} uncertain rows")
        self.wait_for_end()
        sql = "SELECT d.message_id, d.state, d.reply FROM newsletter_delivery d WHERE d.mailing_id = %s ORDER BY d.id"
        rows = {message: (state, reply) for message, state, reply in self.database.query(sql, self.mailing)}
        doubtful = {message for message, (state, _reply) in rows.items() if state == "uncertain"}
        sent = {message for message, (state, _reply) in rows.items() if state == "sent"}
        accepted = self.office.accepted
        delivered = len(doubtful & set(accepted))
        print(
            f"{words}: {len(rows)} rows, {len(sent)} sent, {len(doubtful)} uncertain (at most {uncertain}), "
            f"{delivered} of them delivered; {self.office.total} accepted over up to {self.office.most_connections} "
            "connections"
        )
        assert len(rows) == READERS
        assert sent | doubtful == set(rows), f"every row is settled: {self.states()}"
        assert max(accepted.values()) == 1, "nobody got it twice"
        assert sent <= set(accepted), "nobody is lost"
        assert set(accepted) <= set(rows), "nothing else was sent"
        assert all(rows[message][1] for message in doubtful), "what is uncertain says why"
        assert len(doubtful) <= uncertain
