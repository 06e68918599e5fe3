"""The demo site as visitors get it: production settings, compressed static files, gunicorn, a database of its own."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
PATIENCE = 30.0
SECRET_KEY = secrets.token_urlsafe(64)


@contextmanager
def running_demo_site(directory: Path, *commands: list[str], base_url: str = "") -> Iterator[str]:
    """Serve the demo from files below `directory` until the context ends; yields the address without a slash.

    `commands` are run with `manage.py` after the demo content is loaded. `base_url` is what visitors see if there is
    a proxy in front.
    """
    port = free_port()
    url = f"http://localhost:{port}"
    environment = demo_environment(directory, base_url or url)
    for command in (["migrate", "-v0"], ["collectstatic", "--no-input", "-v0"], ["load_demo"], *commands):
        manage(environment, *command)
    with (directory / "gunicorn.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", f"--bind=127.0.0.1:{port}", "--workers=2", "cms.wsgi"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        _wait_for(f"{url}/healthz", server, directory / "gunicorn.log")
        yield url
    finally:
        server.terminate()
        server.wait()


def demo_environment(directory: Path, base_url: str) -> dict[str, str]:
    """The environment of the demo site whose files are below `directory`, for its server and for commands."""
    return {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")} | {
        "DEBUG": "0",
        "SECRET_KEY": SECRET_KEY,
        "BASE_URL": base_url,
        "ALLOWED_HOSTS": "localhost",
        "VAR_DIR": str(directory),
        "DATABASE_URL": f"sqlite:///{directory / 'db.sqlite3'}",
        # Nothing of this needs a broker: nobody listens there.
        "REDIS_URL": "redis://127.0.0.1:1/0",
        # Its accounts have a password only.
        "STAFF_MFA": "optional",
    }


def manage(environment: dict[str, str], *command: str) -> str:
    """Run `manage.py` with this command and return what it printed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own server.
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"The site did not start:\n{log.read_text()}")
