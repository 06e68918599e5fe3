"""A mailing under fire: nobody is lost, nobody gets it twice, and what is uncertain is named."""

from __future__ import annotations

import datetime
import os
import random
import signal
import sqlite3
import sys
import time

import pytest
import redis
import time_machine
from django.db import connection
from django.utils import timezone

from cms.demo.processes import Child
from newsletter.models import Delivery, Mailing, NewsletterIndexPage, NewsletterIssuePage, Subscriber
from newsletter.sending import delivering, mailings, sweeping
from tests.basic_content import ensure_legal_pages
from tests.faults.post_office import open_post_office

LEDGER = (
    "SELECT s.email, d.state FROM newsletter_delivery d "
    "JOIN newsletter_subscriber s ON s.id = d.subscriber_id WHERE d.mailing_id = {}"
)
# The figures of the small run. One worker with two processes: two sessions.
READERS, KILLS, SESSIONS = 300, 3, 2
LIMIT = 120.0


@pytest.fixture
def post_office():
    office, controller = open_post_office(seconds=0.01)
    yield office
    controller.stop()


@pytest.fixture
def mailing(site):
    Subscriber.objects.bulk_create(
        [Subscriber(email=f"leser{number}@example.org", state=Subscriber.State.ACTIVE) for number in range(READERS)]
    )
    ensure_legal_pages(site.root_page)
    index = site.root_page.add_child(instance=NewsletterIndexPage(title="Newsletter", slug="newsletter"))
    issue = index.add_child(
        instance=NewsletterIssuePage(
            title="1", slug="1", number="1", subject="Unter Beschuss", body=[("text", "<p>Text</p>")]
        )
    )
    return mailings.start_mailing(issue)


class Ledger:
    """The database of the test as other processes see it. One in memory is copied to a file first."""

    def __init__(self, directory):
        values = connection.settings_dict
        if connection.vendor == "sqlite":
            self.path = directory / "ledger.sqlite3"
            with sqlite3.connect(self.path) as copy:
                connection.connection.backup(copy)
            copy.close()
            self.url = f"sqlite:///{self.path}"
        else:
            self.path = None
            server = f"{values['HOST']}:{values['PORT'] or 5432}" if values["HOST"] else ""
            socket = values["OPTIONS"].get("host", "")
            self.url = f"postgres://{values['USER']}:{values['PASSWORD']}@{server}/{values['NAME']}"
            self.url += f"?host={socket}" if socket else ""

    def query(self, sql):
        if self.path is None:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchall()
        with sqlite3.connect(self.path, timeout=20) as file:
            rows = file.execute(sql).fetchall()
        file.close()
        return rows

    def state(self, mailing):
        return self.query(f"SELECT state FROM newsletter_mailing WHERE id = {mailing.pk}")[0][0]  # noqa: S608


class Worker(Child):
    """A real Celery worker on the queue of mailings."""

    def __init__(self, ledger, broker, office, directory):
        command = [sys.executable, "-W", "ignore", "-m", "celery", "-A", "cms", "worker", "-Q", "mail"]
        command += ["-c", str(SESSIONS), "--loglevel", "WARNING", "--without-mingle", "--without-gossip"]
        super().__init__("worker", command, run=directory, log=directory)
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.worker_settings",
            "DATABASE_URL": ledger.url,
            "REDIS_URL": broker,
            "EMAIL_URL": f"smtp://127.0.0.1:{office.port}",
            "VAR_DIR": str(directory),
        }

    def kill(self):
        """What a lost machine does to it: no process of the worker gets to say a word."""
        os.killpg(self.pid, signal.SIGKILL)
        self.stop()


def beat():
    """What `celery beat` does every 30 seconds, and twice at once."""
    from cms.celery import app

    for _time in range(2):
        app.send_task("newsletter.tasks.sweep_mailings", queue="mail")


def wait_for(condition, what):
    deadline = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < deadline, f"waited too long for {what}"
        beat()
        time.sleep(0.5)


@pytest.mark.django_db(transaction=True)
def test_killed_workers_and_a_flushed_broker_lose_and_double_nobody(mailing, post_office, broker, tmp_path):
    ledger = Ledger(tmp_path)
    chance = random.Random(7)  # noqa: S311
    worker = Worker(ledger, broker, post_office, tmp_path)
    worker.start(worker.environment)
    try:
        for turn in range(1, KILLS + 1):
            aim = READERS * turn // (KILLS + 2)
            wait_for(lambda aim=aim: sum(post_office.accepted.values()) >= aim, f"{aim} mails")
            time.sleep(chance.uniform(0, 0.2))
            worker.kill()
            if turn == KILLS:
                with redis.Redis.from_url(broker) as client:
                    client.flushall()
            worker.start(worker.environment)
        wait_for(lambda: ledger.state(mailing) == Mailing.State.COMPLETE, "the end of the mailing")
    finally:
        worker.stop()

    rows = dict(ledger.query(LEDGER.format(mailing.pk)))
    uncertain = {address for address, state in rows.items() if state == Delivery.State.UNCERTAIN}
    sent = {address for address, state in rows.items() if state == Delivery.State.SENT}
    assert len(rows) == READERS
    assert sent | uncertain == set(rows), "every row is settled"
    assert max(post_office.accepted.values()) == 1, "nobody got it twice"
    assert sent <= set(post_office.accepted), "nobody is lost"
    assert len(uncertain) <= KILLS * SESSIONS


@pytest.mark.django_db
def test_a_server_that_drops_connections_makes_uncertain_only_what_it_may_have_taken(mailing, post_office, settings):
    settings.EMAIL_SERVERS = [{"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": post_office.port}]
    post_office.seconds = 0.0
    post_office.faults |= {"leser3@example.org": "drop-envelope", "leser77@example.org": "drop-envelope"}
    post_office.faults |= {"leser5@example.org": "drop-content", "leser120@example.org": "drop-content"}
    post_office.faults |= {f"leser{number}@example.org": "refuse" for number in range(200, 215)}

    with time_machine.travel(timezone.now(), tick=True) as clock:
        for _turn in range(3):
            delivering.deliver(mailing.pk)
            clock.shift(datetime.timedelta(hours=1))
            sweeping.sweep()

    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.COMPLETE
    assert mailings.figures(mailing)["uncertain"] == 2
    assert mailings.figures(mailing)["sent"] == READERS - 2
    uncertain = mailing.deliveries.filter(state=Delivery.State.UNCERTAIN).select_related("subscriber")
    assert {row.subscriber.email for row in uncertain} == {"leser5@example.org", "leser120@example.org"}
    assert max(post_office.accepted.values()) == 1
    assert len(post_office.accepted) == READERS
