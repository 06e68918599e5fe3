"""Addresses of other services: a wrong one ends the process with one sentence that repeats nothing of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cms import environment, storage_settings

ROOT = Path(__file__).parents[2]
SECRET = "gehe1m"
# Whatever somebody may write into .env by mistake: another service, a part too few, a part that means something else.
WRONG = {
    "BASE_URL": (
        lambda: environment.site_address("BASE_URL", default=""),
        ["www.example.org", "ftp://www.example.org", "https://", "https://www.example.org/ikoe", "https://[::1",
         "https://gehe1m@www.example.org", "https://www.example.org:https", "https://www.example.org?x=1"],
    ),
    "DATABASE_URL": (
        lambda: environment.database("DATABASE_URL", default=""),
        ["ikoe", "//ikoe:gehe1m@db/ikoe", "mysql://ikoe:gehe1m@db/ikoe", "postgres://ikoe:gehe1m@db",
         "postgres://ikoe:gehe1m@db:port/ikoe", "postgres://", "sqlite://file.sqlite3", "sqlite://", "sqlite:///",
         "db.sqlite3", "http://169.254.169.254/latest"],
    ),
    "REDIS_URL": (
        lambda: environment.redis_url("REDIS_URL", default=""),
        ["redis", "http://127.0.0.1:6379", "redis://", "redis://:gehe1m@redis:port/0", "redis://redis/null",
         "redis://redis/0?socket_timeout=soon", "unix://", "redis://[::1/0", "redis://:gehe1m@re\tdis/0"],
    ),
    "S3_URL": (
        storage_settings.bucket,
        ["bucket", "s3://key:gehe1m@host/bucket", "https://host/bucket", "https://key:gehe1m@host/",
         "https://key:gehe1m@host/a/b", "https://key:gehe1m@host/bucket?acl=public-read", "https://key:gehe1m@/bucket",
         "https://key:gehe1m@host:port/bucket", "https://key:ge/he1m@host/bucket", "https://key:gehe1m@host/bu cket",
         "https://key:gehe1m@host/bucket#x", "https://key:gehe1m@[::1/bucket", "file:///etc/passwd",
         "https://key:gehe1m@host/%2e%2e", "https://key:gehe1m@h\uff0fost/bucket"],
    ),
    "BOUNCE_IMAP_URL": (
        lambda: environment.mailbox("BOUNCE_IMAP_URL"),
        ["mail.example.org", "https://name:gehe1m@mail.example.org", "imaps://mail.example.org/INBOX",
         "imaps://name@mail.example.org", "imaps://name:gehe1m@/INBOX", "imaps://name:gehe1m@host:imap/INBOX",
         "imaps://na me:gehe1m@host/INBOX", "file:///var/mail/name", "imaps://name:gehe1m@[host/INBOX"],
    ),
    "CLAMD_URL": (
        lambda: environment.address("CLAMD_URL", scheme="tcp", port=3310),
        ["clamav", "clamav:3310", "http://clamav:3310", "tcp://", "tcp://clamav:port", "tcp://clamav/x",
         "tcp://name:gehe1m@clamav", "tcp://[clamav", "unix:///run/clamd", "tcp://clamav:99999", "tcp://cla mav"],
    ),
    "NEWSLETTER_DNS": (
        lambda: environment.address("NEWSLETTER_DNS", scheme="dns", port=53, by_number=True),
        ["192.0.2.1", "dns://resolver.example.org", "dns://192.0.2.1:domain", "https://192.0.2.1", "dns://192.0.2.999"],
    ),
    "SENTRY_DSN": (
        lambda: environment.sentry_dsn("SENTRY_DSN"),
        ["gehe1m", "https://errors.example.org/1", "https://gehe1m@errors.example.org/", "https://gehe1m@/1",
         "https://gehe1m@errors.example.org/ikoe", "ftp://gehe1m@errors.example.org/1", "https://gehe1m@host:port/1"],
    ),
}  # fmt: skip
RIGHT = {
    "BASE_URL": ["https://www.example.org", "http://localhost:8000/", "https://[2001:db8::1]:8443"],
    "DATABASE_URL": ["postgres:///ikoe", "postgres://ikoe:a%2Fb@db:5432/ikoe?sslmode=require", "sqlite:////tmp/x.sqlite3",
                     "sqlite://:memory:", "postgres:///?service=ikoe"],
    "REDIS_URL": ["redis://redis:6379/0", "rediss://:a%2Fb@redis", "unix:///run/redis.sock?db=1", "redis://redis/"],
    "S3_URL": ["https://key:a%2Fb@s3.example.org:9000/bucket?region=eu&prefix=a/b"],
    "BOUNCE_IMAP_URL": ["imaps://name%40example.org:a%2Fb@mail.example.org/INBOX", "imap+tls://a:b@[2001:db8::1]:143"],
    "CLAMD_URL": ["tcp://clamav", "tcp://[2001:db8::1]:3310"],
    "NEWSLETTER_DNS": ["dns://192.0.2.1", "dns://[2001:db8::1]:5353"],
    "SENTRY_DSN": ["https://key@errors.example.org/7", "https://key:old@errors.example.org/path/7"],
}  # fmt: skip


def cases(values):
    return [
        pytest.param(name, value, id=f"{name}-{number}") for name in values for number, value in enumerate(values[name])
    ]


@pytest.mark.parametrize(("name", "value"), cases({name: wrong for name, (_read, wrong) in WRONG.items()}))
def test_a_wrong_address_ends_the_process_with_a_sentence_without_it(name, value, monkeypatch):
    monkeypatch.setenv(name, value)

    with pytest.raises(SystemExit) as ended:
        WRONG[name][0]()

    sentence = str(ended.value)
    assert sentence.startswith(f"{name}: expected ")
    assert "\n" not in sentence
    assert SECRET not in sentence


@pytest.mark.parametrize(("name", "value"), cases(RIGHT))
def test_a_right_address_is_taken(name, value, monkeypatch):
    monkeypatch.setenv(name, value)

    assert WRONG[name][0]()


@pytest.mark.parametrize(
    "value", ["smtp://", "smtp://name:gehe1m@/", "smtp://host:port", "pigeon://host", "smtp://h?weight=x"]
)
def test_a_mail_server_that_cannot_be_one_is_refused(value):
    with pytest.raises((ValueError, environment.environ.ImproperlyConfigured)):
        environment.mail_server(value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "//ikoe:gehe1m@db/ikoe"),
        ("SENTRY_DSN", "https://gehe1m@h\uff0fost/1"),
        ("EMAIL_URL", "smtp://a:gehe1m@"),
    ],
)
def test_the_whole_process_says_no_more_than_that_sentence(name, value, tmp_path):
    given = os.environ | {
        "DEBUG": "1", "VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "cms.settings", name: value,
    }  # fmt: skip
    command = [sys.executable, "manage.py", "check"]

    done = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr.startswith(f"{name}: expected ")
    assert done.stderr.count("\n") == 1
    assert SECRET not in done.stdout + done.stderr


@pytest.mark.parametrize("value", ["$gehe1m", "a$b$", r"a\$b", "$$"])
def test_a_key_with_a_dollar_sign_is_that_key(value, monkeypatch):
    """django-environ reads $NAME as the value of another variable, and takes the default if there is none."""
    monkeypatch.setenv("TOKEN_KEY", value)

    assert environment.env.list("TOKEN_KEY", default=["Vorgabe"]) == [value]
    assert environment.read("TOKEN_KEY", environment.env.str, "", "a text") == value
