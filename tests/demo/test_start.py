"""A process that cannot work says which variable is wrong and what it expected, and ends with status 1."""

import os
import subprocess
import sys

import pytest

from cms.demo.environment import BASE_DIRECTORY
from cms.demo.valkey import free_port

GOOD_KEY = "x" * 60
WEB = ["-m", "gunicorn", "cms.wsgi"]
WORKER = ["-m", "celery", "-A", "cms", "worker"]
BEAT = ["-m", "celery", "-A", "cms", "beat"]
CHECK = ["manage.py", "check"]


@pytest.fixture
def start(tmp_path):
    """Runs a process with exactly the given variables; returns its status and what it said."""

    def run(command, **variables):
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "VAR_DIR": str(tmp_path), **variables}
        done = subprocess.run(
            [sys.executable, *command], env=environment, cwd=BASE_DIRECTORY, capture_output=True, text=True, timeout=60
        )
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.mark.parametrize("command", [WEB, WORKER, BEAT, CHECK], ids=["web", "worker", "beat", "command"])
def test_without_secret_key_nothing_starts(start, command):
    status, said = start(command)

    assert status == 1
    assert "SECRET_KEY: expected" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "vielleicht"),
        ("BASE_URL", "www.example.org"),
        ("DATABASE_URL", "mysql://user@localhost/name"),
        ("DATABASE_URL", "sqlite:////proc/nowhere/db.sqlite3"),
        ("REDIS_URL", "http://localhost"),
        ("STAFF_MFA", "manchmal"),
        ("EMAIL_URL", "localhost"),
    ],
)
def test_wrong_value_names_the_variable(start, name, value):
    status, said = start(CHECK, SECRET_KEY=GOOD_KEY, **{name: value})

    assert status == 1
    assert f"{name}: expected" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("command", [WEB, WORKER, BEAT], ids=["web", "worker", "beat"])
def test_unreachable_database_is_named(start, command):
    url = f"postgres://ikoe:geheim@127.0.0.1:{free_port()}/ikoe"

    status, said = start(command, SECRET_KEY=GOOD_KEY, DATABASE_URL=url)

    assert status == 1
    assert "DATABASE_URL: expected a database that answers" in said
    assert "geheim" not in said
    assert "Traceback" not in said


@pytest.mark.parametrize("command", [WORKER, BEAT], ids=["worker", "beat"])
def test_unreachable_broker_is_named(start, command):
    status, said = start(command, SECRET_KEY=GOOD_KEY, REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")

    assert status == 1
    assert "REDIS_URL: expected a Redis or Valkey server that answers" in said
    assert "Traceback" not in said


def test_command_on_an_unreachable_database_names_the_variable(start):
    url = f"postgres://ikoe:geheim@127.0.0.1:{free_port()}/ikoe"

    status, said = start(["manage.py", "migrate"], SECRET_KEY=GOOD_KEY, DATABASE_URL=url)

    assert status == 1
    assert "DATABASE_URL: expected a database that answers" in said
    assert "Traceback" not in said
