"""The way back of the manual: the release before the newest migrations works on the database that they have changed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests import migrated
from tests.faults.conftest import ON_POSTGRES
from tests.faults.database import Database, SqliteDatabase

ROOT = Path(__file__).parents[2]
LONG = os.environ.get("FAULTS") == "long"
MIGRATIONS = [f"{app}/migrations/0*.py" for app in migrated.APPS]
# Pages of every app, and a document.
PAGES = [
    "/",
    "/aktuelles/",
    "/ideenwerkstatt/13/",
    "/archiv/",
    "/archiv/?q=Antrag",
    "/archiv/1/datei/",
    "/newsletter/anmelden/",
]
# What a release does with the site, in one process: reads and writes in every app. Prints the statuses of the pages and
# how many people subscribe.
WORK = """
import json, sys, django
django.setup()
from django.core.management import call_command
from django.test import Client
from newsletter.models import ConsentText, Subscriber
from newsletter.subscribing import consent

person, commands, pages = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3:]
for command in commands:
    call_command(*command, stdout=sys.stderr)
consent.sign_up(person, topics=[], text=ConsentText.objects.latest("pk"), source="http://localhost/")
statuses = {path: Client(SERVER_NAME="localhost").get(path).status_code for path in pages}
print(json.dumps([statuses, Subscriber.objects.count()]))
"""


def git(*arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False)
    return done.stdout.strip()


@pytest.fixture(scope="module")
def old(tmp_path_factory) -> Path:
    """The code of the release before the newest migrations, as a directory."""
    parents = git("log", "--first-parent", "-m", "-1", "--diff-filter=A", "--format=%P", "--", *MIGRATIONS)
    if not parents:
        pytest.skip("the history of the code is not here: no clone, or a shallow one")
    directory = tmp_path_factory.mktemp("old")
    packed = directory.with_suffix(".tar")
    git("archive", "--output", str(packed), parents.split()[0])
    shutil.unpack_archive(packed, directory, filter="data")
    return directory


@pytest.fixture
def database(django_db_setup):
    """The address of a database with all migrations of today, as after `docker compose up -d`."""
    # /tmp itself: the path of a socket is short, and the account of PostgreSQL may enter it.
    with tempfile.TemporaryDirectory(prefix="ikoe-back-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        directory = Path(name, "database")
        directory.mkdir()
        if not ON_POSTGRES:
            yield SqliteDatabase(directory).url
            return
        server = Database(directory)
        yield server.url
        server.stop()


@pytest.fixture
def run(tmp_path, database):
    """Runs Python with the code of a release, always on the same database and files; returns its output."""
    dropped = ("S3_URL", "ARCHIVE_ROOT", "MEDIA_ROOT", "STATIC_ROOT")
    environment = {name: value for name, value in os.environ.items() if name not in dropped} | {
        "DJANGO_SETTINGS_MODULE": "cms.settings", "DEBUG": "1", "BASE_URL": "http://localhost",
        "VAR_DIR": str(tmp_path / "var"), "DATABASE_URL": database,
        "REDIS_URL": "redis://127.0.0.1:1/0", "EMAIL_URL": "smtp://127.0.0.1:1", "SERVE": "0",
    }  # fmt: skip

    def run(code: Path, *arguments: str) -> str:
        command = [sys.executable, "-W", "ignore", *arguments]
        done = subprocess.run(
            command, cwd=code, env=environment | {"PYTHONPATH": str(code)}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        return done.stdout

    return run


def newer(code: Path) -> set[str]:
    """The migrations of today that this code does not know."""
    return {
        path.relative_to(ROOT).as_posix()
        for pattern in MIGRATIONS
        for path in ROOT.glob(pattern)
        if not (code / path.relative_to(ROOT)).exists()
    }


def test_old_code_reads_and_writes_on_the_new_database_and_new_code_goes_on(old, run, tmp_path):
    (tmp_path / "Notiz.txt").write_text("Antrag auf Fördermittel für die Ideenwerkstatt")
    assert newer(old)
    back = [["check"], ["load_demo"], ["import_documents", str(tmp_path / "Notiz.txt")]]
    forth = [["migrate", "--check"], ["verify_archive"]]

    by_old, before = json.loads(run(old, "-c", WORK, "zurueck@example.org", json.dumps(back), *PAGES))
    by_new, after = json.loads(run(ROOT, "-c", WORK, "vor@example.org", json.dumps(forth), *PAGES))

    assert by_old == by_new == dict.fromkeys(PAGES, 200)
    assert after == before + 1


@pytest.mark.skipif(not LONG, reason="takes minutes: make faults")
def test_old_code_does_the_whole_main_job_on_the_new_database(old, run):
    """A report, documents, a documentation as PDF and a newsletter, with worker, broker and mail server."""
    run(old, "-m", "cms.demo")
    run(ROOT, "-m", "cms.demo")
