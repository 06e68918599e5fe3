"""What the scripts of the containers say has the form of what the site says."""

from __future__ import annotations

import json
import logging
import os
import re
import stat
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from cms.demo.valkey import free_port
from cms.logs import JsonFormatter
from tests.deploy.composition import ROOT, composition

SCRIPTS = ROOT / "deploy/containers"


def fields_of_ours():
    return set(json.loads(JsonFormatter().format(logging.makeLogRecord({"msg": "x"}))))


@pytest.mark.parametrize("script", ["migrate.sh", "nginx.sh"])
def test_scripts_speak_json_only(script):
    text = (SCRIPTS / script).read_text()
    said = re.search(r"^say\(\) \{.*?^\}$", text, re.MULTILINE | re.DOTALL)[0]

    done = subprocess.run(["sh", "-c", f"{said}\nsay 'nginx waits'"], capture_output=True, text=True, check=True)

    line = json.loads(done.stdout)
    assert set(line) == fields_of_ours()
    assert (line["logger"], line["message"]) == (script, "nginx waits")
    assert datetime.fromisoformat(line["time"]).utcoffset() is not None
    assert re.findall(rf'echo "{script}', text) == []


def migrate(directory, **variables):
    """What the script did in a container with these variables, where no database answers."""
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(directory),
        "VAR_DIR": str(directory),
        "LOG_FORMAT": "json",
        "DATABASE_URL": f"postgres://ikoe:geheim@127.0.0.1:{free_port()}/ikoe",
    }
    return subprocess.run(
        [SCRIPTS / "migrate.sh"], env=environment | variables, cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_first_start_makes_a_key_that_nobody_else_can_read_and_does_not_say_it(tmp_path):
    key = tmp_path / "secret_key"

    done = migrate(tmp_path, SECRET_KEY_FILE=str(key))

    assert (done.returncode, stat.S_IMODE(key.stat().st_mode)) == (1, 0o600)
    assert len(key.read_text()) >= 50
    assert key.read_text() not in done.stdout + done.stderr
    assert [set(json.loads(line)) for line in done.stdout.splitlines()] == [fields_of_ours()] * 2
    assert "DATABASE_URL: expected a database that answers" in done.stderr


@pytest.mark.parametrize("variable", ["", "0123456789" * 5])
def test_a_key_in_a_directory_of_ones_own_is_only_read(tmp_path, variable):
    """SECRETS_DIR is read-only; a file that is not there is told by the name of its variable."""
    key = tmp_path / "own-secrets" / "secret_key"

    done = migrate(tmp_path, SECRET_KEY_FILE=str(key), SECRET_KEY=variable)

    assert done.returncode == 1
    assert "SECRET_KEY_FILE: expected the path of a text file that can be read" in done.stderr
    assert "secret_key.new" not in done.stderr
    assert [set(json.loads(line)) for line in done.stdout.splitlines()] == [fields_of_ours()] * 2


def test_nginx_takes_a_new_address_without_a_word():
    """`nginx -s reload` writes a line of its own form each time the website has another address."""
    text = (SCRIPTS / "nginx.sh").read_text()

    assert "kill -HUP" in text
    assert re.findall(r"^[^#\n]*nginx .*-s ", text, re.MULTILINE) == []


def test_commands_of_services_say_nothing_on_their_own():
    """They would write lines for people, between lines for machines."""
    commands = [service.get("command", "") for service in composition()["services"].values()]
    called = [command for command in commands if "manage.py" in command]
    called += re.findall(r"^exec (python manage.py .*)$", (SCRIPTS / "migrate.sh").read_text(), re.MULTILINE)

    assert called
    assert [command for command in called if "--verbosity 0" not in command] == []
    assert [command for command in commands if "celery" in command and "--quiet" not in command] == []
