"""The units of systemd are valid and run the same processes as the compose file."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from tests.deploy.composition import ROOT, kept_running

UNITS = ROOT / "deploy" / "systemd"
PROGRAMS = ("opt/ikoe/.venv/bin/gunicorn", "opt/ikoe/.venv/bin/celery", "opt/ikoe/.venv/bin/python", "usr/bin/find")
STARTED = [
    "ikoe.target",
    "ikoe-web.socket",
    "ikoe-web.service",
    "ikoe-beat.service",
    "ikoe-metrics.service",
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


def unit_of(name, service):
    """The unit that stands for a service of the compose file, and what the program in it is told to do."""
    if queue := re.search(r"worker -Q (\S+)", service.get("command", "")):
        return f"ikoe-worker@{queue[1]}.service", "-A cms worker -Q %i"
    tasks = {"web": "cms.wsgi", "beat": "-A cms beat", "metrics": "manage.py serve_metrics"}
    return f"ikoe-{name}.service", tasks[name]


def test_every_process_of_the_compose_file_has_a_unit_that_is_started_with_the_others():
    target = set(re.split(r"[\s=]", (UNITS / "ikoe.target").read_text()))

    for name, service in kept_running().items():
        unit, task = unit_of(name, service)
        text = (UNITS / re.sub(r"@.*\.", "@.", unit)).read_text()
        assert unit in target
        assert task in re.search(r"^ExecStart=(.*)", text, re.MULTILINE)[1]
        assert unit in STARTED, "it is looked at above"


@pytest.mark.parametrize("command", ["systemctl restart ikoe-web ", "systemctl stop ikoe-web.socket "])
def test_manual_restarts_and_stops_all_of_them(command):
    rest = (ROOT / "docs/operations.md").read_text().partition(command)[2].partition("`")[0]

    named = {"ikoe-web", *re.findall(r"ikoe-\w+", rest)}

    assert named == {unit_of(*entry)[0].split("@")[0].removesuffix(".service") for entry in kept_running().items()}


def test_units_are_locked_down_alike():
    """Each holds the lines itself: a drop-in for all that somebody forgets to copy would leave them open."""
    units = [unit.read_text() for unit in UNITS.glob("*.service")]
    locks = {text.partition("# What the processes may do")[2] for text in units}

    assert all("\nUser=ikoe\n" in text for text in units)
    assert len(locks) == 1
    assert {"NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=", "PrivateTmp=yes"} <= set(
        locks.pop().splitlines()
    )


@pytest.mark.parametrize(
    "unit", ["ikoe-web.service", "ikoe-worker@.service", "ikoe-beat.service", "ikoe-metrics.service"]
)
def test_only_the_first_process_hears_that_it_is_to_end(unit):
    """A child of a worker that gets SIGTERM itself dies in the middle of a mail."""
    lines = (UNITS / unit).read_text().splitlines()

    assert "KillMode=mixed" in lines
    assert "TimeoutStopSec=30" in lines
