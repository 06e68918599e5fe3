"""The website under load while its workers are killed: nobody sees an error but a short "gleich wieder da".

`make faults` does it for ten minutes with 64 visitors and a kill every 20 seconds, and watches the memory.
"""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from bench import servers
from tests.conftest import find_tool
from tests.faults.conftest import once
from tests.faults.database import ROOT, SqliteDatabase
from tests.faults.scene import LONG

pytestmark = [once, pytest.mark.nginx]

VISITORS = 64 if LONG else 8
SECONDS = 600.0 if LONG else 6.0
EVERY = 20.0 if LONG else 1.5
WORKERS = 2
# What a worker may grow by after it has warmed up, in MB of all of them together.
GROWTH = 40.0
# Kept by nobody (a query), kept by the proxy, and a page with a form.
PATHS = ("/?a={number}", "/", "/archiv/?q=Harz", "/konto/login/", "/gibt-es-nicht/")
PROXY = """
    set $application ikoe;
    proxy_set_header Host $http_host;
    proxy_http_version 1.1;
    location / {{ include {deploy}/pages.conf; error_page 502 504 =503 /neustart; }}
    location = /neustart {{ internal; return 503 "gleich wieder da"; }}
"""
HTTP = """
    include cache.conf;
    upstream ikoe {{ server 127.0.0.1:{port} max_fails=0; server 127.0.0.1:{port} max_fails=0; }}
"""


class Visitor(threading.Thread):
    """Asks for one page after the other over one connection, and counts the answers."""

    def __init__(self, port: int, until: float) -> None:
        super().__init__(daemon=True)
        self.port, self.until = port, until
        self.answers: Counter[int] = Counter()
        self.cut_off = 0
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def run(self) -> None:
        number = 0
        while time.monotonic() < self.until:
            number += 1
            self.ask(PATHS[number % len(PATHS)].format(number=f"{self.name}-{number}"))
        self.connection.close()

    def ask(self, path: str) -> None:
        self.connection.request("GET", path, headers={"Host": "localhost"})
        answer = self.connection.getresponse()
        try:
            answer.read()
        except http.client.IncompleteRead:
            self.cut_off += 1
            self.connection.close()
        else:
            self.answers[answer.status] += 1


@pytest.fixture
def place(django_db_setup):
    """A directory with the database of a site that has pages, and the environment of its processes."""
    with tempfile.TemporaryDirectory(prefix="ikoe-web-", ignore_cleanup_errors=True) as name:
        directory = Path(name)
        directory.chmod(0o755)
        database = SqliteDatabase(directory)
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "bench.settings", "DEBUG": "1", "BASE_URL": "http://localhost",
            "DATABASE_URL": database.url, "REDIS_URL": "redis://127.0.0.1:1/0", "VAR_DIR": str(directory),
            "STAFF_MFA": "optional",
        }  # fmt: skip
        command = [sys.executable, "-W", "ignore", "-m", "tests.faults.prepare", "1", "0"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        yield directory, environment


def test_nobody_sees_an_error_while_workers_are_killed(place):
    directory, environment = place
    deploy = ROOT / "deploy" / "nginx"
    cache = (deploy / "cache.conf").read_text().replace("/var/cache/ikoe-pages", str(directory / "pages"))
    (directory / "cache.conf").write_text(cache)
    kills, sizes = 0, []

    with (
        servers.gunicorn(directory, WORKERS, environment) as site,
        servers.nginx(
            find_tool("nginx"), directory, http=HTTP.format(port=site.port), server=PROXY.format(deploy=deploy)
        ) as proxy,
    ):
        # Templates are read and pictures scaled when a page is shown for the first time.
        warm = Visitor(proxy.port, 0)
        for path in PATHS * WORKERS:
            warm.ask(path)
        warm.connection.close()
        until = time.monotonic() + SECONDS
        visitors = [Visitor(proxy.port, until) for _visitor in range(VISITORS)]
        for visitor in visitors:
            visitor.start()
        while time.monotonic() < until - EVERY / 2:
            time.sleep(EVERY)
            sizes.append(site.memory())
            with suppress(ProcessLookupError):
                os.kill(site.workers[kills % len(site.workers)], signal.SIGKILL)
                kills += 1
        for visitor in visitors:
            visitor.join(60)

    answers = sum((visitor.answers for visitor in visitors), Counter())
    cut_off = sum(visitor.cut_off for visitor in visitors)
    print(
        f"{sum(answers.values())} answers {dict(answers)}, {cut_off} cut off, {kills} workers killed, "
        f"{sizes[0]:.0f}–{max(sizes):.0f} MB"
    )
    assert kills >= 3
    assert set(answers) <= {200, 404, 503}
    assert answers[503] < 0.02 * sum(answers.values())
    # What has begun to leave when its worker is killed cannot be taken back. A worker has one answer at a time.
    assert cut_off <= kills
    assert max(sizes[len(sizes) // 2 :]) < sizes[len(sizes) // 4] + GROWTH
