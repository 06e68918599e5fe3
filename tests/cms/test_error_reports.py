"""What Sentry is told of an error: where it happened, and nothing about whom. With a real server that takes reports."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import textwrap
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import brotli
import pytest

ROOT = Path(__file__).parents[2]
# Whatever of this reaches the server is a leak.
SECRETS = (
    "erika@example.org", "Beispiel", "geheimes-passwort", "k3y-of-a-link", "cookie-of-a-login", "Gehaltsliste",
    "198.51.100.7", "words-of-the-log",
)  # fmt: skip
# A page, a task and a line of the log, each full of what nobody may learn.
SCRIPT = """
import logging
import django
django.setup()
from celery import shared_task
from django.test import Client

def broken(request, token):
    name, password = "Erika Beispiel", request.POST.get("password")
    raise ValueError(f"{name} <erika@example.org> {password} {request.GET} {request.COOKIES}")

import cms.urls
from django.urls import clear_url_caches, path
cms.urls.urlpatterns.insert(0, path("archiv/teilen/<str:token>/", broken))
clear_url_caches()
client = Client(raise_request_exception=False, REMOTE_ADDR="198.51.100.7")
client.cookies["other"] = "cookie-of-a-login"
client.post(
    "/archiv/teilen/k3y-of-a-link/?q=Gehaltsliste", {"password": "geheimes-passwort", "mail": "erika@example.org"},
    headers={"host": "localhost", "referer": "http://localhost/?q=Gehaltsliste", "x-forwarded-for": "198.51.100.7"},
)

@shared_task(name="demo.task")
def task(address):
    raise RuntimeError(f"no mail to {address}")

task.apply(("erika@example.org",))
logging.getLogger("newsletter").error("delivery %s of %s: %s", 17, "erika@example.org", "words-of-the-log")
import sentry_sdk
sentry_sdk.flush(10)
"""


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """The bodies that a site with errors sends, as text."""
    received = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            unpack = {"gzip": gzip.decompress, "br": brotli.decompress}[self.headers["Content-Encoding"]]
            received.append((self.path, unpack(body).decode()))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format, *args):
            """Nothing: the output belongs to pytest."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        directory = tmp_path_factory.mktemp("site")
        environment = os.environ | {
            "DEBUG": "0", "SECRET_KEY": "x" * 60, "BASE_URL": "http://localhost", "VAR_DIR": str(directory),
            "DATABASE_URL": f"sqlite:///{directory}/db.sqlite3", "REDIS_URL": "redis://127.0.0.1:1/0",
            "DJANGO_SETTINGS_MODULE": "cms.settings",
            "SENTRY_DSN": f"http://public@127.0.0.1:{server.server_port}/1",
        }  # fmt: skip
        command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(SCRIPT)]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
        server.shutdown()
    assert done.returncode == 0, done.stderr
    return received


def events(reports) -> list[dict]:
    """The events in the envelopes (https://develop.sentry.dev/sdk/data-model/envelopes/)."""
    found = []
    for _path, body in reports:
        lines = body.splitlines()
        found += [json.loads(line) for line in lines[2::2]]
    return found


def test_errors_of_pages_tasks_and_the_log_arrive(reports):
    found = events(reports)

    types = [value["type"] for event in found for value in event.get("exception", {}).get("values", [])]
    assert "ValueError" in types
    assert "RuntimeError" in types
    assert "delivery %s of %s: %s" in [event.get("logentry", {}).get("message") for event in found]
    assert {path for path, _body in reports} == {"/api/1/envelope/"}


def test_they_say_where_in_the_code_it_happened(reports):
    page = next(event for event in events(reports) if "ValueError" in json.dumps(event))

    frames = page["exception"]["values"][-1]["stacktrace"]["frames"]
    assert frames[-1]["function"] == "broken"
    assert page["transaction"] == "/archiv/teilen/{token}/"


@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_in_them_tells_about_whom(reports, secret):
    assert [body for _path, body in reports if secret in body] == []


def test_only_errors_are_sent_and_only_what_is_known_to_be_harmless(reports):
    for _path, body in reports:
        lines = body.splitlines()
        assert [json.loads(line)["type"] for line in lines[1::2]] == ["event"]
    allowed = {
        "event_id", "timestamp", "level", "logger", "platform", "release", "environment", "sdk", "exception",
        "transaction", "logentry",
    }  # fmt: skip
    assert {name for event in events(reports) for name in event} <= allowed


def test_without_a_server_nobody_is_told(settings):
    from cms.monitoring import errors

    errors.report_to("")

    assert settings.SENTRY_DSN == ""
    assert "sentry_sdk" not in sys.modules or not sys.modules["sentry_sdk"].is_initialized()
