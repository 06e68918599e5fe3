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


def test_first_start_makes_a_key_that_nobody_else_can_read_and_does_not_say_it(tmp_path):
    key = tmp_path / "secret_key"
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "VAR_DIR": str(tmp_path),
        "LOG_FORMAT": "json",
        "SECRET_KEY_FILE": str(key),
        "DATABASE_URL": f"postgres://ikoe:geheim@127.0.0.1:{free_port()}/ikoe",
    }

    done = subprocess.run(
        [SCRIPTS / "migrate.sh"], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (done.returncode, stat.S_IMODE(key.stat().st_mode)) == (1, 0o600)
    assert len(key.read_text()) >= 50
    assert key.read_text() not in done.stdout + done.stderr
    assert [set(json.loads(line)) for line in done.stdout.splitlines()] == [fields_of_ours()] * 2
    assert "DATABASE_URL: expected a database that answers" in done.stderr


def test_commands_of_services_say_nothing_on_their_own():
    """They would write lines for people, between lines for machines."""
    commands = [service.get("command", "") for service in composition()["services"].values()]
    called = [command for command in commands if "manage.py" in command]
    called += re.findall(r"^exec (python manage.py .*)$", (SCRIPTS / "migrate.sh").read_text(), re.MULTILINE)

    assert called
    assert [command for command in called if "--verbosity 0" not in command] == []
    assert [command for command in commands if "celery" in command and "--quiet" not in command] == []
