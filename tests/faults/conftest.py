"""One set of servers for all scenes of a file."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from cms.demo.processes import Child
from cms.demo.valkey import free_port
from tests.faults.database import ROOT, Database, SqliteDatabase
from tests.faults.post_office import PostOffice
from tests.faults.scene import READERS, Broker, Scene

SCENES = 12
ON_POSTGRES = "FAULTS" in os.environ or os.environ.get("DATABASE_URL", "").startswith("postgres")
once = pytest.mark.skipif(not ON_POSTGRES, reason="has nothing to do with the database; tried beside PostgreSQL")


@pytest.fixture(scope="module")
def stage(tmp_path_factory, django_db_setup):
    """One set of servers for all scenes; each scene takes a mailing of its own."""
    directory = tmp_path_factory.mktemp("faults")
    # /tmp itself: the path of a socket is short, and the account of PostgreSQL may enter it.
    with tempfile.TemporaryDirectory(prefix="ikoe-faults-", ignore_cleanup_errors=True) as name, ExitStack() as stack:
        base = Path(name)
        (base / "database").mkdir()
        (base / "broker").mkdir()
        base.chmod(0o755)
        office = PostOffice()
        office.start()
        stack.callback(office.stop)
        database = Database(base / "database") if ON_POSTGRES else SqliteDatabase(base / "database")
        if ON_POSTGRES:
            stack.callback(database.server.stop)
        broker = Broker(base / "broker")
        stack.callback(lambda: broker.server.stop())
        scene = Scene(directory, database, broker, office, [])
        stack.callback(lambda: scene.worker and scene.worker.stop())
        scene.prepare(READERS, SCENES)
        yield scene


@pytest.fixture
def scene(stage):
    stage.begin()
    yield stage
    assert not stage.office.faults, "every fault has happened"


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def website(scene, tmp_path):
    """A gunicorn as in production with the port it listens on."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "gunicorn", "--chdir", str(ROOT), "--bind", f"127.0.0.1:{port}"]
    child = Child("web", [*command, "cms.wsgi"], run=tmp_path, log=tmp_path)
    child.start(scene.environment)
    deadline = time.monotonic() + 60
    while not listens(port):
        child.require()
        assert time.monotonic() < deadline
        time.sleep(0.1)
    yield child, port
    child.stop()
