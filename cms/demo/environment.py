"""Where the demo keeps its things, and the environment in which its processes run."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cms.demo.valkey import Address, choose_address, free_port

BASE_DIRECTORY = Path(__file__).resolve().parent.parent.parent

# Read by cms.settings. None of them may reach the demo from outside: it must not send to a real server or broker.
SETTINGS = (
    "SECRET_KEY", "TOKEN_KEY", "DEBUG", "ALLOWED_HOSTS", "BASE_URL", "REDIS_URL", "EMAIL_URL", "DEFAULT_FROM_EMAIL",
    "BOUNCE_DOMAIN", "BOUNCE_IMAP_URL", "ACCEL_PREFIX", "TRUSTED_PROXIES", "S3_URL", "CLAMD_URL", "STAFF_MFA",
    "WEB_CONCURRENCY", "SENTRY_DSN", "DEMO_OUTBOX", "DJANGO_SETTINGS_MODULE",
)  # fmt: skip


class DemoError(Exception):
    """The demo cannot go on; the message is one German sentence for the person at the terminal."""


@dataclass(frozen=True)
class Demo:
    """One run of the demo: what was asked for, its addresses and its directories below VAR_DIR."""

    port: int
    serve: bool
    var: Path
    valkey: Address
    smtp_port: int

    @property
    def url(self) -> str:
        """What BASE_URL expects, without a slash at the end."""
        return f"http://localhost:{self.port}"

    @property
    def run(self) -> Path:
        """The directory of the process files and of the lock."""
        return self.var / "run"

    @property
    def log(self) -> Path:
        """The directory with one file for each process."""
        return self.var / "log"

    @property
    def outbox(self) -> Path:
        """The directory with one file for each mail."""
        return self.var / "outbox"

    @property
    def summary(self) -> Path:
        """The file in which one run leaves its figures."""
        return self.var / "demo" / "summary.json"


def demo_from(environment: Mapping[str, str]) -> Demo:
    """Read PORT, SERVE and VAR_DIR; raises DemoError for a value that makes no sense."""
    port = environment.get("PORT") or "8000"
    if not port.isascii() or not port.isdigit() or not 1 <= int(port) <= 65535:
        raise DemoError(f"PORT={port}: erwartet wird eine Zahl von 1 bis 65535.")
    serve = environment.get("SERVE") or "1"
    if serve not in ("0", "1"):
        raise DemoError(f"SERVE={serve}: erwartet wird 0 (nach der Übersicht enden) oder 1 (die Website zeigen).")
    var = Path(environment.get("VAR_DIR") or BASE_DIRECTORY / "var").expanduser().resolve()
    return Demo(port=int(port), serve=serve == "1", var=var, valkey=choose_address(var / "run"), smtp_port=free_port())


def variables(demo: Demo, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of all processes: the given one with the settings of the demo."""
    dropped = {*SETTINGS, *(f"{name}_FILE" for name in SETTINGS)}
    return {name: value for name, value in environment.items() if name not in dropped} | {
        "DJANGO_SETTINGS_MODULE": "cms.settings",
        "SECRET_KEY": _secret_key(demo.var / "demo" / "secret-key"),
        "BASE_URL": demo.url,
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "VAR_DIR": str(demo.var),
        "REDIS_URL": demo.valkey.url,
        "EMAIL_URL": f"smtp://127.0.0.1:{demo.smtp_port}",
        "DEFAULT_FROM_EMAIL": "IKOE <ikoe@example.org>",
        "BOUNCE_DOMAIN": "bounce.example.org",
        "STAFF_MFA": "optional",
        "DEMO_OUTBOX": str(demo.outbox),
        "WEB_CONCURRENCY": "2",
        "PYTHONUNBUFFERED": "1",
    }


def _secret_key(path: Path) -> str:
    """The key of this demo, made at the first start, so that logins outlive a restart."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text()


def apply(demo: Demo) -> None:
    """Make this process, too, run in the environment of the demo; before Django is loaded."""
    wanted = variables(demo, os.environ)
    os.environ.clear()
    os.environ.update(wanted)
