"""Fixtures for all tests: real servers, the basic content of the site, and what is left out without its tool."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import NamedTuple

import environ
import pytest
from playwright._impl._driver import compute_driver_executable

from tests import bucket as s3
from tests import child_logs, lanes, migrated, quiet_logs, scheduling
from tests.contents import Contents, made_once
from tests.mail_server import MailServer, start_mail_server


class Tool(NamedTuple):
    """A program that a bare machine lacks, its commands and the Debian package that brings it."""

    name: str
    commands: tuple[str, ...]
    package: str


# A test says with a marker what it needs.
TOOLS = {
    "chromium": Tool("Chromium", ("chromium", "chromium-browser", "google-chrome"), "chromium"),
    "dovecot": Tool("Dovecot", ("dovecot", "/usr/sbin/dovecot"), "dovecot-imapd"),
    # Its compiler too, for the program that asks veraPDF.
    "java": Tool("Java", ("javac",), "default-jdk-headless"),
    "libreoffice": Tool("LibreOffice", ("soffice",), "libreoffice-impress-nogui"),
    # Its directory is in nobody's path but root's.
    "nginx": Tool("nginx", ("nginx", "/usr/sbin/nginx"), "nginx-light"),
    "node": Tool("Node", ("node", "nodejs"), "nodejs"),
    "ocr": Tool("OCRmyPDF with Tesseract", ("ocrmypdf",), "ocrmypdf tesseract-ocr-deu"),
    "poppler": Tool("poppler-utils", ("pdftoppm",), "poppler-utils"),
    "systemd": Tool("systemd", ("systemd-analyze",), "systemd"),
}

# What takes long by its nature: tests that start a demo, workers or a browser, or a program as large as one. Others say
# `slow` themselves. `make test` runs them all; -m "not slow" leaves them out.
SLOW_DIRECTORIES = ("browser", "demo", "faults")
SLOW_TOOLS = ("chromium", "java", "libreoffice", "ocr")

# What pytest-django offers a test for the database; all fixtures of ours that use it ask for one of these.
DATABASE_FIXTURES = {
    "db",
    "transactional_db",
    "django_db_reset_sequences",
    "django_db_serialized_rollback",
    "live_server",
}


def find_tool(marker: str) -> str | None:
    """The path of the first command found for a tool."""
    return next(filter(None, map(shutil.which, TOOLS[marker].commands)), None)


def why_left_out(marker: str) -> str | None:
    """What is missing for the tests with this marker and how to get it, None if nothing is."""
    if not find_tool(marker):
        return f"{TOOLS[marker].name} not found (apt-get install {TOOLS[marker].package})"
    if marker == "chromium":
        # Playwright speaks to Chromium through a Node of its own, which needs a library that a bare Debian lacks.
        node = str(compute_driver_executable()[0])
        if subprocess.run([node, "--version"], capture_output=True, check=False).returncode:
            return "Playwright does not start (apt-get install libatomic1)"
    return None


def pytest_configure(config: pytest.Config) -> None:
    for marker, tool in TOOLS.items():
        line = f"{marker}: needs {tool.name}; left out where it is missing, an error if CI=true"
        config.addinivalue_line("markers", line)
    config.addinivalue_line("markers", "every_storage: runs with files on a disk, and again with files in a bucket")
    config.addinivalue_line("markers", "slow: takes seconds; left out by -m 'not slow'")
    config.addinivalue_line("markers", "attack(number): an attack by its CWE number; see tests/security/README.md")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.definition.get_closest_marker("every_storage"):
        # First, so that whatever the other fixtures store lies there.
        metafunc.fixturenames.insert(0, "place_of_files")
        metafunc.parametrize("place_of_files", ["disk", "bucket"], indirect=True)


def pytest_xdist_make_scheduler(config: pytest.Config, log) -> scheduling.GroupScheduling:
    config.option.loadscopereorder = False
    return scheduling.GroupScheduling(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if is_slow(item):
            item.add_marker("slow")
    for marker in TOOLS:
        wanting = [item for item in items if item.get_closest_marker(marker)]
        reason = why_left_out(marker) if wanting else None
        if reason and os.environ.get("CI") == "true":
            raise pytest.UsageError(f"CI=true, but {len(wanting)} tests cannot run: {reason}")
        for item in wanting if reason else ():
            item.add_marker(pytest.mark.skip(reason=reason))
    if os.environ.get("TEST_POSTGRES_VERSION"):
        once = pytest.mark.skip(reason="asks no database of the tests, so the run on SQLite is enough")
        for item in items:
            if not asks_database(item):
                item.add_marker(once)
    if hasattr(config, "workerinput"):  # One of several processes of pytest-xdist.
        scheduling.longest_first(items)


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what stays to the end, modules and tests: that takes a tenth of the time."""
    gc.collect()
    gc.freeze()


def is_slow(item: pytest.Item) -> bool:
    """Whether a test is slow for what it starts."""
    return item.path.parent.name in SLOW_DIRECTORIES or any(item.get_closest_marker(tool) for tool in SLOW_TOOLS)


def asks_database(item: pytest.Item) -> bool:
    """Whether a test may use the database of the run. Others have none, or one of their own (browser, demo).

    The scenes of `tests/faults` have servers of their own of the same kind, and say themselves where they belong.
    """
    if item.path.is_relative_to(Path(__file__).parent / "faults"):
        return True
    return bool(item.get_closest_marker("django_db")) or not DATABASE_FIXTURES.isdisjoint(
        getattr(item, "fixturenames", ())
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    lanes.print_summary(terminalreporter)
    child_logs.print_summary(terminalreporter)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    named = child_logs.said_to_terminal(report)
    if named and not report.failed:
        report.outcome = "failed"
        report.longrepr = f"{child_logs.NAMED}\n" + "\n".join(named)
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """One of several processes of pytest-xdist has ended: its figures are added to those of the run."""
    child_logs.add_figures(getattr(node, "workeroutput", {}))


@pytest.fixture(scope="session")
def _filled_from_copy() -> None:
    migrated.fill_first_connection()


@pytest.fixture(scope="session")
def django_db_setup(_filled_from_copy, django_db_setup, django_db_blocker) -> None:
    """pytest-django's own set-up, but without 200 migrations where an earlier run has kept their result."""
    with django_db_blocker.unblock():
        migrated.keep_copy()


@pytest.fixture(scope="session")
def contents(django_db_setup, django_db_blocker) -> Iterator[Contents]:
    """The databases that tests begin with, by what is in them."""
    from django.db import connection
    from django.test import TransactionTestCase

    with django_db_blocker.unblock():
        contents = Contents(connection)
    with pytest.MonkeyPatch.context() as patch:
        # Django empties the database after real transactions; a new copy of the migrated one takes a tenth of the time.
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda test: contents.discard())
        yield contents
    with django_db_blocker.unblock():
        contents.end()


@pytest.fixture(autouse=True)
def _begun(request: pytest.FixtureRequest) -> None:
    """The database has the content that the fixtures of the test stand for, before any of them changes a setting."""
    if request.node.get_closest_marker("django_db") or "_django_db_helper" in request.fixturenames:
        contents = request.getfixturevalue("contents")
        with request.getfixturevalue("django_db_blocker").unblock():
            contents.begin(request.node)


@pytest.fixture
def _django_db_helper(_begun, _django_db_helper) -> None:
    """What opens the transaction of a test; pytest-django asks for it before all other fixtures."""


@pytest.fixture(scope="session")
def _witness() -> Iterator[quiet_logs.Witness]:
    import logging

    witness = quiet_logs.Witness()
    yield witness
    logging.getLogger().removeHandler(witness)


@pytest.fixture(scope="session", autouse=True)
def logs_of_children(request: pytest.FixtureRequest) -> Iterator[child_logs.ChildLogs]:
    """What processes log that any test or fixture starts: set up before them all, searched to the end after them."""
    with child_logs.watched() as logs:
        yield logs
    named = logs.search(to_the_end=True)
    child_logs.hand_over_figures(request.config, logs)
    child_logs.fail_if(named)


@pytest.fixture(autouse=True)
def _logs_name_nobody(_witness: quiet_logs.Witness, logs_of_children: child_logs.ChildLogs) -> Iterator[None]:
    """Whatever a test makes the site log, in this process or another, no line names a person by their address."""
    import logging

    # Whoever configures logging anew takes all handlers away. A second time changes nothing.
    logging.getLogger().addHandler(_witness)
    _witness.named.clear()
    yield
    assert _witness.named == []
    child_logs.fail_if(logs_of_children.search())


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    """Wagtail caches ids of pages that a rolled-back transaction takes with it."""
    yield
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def kept_frame(settings) -> Iterator[None]:
    """What all pages share is kept for some seconds, as in production (`home.frame`)."""
    from django.core.cache import caches

    memory = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = settings.CACHES | {"template_fragments": {"BACKEND": memory, "LOCATION": "frame"}}
    yield
    caches["template_fragments"].clear()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the Chromium executable; mark the test with `chromium`."""
    path = find_tool("chromium")
    assert path, "mark the test with pytest.mark.chromium"
    return path


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """Host and port of a real S3 server, one for each test process."""
    with s3.running_server() as endpoint:
        yield endpoint


@pytest.fixture
def bucket(s3_server: str):
    """All files of the site lie in this bucket, which is empty at first."""
    found = s3.resource(s3_server)
    found.create()
    found.objects.delete()
    with s3.files_in(s3.address(s3_server)):
        yield found
    found.objects.delete()


@pytest.fixture
def place_of_files(request: pytest.FixtureRequest) -> str:
    """ "disk" or "bucket", see the marker `every_storage`."""
    if request.param == "bucket":
        request.getfixturevalue("bucket")
    return str(request.param)


@pytest.fixture(scope="session")
def valkey() -> Iterator[str]:
    """URL of a real Valkey server, one for each test process; what REDIS_URL expects."""
    from cms.demo.valkey import choose_address, start_valkey

    with tempfile.TemporaryDirectory(prefix="ikoe-valkey-") as name:
        run = Path(name)
        address = choose_address(run)
        server = start_valkey(address, run=run, log=run, data=run / "data")
        yield address.url
        server.stop()


def forget_connections(app) -> None:
    """Celery keeps pools of connections to the broker it knew first."""
    from kombu import pools

    pools.reset()
    app._pool = app.amqp._producer_pool = None


@pytest.fixture
def broker(valkey: str, settings) -> Iterator[str]:
    """Celery sends to a real, empty Valkey. Yields its URL, also in `settings.REDIS_URL`."""
    import redis

    from cms.celery import app

    with redis.Redis.from_url(valkey) as client:
        client.flushall()
    settings.REDIS_URL = valkey
    before = app.conf.broker_url
    app.conf.update(broker_url=valkey.replace("unix://", "redis+socket://", 1))
    forget_connections(app)
    yield valkey
    app.conf.update(broker_url=before)
    forget_connections(app)


@pytest.fixture
def smtp_server(settings) -> Iterator[MailServer]:
    """A real SMTP server that keeps the messages; Django and the mailings send to it."""
    server, controller = start_mail_server()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_SERVERS = [environ.Env.email_url_config(server.url)]
    yield server
    controller.stop()


@made_once
def site():
    """The default site with an empty home page, and what belongs to it: locale, root page, collection, roles."""
    from tests.basic_content import ensure_site

    return ensure_site()


@made_once
def page(site):
    """A page for everybody at /projekt/; `tests.basic_content.change` publishes it with another lead."""
    from home.models import ContentPage

    return site.root_page.add_child(instance=ContentPage(title="Projekt", slug="projekt", lead="Vorher"))


@pytest.fixture
def ending_worker(monkeypatch) -> Iterator[None]:
    """This process is a worker that was told to end, and whose time for that is over."""
    from home import stopping

    monkeypatch.setattr(stopping, "PATIENCE", 0.0)
    stopping.tell()
    yield
    stopping.forget()
