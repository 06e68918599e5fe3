"""The whole demo as its user starts it: real processes, real mails, one database of its own."""

import email
import email.policy
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from cms.demo.environment import BASE_DIRECTORY
from cms.demo.processes import identity
from cms.demo.valkey import free_port
from tests.browser.conftest import tool

COMMAND = [sys.executable, "-m", "cms.demo"]


def environment(var: Path, **variables: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(var), "VAR_DIR": str(var), "SERVE": "0", **variables}


def run_demo(var: Path, **variables: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        COMMAND, env=environment(var, **variables), cwd=BASE_DIRECTORY, capture_output=True, text=True, timeout=600
    )


@contextmanager
def database_of_its_own():
    """DATABASE_URL of a new database on the server of this test run; nothing for SQLite, whose file is in VAR_DIR."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield {}
        return
    import psycopg

    name = f"demo_{uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield {"DATABASE_URL": urlsplit(url)._replace(path=f"/{name}").geturl()}
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A demo that has run once: its directory, its variables and what it printed."""
    var = tmp_path_factory.mktemp("demo")
    with database_of_its_own() as database:
        first = run_demo(var, **database)
        assert first.returncode == 0, first.stdout + first.stderr
        yield var, database, first


def facts(var: Path) -> dict:
    return json.loads((var / "demo" / "summary.json").read_text())


def outbox(var: Path) -> list[str]:
    return sorted(path.name for path in (var / "outbox").iterdir())


def test_summary_tells_what_is_there(demo):
    var, _database, first = demo

    summary = facts(var)

    assert summary["mailing"]["state"] == "complete"
    assert summary["mailing"]["sent"] == summary["mailing"]["total"] == len(outbox(var)) > 0
    assert Path(summary["documentation_pdf"]).read_bytes().startswith(b"%PDF-")
    assert Path(summary["outbox"]) == var / "outbox"
    assert summary["editions"] >= 13
    assert summary["news"] >= 1
    assert summary["documents"] >= 6
    assert first.stderr == ""


@pytest.fixture(scope="module")
def demo_mail(demo):
    """One of the mails that the demo sent, as its reader's program takes it apart."""
    var, _database, _first = demo
    path = sorted((var / "outbox").glob("*.eml"))[0]
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def test_a_mail_of_the_demo_is_well_formed(demo_mail):
    parts = list(demo_mail.iter_parts())

    assert demo_mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    for part in (demo_mail, *parts):
        assert part.defects == []
    assert {part["Content-Transfer-Encoding"] for part in parts} == {"quoted-printable"}
    html, text = parts[1].get_content(), parts[0].get_content()
    assert len(html.encode()) < 100_000
    assert all(len(line) <= 72 for line in text.splitlines() if "://" not in line)
    assert html.count("<h1") == 1 and '<html lang="de"' in html and 'role="article"' in html


def test_the_issue_of_the_demo_passes_the_check_before_sending(demo):
    var, database, _first = demo
    issue = "NewsletterIssuePage.objects.get(slug='2025-1')"
    code = f"from newsletter.composing import gate; print('FOUND', gate.check({issue}))"

    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", code],
        env=environment(var, DEBUG="1", **database), cwd=BASE_DIRECTORY, capture_output=True, text=True, timeout=120,
    )  # fmt: skip

    assert "FOUND []" in done.stdout, done.stdout + done.stderr


# What the checker says of things that only Outlook and mrml understand.
HTML_FOR_OUTLOOK = (
    "Attribute “xmlns:v” not allowed here.",  # Announces VML, which Outlook for Windows draws buttons with.
    "Attribute “xmlns:o” not allowed here.",
    "Attribute “vertical-align” not allowed on element “td” at this point.",  # mrml's, at buttons; no effect.
    "CSS: “mso-padding-alt”: Property “mso-padding-alt” doesn't exist.",  # The padding of buttons in Outlook.
    "CSS: “mso-table-lspace”: Property “mso-table-lspace” doesn't exist.",  # Gaps that Outlook adds to tables.
    "CSS: “mso-table-rspace”: Property “mso-table-rspace” doesn't exist.",
    "CSS: “mso-line-height-rule”: Property “mso-line-height-rule” doesn't exist.",  # Keeps the numeral's height.
)


@pytest.mark.java
@pytest.mark.node
def test_the_html_of_the_demo_mail_is_valid(demo_mail, tmp_path):
    checker = tool("vnu-jar/build/dist/vnu.jar")
    if not checker:
        pytest.skip("vnu-jar not found (npm ci --prefix tests/tools)")
    page = tmp_path / "mail.html"
    page.write_text(demo_mail.get_body(("html",)).get_content())

    done = subprocess.run(
        ["java", "-jar", checker, "--errors-only", "--format", "json", page],
        capture_output=True,
        text=True,
        check=False,
    )

    found = {message["message"] for message in json.loads(done.stderr)["messages"]}
    assert found == set(HTML_FOR_OUTLOOK)


@pytest.mark.node
def test_what_mail_programs_lack_is_known_and_has_a_reason(demo_mail, tmp_path):
    if not tool("caniemail/package.json"):
        pytest.skip("caniemail not found (npm ci --prefix tests/tools)")
    page = tmp_path / "mail.html"
    page.write_text(demo_mail.get_body(("html",)).get_content())
    allowed = json.loads((BASE_DIRECTORY / "tests/tools/mail_clients.json").read_text())

    done = subprocess.run(
        ["node", BASE_DIRECTORY / "tests/tools/mail_clients.mjs", page], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert all(entry.pop("reason") for entry in allowed.values())
    assert json.loads(done.stdout) == allowed


def test_logs_of_all_its_processes_were_searched_for_addresses(demo, logs_of_children):
    var, _database, _first = demo

    written = {path.stem: logs_of_children.searched[str(path)] for path in (var / "log").glob("*.log")}

    assert {"beat", "valkey", "worker"} <= {name for name, lines in written.items() if lines}


def test_no_process_is_left(demo):
    var, _database, _first = demo

    assert list((var / "run").glob("*.pid")) == []


def test_second_run_sends_nothing_twice_and_changes_nothing(demo):
    var, database, _first = demo
    mails, summary = outbox(var), facts(var)

    second = run_demo(var, **database)

    assert second.returncode == 0, second.stderr
    assert outbox(var) == mails
    assert {**facts(var), "url": summary["url"]} == summary
    assert "schon versandt" in second.stdout


def test_served_demo_shows_the_site_and_takes_its_processes_along_when_killed(demo):
    var, database, _first = demo
    port = free_port()
    variables = environment(var, SERVE="1", PORT=str(port), **database)
    with subprocess.Popen(COMMAND, env=variables, cwd=BASE_DIRECTORY, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            if "Strg+C" in line:
                break
        paths = ("/", "/aktuelles/", "/ideenwerkstatt/13/", "/postfach/", f"/suche/?q={'%C3%B6' * 10_000}")
        pages = {path: read(port, path) for path in paths}
        children = [json.loads(path.read_text()) for path in (var / "run").glob("*.pid")]
        running = [identity(child["pid"]) == child["identity"] for child in children]
        process.send_signal(signal.SIGKILL)

    assert "Was aus Halle bleibt" in pages["/postfach/"]
    assert len(children) == 5
    assert all(running)
    deadline = time.monotonic() + 30
    while any(identity(child["pid"]) == child["identity"] for child in children):
        assert time.monotonic() < deadline, "a process outlived the demo"
        time.sleep(0.1)


def read(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://localhost:{port}{path}", timeout=30) as response:
        assert response.status == 200
        return response.read().decode()


def test_port_in_use_is_one_sentence(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        done = run_demo(tmp_path, SERVE="1", PORT=str(port))

    assert done.returncode == 1
    assert done.stderr == f"Port {port} ist schon belegt. Ein anderer geht so: make demo PORT={port + 1}\n"


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "achttausend"), ("PORT", "0"), ("PORT", "65536"), ("SERVE", "ja")]
)
def test_senseless_value_names_the_variable(tmp_path, name, value):
    done = run_demo(tmp_path, **{name: value})

    assert done.returncode == 1
    assert done.stderr.startswith(f"{name}={value}: erwartet wird ")
    assert done.stderr.count("\n") == 1


def test_full_disk_is_one_sentence(tmp_path, monkeypatch):
    from collections import namedtuple

    from cms.demo import preflight
    from cms.demo.environment import DemoError, demo_from

    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(preflight.shutil, "disk_usage", lambda path: usage(10**9, 10**9, 10**6))

    with pytest.raises(DemoError, match=r"zu wenig Platz: Die Demo braucht 200 MB freien Speicher\."):
        preflight.make_directories(demo_from({"VAR_DIR": str(tmp_path)}))


def test_second_demo_in_the_same_place_is_refused(tmp_path, monkeypatch):
    from cms.demo import preflight
    from cms.demo.environment import DemoError, demo_from

    monkeypatch.setattr(preflight, "WAIT_FOR_EARLIER_DEMO", 0.1)
    running = demo_from({"VAR_DIR": str(tmp_path)})
    preflight.make_directories(running)

    with (
        preflight.only_demo(running),
        pytest.raises(DemoError, match="läuft schon eine Demo"),
        preflight.only_demo(running),
    ):
        pass
