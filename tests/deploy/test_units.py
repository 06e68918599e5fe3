"""The units of systemd are valid and run the same processes as the compose file."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "deploy" / "systemd"
PROGRAMS = ("opt/ikoe/.venv/bin/gunicorn", "opt/ikoe/.venv/bin/celery", "opt/ikoe/.venv/bin/python", "usr/bin/find")
STARTED = [
    "ikoe.target",
    "ikoe-web.socket",
    "ikoe-web.service",
    "ikoe-beat.service",
    "ikoe-migrate.service",
    "ikoe-backup.service",
    "ikoe-backup.timer",
    *(f"ikoe-worker@{queue}.service" for queue in ("mail", "default", "intake", "pdf")),
]


@pytest.mark.systemd
def test_units_are_valid(tmp_path):
    shutil.copytree(UNITS, tmp_path / "etc/systemd/system")
    shutil.copytree("/lib/systemd/system", tmp_path / "usr/lib/systemd/system", symlinks=True)
    (tmp_path / "lib").symlink_to("usr/lib")
    for program in PROGRAMS:
        path = tmp_path / program
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)

    command = ["systemd-analyze", "verify", "--man=no", f"--root={tmp_path}", *STARTED]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    ours = [line for line in done.stderr.splitlines() if "ikoe" in line]
    assert (done.returncode, ours) == (0, [])


def test_every_process_of_the_compose_file_has_a_unit():
    services = YAML(typ="safe").load(ROOT / "docker-compose.yml")["services"]
    queues = re.findall(r"-Q (\S+)", " ".join(str(service.get("command")) for service in services.values()))

    target = (UNITS / "ikoe.target").read_text()

    assert {f"ikoe-worker@{queue}.service" for queue in queues} <= set(re.split(r"[\s=]", target))
    assert "ikoe-web.service" in target
    assert "ikoe-beat.service" in target


def test_units_are_locked_down_alike():
    """Each holds the lines itself: a drop-in for all that somebody forgets to copy would leave them open."""
    units = [unit.read_text() for unit in UNITS.glob("*.service")]
    locks = {text.partition("# What the processes may do")[2] for text in units}

    assert all("\nUser=ikoe\n" in text for text in units)
    assert len(locks) == 1
    assert {"NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=", "PrivateTmp=yes"} <= set(
        locks.pop().splitlines()
    )


@pytest.mark.parametrize("unit", ["ikoe-web.service", "ikoe-worker@.service", "ikoe-beat.service"])
def test_only_the_first_process_hears_that_it_is_to_end(unit):
    """A child of a worker that gets SIGTERM itself dies in the middle of a mail."""
    lines = (UNITS / unit).read_text().splitlines()

    assert "KillMode=mixed" in lines
    assert "TimeoutStopSec=30" in lines
