"""A backup while visitors come, documents are taken in and a mailing runs: what was there when it began is in it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cms.demo.processes import Child
from tests.faults.conftest import ON_POSTGRES
from tests.faults.database import ROOT, Database, SqliteDatabase
from tests.faults.scene import LONG
from tests.faults.visiting import Visitors

RATE = 200 if LONG else 20
DOCUMENTS = 300 if LONG else 5
# Tables that grow while the backup is written, and some that do not.
TABLES = (
    "archive_document",
    "archive_documentversion",
    "newsletter_delivery",
    "newsletter_mailing",
    "newsletter_subscriber",
    "wagtailcore_modellogentry",
    "wagtailcore_page",
    "wagtailcore_revision",
)


def rows_of(database) -> dict[str, set[int]]:
    return {table: {row[0] for row in database.query(f"SELECT id FROM {table}")} for table in TABLES}  # noqa: S608


def sent_of(database, mailing) -> set[str]:
    sql = "SELECT message_id FROM newsletter_delivery WHERE mailing_id = %s AND state = 'sent'"
    return {row[0] for row in database.query(sql, mailing)}


def run_command(environment, *arguments) -> dict:
    command = [sys.executable, "-W", "ignore", "manage.py", *arguments, "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def writer(scene, tmp_path):
    """A process that takes documents in; its log has those that are committed."""
    child = Child("writer", [sys.executable, "-W", "ignore", "-m", "tests.faults.writing"], run=tmp_path, log=tmp_path)
    child.start(scene.environment | {"PYTHONPATH": str(ROOT)})
    yield child
    child.stop()


def committed(writer) -> list[list]:
    lines = writer.log.read_text().splitlines(keepends=True)
    return [json.loads(line) for line in lines if line.startswith("[") and line.endswith("]\n")]


@pytest.fixture
def empty_system(stage, tmp_path_factory):
    """A second system: the environment of its processes, and its database."""
    directory = stage.broker.directory.parent / "second"
    directory.mkdir()
    database = Database(directory) if ON_POSTGRES else SqliteDatabase(directory)
    var = tmp_path_factory.mktemp("second")
    yield stage.environment | {"DATABASE_URL": database.url, "VAR_DIR": str(var)}, database, Path(var)
    if ON_POSTGRES:
        database.server.stop()


def test_backup_of_a_busy_system_has_everything_from_before_its_beginning(
    scene, website, writer, empty_system, tmp_path
):
    _child, port = website
    # Slow enough that the mailing outlasts the backup on a machine that has other things to do.
    scene.office.seconds = 0.05 if LONG else 1.0
    scene.wait_for_share(0.05)
    scene.wait_for(lambda: len(committed(writer)) >= DOCUMENTS, "documents")
    with Visitors(port, ["/suche/?q=Protokoll", "/archiv/", "/newsletter/"], RATE) as visitors:
        time.sleep(1)

        documents, rows, sent = committed(writer), rows_of(scene.database), sent_of(scene.database, scene.mailing)
        began = time.monotonic()
        saved = run_command(scene.environment, "backup", "--output", str(tmp_path / "backup.tar"))
        took = time.monotonic() - began

        later, sent_later = committed(writer), sent_of(scene.database, scene.mailing)
    writer.stop()
    environment, database, var = empty_system
    restored = run_command(environment, "restore", str(tmp_path / "backup.tar"))

    print(
        f"{visitors.reached:.0f} requests/s {dict(visitors.statuses)}; backup of {saved['rows']} rows and "
        f"{saved['files']} files, {saved['bytes'] / 1e6:.1f} MB, in {took:.1f} s; meanwhile "
        f"{len(later) - len(documents)} documents and {len(sent_later) - len(sent)} mails more; "
        f"{restored['held_back']} deliveries held back"
    )
    assert set(visitors.statuses) == {200}
    assert len(later) > len(documents), "documents came in all the time"
    assert len(sent_later) > len(sent), "mails went out all the time"
    found = rows_of(database)
    assert {table: ids - found[table] for table, ids in rows.items() if ids - found[table]} == {}
    assert sent <= sent_of(database, scene.mailing)
    # Also of those that came while it was written: each is whole, or not there at all.
    stored = dict(database.query("SELECT file, sha256 FROM archive_documentversion"))
    hashes = {name: hashlib.sha256((var / "archive" / name).read_bytes()).hexdigest() for name in stored}
    assert hashes == stored
    assert {name: sha256 for _pk, name, sha256 in documents}.items() <= stored.items()
    assert database.query("SELECT state FROM newsletter_mailing WHERE id = %s", scene.mailing) == [("paused",)]
