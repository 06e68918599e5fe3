"""The whole site for a journey: demo content, worker, broker and a mail server that keeps what it gets."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar

from celery import Celery

from cms.demo.valkey import choose_address, start_valkey
from tests.browser.demo_site import PATIENCE, DemoSite, running_demo_site
from tests.mail_server import MailServer, start_mail_server

Value = TypeVar("Value")


@dataclass
class Town:
    """Where a journey happens. `password` is that of all accounts of the demo."""

    site: DemoSite
    password: str
    mail: MailServer
    directory: Path
    broker: str
    # Of those who have been at the desk, by role.
    cookies: dict[str, list[Any]] = field(default_factory=dict)

    def letter(self, address: str, subject: str = "") -> EmailMessage:
        """The newest mail to an address with these words in its subject, as soon as it is there."""

        def found() -> EmailMessage | None:
            for received in reversed(self.mail.received):
                if address in received.recipients and subject in str(received.message["Subject"]):
                    return received.message
            return None

        return until(found, f"a mail “{subject}” to {address}")

    def ask(self, task: str) -> None:
        """Queue a task, as the scheduler does when its time has come."""
        with self._celery() as app:
            app.send_task(task, queue="default")

    @contextmanager
    def waiting(self, queue: str) -> Iterator[None]:
        """Until the context ends, the worker takes nothing from this queue, however quick it is otherwise."""
        with self._celery() as app:
            said = app.control.cancel_consumer(queue, reply=True, timeout=PATIENCE, limit=1)
            assert said, "the worker did not answer"
            yield
            app.control.add_consumer(queue, reply=True, timeout=PATIENCE, limit=1)

    @contextmanager
    def _celery(self) -> Iterator[Celery]:
        # Not the current app of this process: the tasks of other tests would go to it.
        broker = self.broker.replace("unix://", "redis+socket://", 1)
        with closing(Celery(broker=broker, set_as_current=False)) as app:
            yield app

    def read(self, question: str, *values: str) -> list[tuple[Any, ...]]:
        """What the database of the site says."""
        with closing(self._database()) as database:
            return database.execute(question, values).fetchall()

    def change(self, statement: str, *values: str) -> int:
        """Change rows of the database behind the back of the site; returns how many."""
        with closing(self._database()) as database, database:
            return database.execute(statement, values).rowcount

    def _database(self) -> sqlite3.Connection:
        return sqlite3.connect(self.directory / "db.sqlite3", timeout=PATIENCE)


def until(look: Callable[[], Value | None], what: str) -> Value:
    """What `look` finds, as soon as it finds something."""
    deadline = time.monotonic() + PATIENCE
    while (found := look()) is None:
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.05)
    return found


def text_of(letter: EmailMessage) -> str:
    """The plain text of a mail."""
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link_in(letter: EmailMessage, part: str) -> str:
    """The address in the text of a mail that contains this part."""
    found = re.search(rf"https?://\S*{re.escape(part)}\S*", text_of(letter))
    assert found, f"no link to {part}"
    return found[0]


@contextmanager
def running_town(directory: Path, content: Path) -> Iterator[Town]:
    """A town below `directory` with this content until the context ends. Its staff needs a second factor."""
    run = directory / "run"
    address = choose_address(run)
    broker = start_valkey(address, run=run, log=directory / "log", data=directory / "valkey")
    mail, controller = start_mail_server()
    settings = {"REDIS_URL": address.url, "EMAIL_URL": mail.url, "STAFF_MFA": "required"}
    try:
        with running_demo_site(directory, content=content, worker=True, **settings) as site:
            password = (directory / "demo" / "password").read_text().strip()
            yield Town(site, password, mail, directory, address.url)
    finally:
        controller.stop()
        broker.stop()
