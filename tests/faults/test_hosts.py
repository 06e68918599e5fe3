"""Two web processes and several workers, each on a host of its own: nothing they share lies in a process or on a disk.

The hosts are network namespaces. They have directories of their own and reach database, broker and mail server over
TCP. `make faults` sends 50,000 mails with 1, 2 and 4 workers and says how long that took.
"""

from __future__ import annotations

import http.client
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.faults.conftest import once
from tests.faults.database import ROOT, Database
from tests.faults.hosts import Gateway, Network, NoNamespaces, answers
from tests.faults.post_office import PostOffice
from tests.faults.scene import LIMIT, LONG, Broker, Scene, mail_worker

pytestmark = once

READERS = 50_000 if LONG else 300
WORKERS = (1, 2, 4) if LONG else (1, 2)
EMAIL, PASSWORD = "erika@example.org", "sieben-zwerge-im-harz"
ACCOUNT = f"""
import django
django.setup()
from django.contrib.auth import get_user_model
get_user_model().objects.create_user({EMAIL!r}, {PASSWORD!r})
"""


class Place:
    """The services, the hosts, and what a process on a host has to know."""

    def __init__(self, base: Path, stack: ExitStack) -> None:
        self.base = base
        for name in ("database", "broker"):
            (base / name).mkdir()
        self.network = Network()
        stack.callback(self.network.close)
        for _number in range(max(WORKERS)):
            self.network.add()
        self.office = PostOffice()
        self.office.start()
        stack.callback(self.office.stop)
        self.database = Database(base / "database")
        stack.callback(self.database.server.stop)
        self.broker = Broker(base / "broker")
        stack.callback(self.broker.server.stop)
        gateway = Gateway(self.network.gateway)
        stack.callback(gateway.close)
        self.scene = Scene(base, self.database, self.broker, self.office, [])
        here, address = self.network.gateway, self.broker.address
        redis = gateway.lead_to(address.socket_path or address.port)
        login = f":{address.password}@" if address.password else ""
        database = gateway.lead_to(base / "database" / ".s.PGSQL.5432")
        self._services = {
            "DATABASE_URL": f"postgres://postgres@{here}:{database}/postgres",
            "REDIS_URL": f"redis://{login}{here}:{redis}/0",
            "EMAIL_URL": f"smtp://{here}:{gateway.lead_to(self.office.port)}",
            "MAIL_TASKS": str(max(WORKERS)),
        }

    def environment(self, host: str) -> dict[str, str]:
        directory = self.base / host
        directory.mkdir(exist_ok=True)
        return self.scene.environment | self._services | {"VAR_DIR": str(directory)}


@pytest.fixture(scope="module")
def place(django_db_setup):
    with tempfile.TemporaryDirectory(prefix="ikoe-hosts-", ignore_cleanup_errors=True) as name, ExitStack() as stack:
        base = Path(name)
        base.chmod(0o755)
        try:
            made = Place(base, stack)
        except NoNamespaces as reason:
            pytest.skip(f"several hosts need network namespaces: {reason}")
        made.scene.prepare(READERS, len(WORKERS))
        yield made


def send(place: Place, workers: int) -> float:
    """Seconds from the start of a mailing to its last mail, with one worker on each of so many hosts."""
    scene = place.scene
    scene.mailing = scene.mailings.pop()
    place.office.accepted.clear()
    running = [
        host.run("worker", mail_worker(host.name, 1), place.environment(host.name), place.base)
        for host in place.network.hosts[:workers]
    ]
    # A task for nothing on each of them, so that their start is not counted.
    time.sleep(8 if LONG else 4)
    place.database.query("UPDATE newsletter_mailing SET state = 'sending' WHERE id = %s", scene.mailing)
    begun = time.monotonic()
    try:
        for _worker in range(workers):
            place.broker.ask("newsletter.tasks.deliver_mailing", scene.mailing)
        scene.wait_for(lambda: scene.state() == "complete", "the end of the mailing")
        return time.monotonic() - begun
    finally:
        for worker in running:
            worker.stop()


def test_a_mailing_is_sent_by_workers_on_several_hosts_to_everybody_once(place):
    taken = {}
    for workers in WORKERS:
        taken[workers] = send(place, workers)

        assert place.scene.states() == {"sent": READERS}
        assert len(place.office.accepted) == READERS
        assert set(place.office.accepted.values()) == {1}
    for workers, seconds in taken.items():
        print(f"{workers} hosts: {READERS} mails in {seconds:.1f} s, {taken[1] / seconds:.2f} × one host")


class Form(HTMLParser):
    """The hidden token of a form (Django's protection against forged requests)."""

    token = ""

    def handle_starttag(self, tag, attributes):
        fields = dict(attributes)
        if fields.get("name") == "csrfmiddlewaretoken":
            self.token = fields["value"]


class Visitor:
    """A browser that is sent to another host with every request."""

    def __init__(self) -> None:
        self.cookies: dict[str, str] = {}

    def ask(self, host: str, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection(host, 8000, timeout=60)
        headers = {"Host": "localhost", "Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}
        if fields:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://localhost"}
        connection.request(method, path, urlencode(fields or {}), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        for value in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(value).items()}
        connection.close()
        return answer.status, text


def test_a_login_on_one_host_counts_on_the_other_and_so_does_the_way_out(place):
    environment = place.environment("setup")
    subprocess.run([sys.executable, "-W", "ignore", "-c", ACCOUNT], cwd=ROOT, env=environment, check=True)
    first, second = place.network.hosts[:2]
    for host in (first, second):
        command = [sys.executable, "-W", "ignore", "-m", "gunicorn", "--bind", f"{host.address}:8000", "cms.wsgi"]
        host.run("web", command, place.environment(host.name) | {"BASE_URL": "http://localhost"}, place.base)
    deadline = time.monotonic() + LIMIT
    while not all(answers(host.address, 8000) for host in (first, second)):
        assert time.monotonic() < deadline, "the website does not start"
        time.sleep(0.2)
    visitor, form = Visitor(), Form()

    form.feed(visitor.ask(first.address, "GET", "/konto/login/")[1])
    fields = {"login": EMAIL, "password": PASSWORD, "csrfmiddlewaretoken": form.token}
    logged_in, _text = visitor.ask(second.address, "POST", "/konto/login/", fields)
    on_first, page = visitor.ask(first.address, "GET", "/konto/")
    form.feed(visitor.ask(second.address, "GET", "/konto/logout/")[1])
    visitor.ask(first.address, "POST", "/konto/logout/", {"csrfmiddlewaretoken": form.token})
    afterwards, _text = visitor.ask(second.address, "GET", "/konto/")

    assert (logged_in, on_first, afterwards) == (302, 200, 302)
    assert EMAIL in page
