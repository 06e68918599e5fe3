"""No child process outlives the demo, and nothing that is not ours is ever ended."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from cms.demo.processes import Child, ChildFailed, end_leftovers, identity

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
TELLING = [sys.executable, "-c", "import time; print('ready', flush=True); time.sleep(60)"]
# Ignores SIGTERM and says so once it does.
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)",
]


def wait_until(condition, limit=10.0):
    deadline = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def make_child(tmp_path):
    children = []

    def make(command, name="child", **options):
        child = Child(name, command, run=tmp_path / "run", log=tmp_path / "log", **options)
        children.append(child)
        return child

    yield make
    for child in children:
        child.stop()


def test_child_leads_a_session_of_its_own_and_writes_a_pid_file(make_child):
    child = make_child(SLEEP)

    child.start()

    assert json.loads(child.pid_file.read_text())["pid"] == child.pid
    assert os.getsid(child.pid) == child.pid != os.getsid(0)


def test_stop_ends_the_child_and_removes_its_pid_file(make_child):
    child = make_child(SLEEP)
    child.start()

    child.stop()

    assert child.status == -signal.SIGTERM
    assert not child.pid_file.exists()


def test_child_that_ignores_sigterm_is_killed_after_its_grace(make_child):
    child = make_child(STUBBORN, grace=0.2)
    child.start()
    wait_until(lambda: "ready" in child.log.read_text())

    child.stop()

    assert child.status == -signal.SIGKILL


def test_require_names_the_log_of_a_child_that_ended(make_child):
    child = make_child([sys.executable, "-c", "raise SystemExit('kaputt')"])
    child.start()
    wait_until(lambda: not child.running)

    with pytest.raises(ChildFailed, match=r"status 1; see .*child\.log"):
        child.require()
    assert "kaputt" in child.log.read_text()


def test_child_ends_when_its_parent_is_killed(tmp_path):
    program = f"""
import time
from pathlib import Path
from cms.demo.processes import Child
child = Child("child", {TELLING!r}, run=Path({str(tmp_path)!r}), log=Path({str(tmp_path)!r}))
child.start()
while "ready" not in child.log.read_text():
    time.sleep(0.01)
print(child.pid, flush=True)
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    assert identity(child)

    parent.kill()
    parent.communicate()

    wait_until(lambda: identity(child) is None)


def test_leftovers_of_an_earlier_run_are_ended(tmp_path, make_child):
    child = make_child(SLEEP, name="web")
    child.start()

    ended = end_leftovers(tmp_path / "run")

    assert ended == ["web"]
    assert identity(child.pid) is None
    assert not child.pid_file.exists()


def test_leftover_that_ignores_sigterm_is_killed(tmp_path, make_child):
    child = make_child(STUBBORN)
    child.start()
    wait_until(lambda: "ready" in child.log.read_text())

    end_leftovers(tmp_path / "run", grace=0.2)

    wait_until(lambda: identity(child.pid) is None)


@pytest.mark.parametrize("recorded", ["another-boot/1", None, 7])
def test_process_that_only_has_the_same_number_is_left_alone(tmp_path, recorded):
    with subprocess.Popen(SLEEP) as stranger:
        (tmp_path / "web.pid").write_text(json.dumps({"pid": stranger.pid, "identity": recorded, "command": []}))

        ended = end_leftovers(tmp_path)

        assert ended == []
        assert stranger.poll() is None
        assert not (tmp_path / "web.pid").exists()
        stranger.kill()


@pytest.mark.parametrize("content", ["", "12", "{", '{"pid": "x"}'])
def test_damaged_pid_file_is_removed(tmp_path, content):
    (tmp_path / "web.pid").write_text(content)

    assert end_leftovers(tmp_path) == []
    assert list(tmp_path.iterdir()) == []
