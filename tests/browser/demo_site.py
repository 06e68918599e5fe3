"""The demo site as visitors get it: production settings, compressed static files, gunicorn, a database of its own."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cms.demo.processes import Child
from cms.demo.services import QUEUES, WEB
from cms.demo.valkey import free_port

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Seconds that a busy machine may take for one thing. Nobody waits for them to pass, only for the thing.
PATIENCE = 90.0
DATABASE, STATIC = "db.sqlite3", "static"
# The same for a content and its copies: some rows are hashes with this key.
SECRET_KEY = secrets.token_urlsafe(64)


@dataclass(frozen=True)
class DemoSite:
    """A running site: its address without a slash at the end, and the environment of its processes."""

    url: str
    environment: dict[str, str]

    def manage(self, *arguments: str) -> None:
        """Run a command of `manage.py`; raises RuntimeError with its words if it fails."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")


def make_content(directory: Path, *, migrated: Path | None = None) -> Path:
    """Make what a demo site begins with below `directory`: database, files, compressed static files. Returns it.

    `migrated` is a migrated, empty database to begin with, if there is one.
    """
    directory.mkdir(parents=True, exist_ok=True)
    if migrated and migrated.exists():
        shutil.copyfile(migrated, directory / DATABASE)
    site = DemoSite("http://localhost", _environment(directory, "http://localhost"))
    for command in (["migrate", "-v0"], ["collectstatic", "--no-input", "-v0"], ["load_demo"]):
        site.manage(*command)
    return directory


@contextmanager
def running_demo_site(
    directory: Path, *commands: list[str], content: Path | None = None, worker: bool = False, **settings: str
) -> Iterator[DemoSite]:
    """Serve the demo from files below `directory` until the context ends.

    `content` is a directory of `make_content` to begin with a copy of; without one it is made for the occasion.
    `commands` are run with `manage.py` before it is served. `settings` are added to the environment of all processes,
    one of which is a Celery worker if `worker` is true.
    """
    port = free_port()
    url = f"http://localhost:{port}"
    settings = {"BASE_URL": url} | settings
    if content:
        shutil.copytree(content, directory, ignore=shutil.ignore_patterns(STATIC), dirs_exist_ok=True)
        settings["STATIC_ROOT"] = str(content / STATIC)
    else:
        make_content(directory)
    _set_address(directory / DATABASE, settings["BASE_URL"])
    site = DemoSite(url, _environment(directory, url) | settings)
    for command in commands:
        site.manage(*command)
    web = [*WEB, f"--chdir={ROOT}", f"--bind=127.0.0.1:{port}", "--workers=2", "cms.wsgi"]
    processes = [_process(directory, "web", web)]
    if worker:
        celery = ["celery", f"--workdir={ROOT}", "-A", "cms", "worker", "-Q", QUEUES, "-c", "2"]
        processes.append(_process(directory, "worker", celery))
    try:
        for process in processes:
            process.start(site.environment)
        _wait_for(f"{url}/healthz", processes[0])
        yield site
    finally:
        for process in reversed(processes):
            process.stop()


def _environment(directory: Path, url: str) -> dict[str, str]:
    """Settings of a site below `directory`, whatever this process runs with."""
    return {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")} | {
        "DEBUG": "0",
        "SECRET_KEY": SECRET_KEY,
        "BASE_URL": url,
        "ALLOWED_HOSTS": "localhost",
        "VAR_DIR": str(directory),
        "DATABASE_URL": f"sqlite:///{directory / DATABASE}",
        # Nothing of this needs a broker: nobody listens there.
        "REDIS_URL": "redis://127.0.0.1:1/0",
        # Its accounts have a password only.
        "STAFF_MFA": "optional",
    }


def _set_address(database: Path, url: str) -> None:
    """Let links in mails lead to where the site is served now."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE wagtailcore_site SET port = ?", [urlsplit(url).port])


def _process(directory: Path, name: str, module: list[str]) -> Child:
    return Child(name, [sys.executable, "-m", *module], run=directory / "run", log=directory / "log")


def _wait_for(url: str, server: Child) -> None:
    deadline = time.monotonic() + PATIENCE
    while server.running and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own server.
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"The site did not start:\n{server.log.read_text()}")
