"""An address of a person in the log of a process fails the test that started it, wherever that log is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cms.demo.processes import Child
from tests.child_logs import watched
from tests.lanes import RECORD

ROOT = Path(__file__).parents[1]
SAYS = "import sys; sys.stderr.write('begin\\nmail to Kim.Beispiel@example.org failed\\n'); print('3')"
NAMED = "2: mail to K…@… failed"


@pytest.fixture
def logs():
    """A search of its own: what it finds does not fail this test."""
    with watched() as logs:
        yield logs


def python(program: str, **options) -> None:
    subprocess.run([sys.executable, "-c", program], check=True, **options)


def test_log_of_a_server_is_searched_although_it_is_gone(logs, tmp_path):
    child = Child("web", [sys.executable, "-c", SAYS], run=tmp_path, log=tmp_path)

    child.start()
    child._process.wait()
    child.log.unlink()

    assert logs.search() == [f"{child.log}:{NAMED}"]
    assert logs.searched == {str(child.log): 3}


def test_log_of_a_server_is_searched_while_it_runs_and_each_line_once(logs, tmp_path):
    program = f"import time; {SAYS}; sys.stderr.write('half of kim@exam'); sys.stderr.flush(); time.sleep(60)"
    child = Child("web", [sys.executable, "-u", "-c", program], run=tmp_path, log=tmp_path)
    child.start()
    while "half" not in child.log.read_text():
        child.require()

    found = [logs.search(), logs.search()]
    child.stop()

    assert found == [[f"{child.log}:{NAMED}"], []]
    assert logs.search() == []
    assert logs.searched.total() == 4


def test_log_that_is_written_anew_was_searched_before(logs, tmp_path):
    for program in (SAYS, "print('harmless, and much longer than what was there before\\n' * 9)"):
        child = Child("worker", [sys.executable, "-c", program], run=tmp_path, log=tmp_path)
        child.start()
        child._process.wait()

    assert logs.search() == [f"{child.log}:{NAMED}"]
    assert logs.searched.total() == 3 + 10


def test_standard_error_of_a_command_is_log_and_its_answer_is_not(logs):
    python(SAYS, capture_output=True)
    python("print('kim@example.org')", capture_output=True)
    python("print('kim@example.org')", stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    first, second = logs.search()

    assert first.endswith(": mail to K…@… failed")
    assert second.endswith(": k…@…")


def test_whoever_types_an_address_may_be_told_about_it(logs):
    program = "import sys; sys.stderr.write(f'{sys.argv[1]} is unknown, but not kim@example.org')"

    subprocess.run([sys.executable, "-c", program, "toni@example.org"], check=True, capture_output=True)
    typed = [sys.executable, "-c", program.replace("but not kim@example.org", ""), "toni@example.org"]
    subprocess.run(typed, check=True, capture_output=True)

    assert [line.rpartition(": ")[2] for line in logs.search()] == ["t…@… is unknown, but not k…@…"]


def test_logs_that_a_process_opens_itself_are_searched(logs, tmp_path):
    """The demo has a directory of logs for its own children, nginx writes where it runs."""
    (tmp_path / "var" / "log").mkdir(parents=True)
    (tmp_path / "nginx").mkdir()
    write = "from pathlib import Path; Path({!r}).write_text('GET /?q=kim%40example.org\\n')"

    python(write.format("var/log/web.log"), cwd=tmp_path, env=os.environ | {"VAR_DIR": str(tmp_path / "var")})
    python(write.format("access.log"), cwd=tmp_path / "nginx")

    assert logs.search() == [
        f"{tmp_path}/var/log/web.log:1: GET /?q=k…@…",
        f"{tmp_path}/nginx/access.log:1: GET /?q=k…@…",
    ]


def test_the_organisation_and_ids_are_nobody(logs):
    python("import sys; sys.stderr.write('delivery 17 from IKOE <ikoe@example.org>\\n')", capture_output=True)

    assert logs.search() == []
    assert logs.searched.total() == 1


TESTS = f"""
import subprocess, sys
from cms.demo.processes import Child

SAYS = [sys.executable, "-c", {SAYS!r}]

def test_server(tmp_path):
    child = Child("web", SAYS, run=tmp_path, log=tmp_path)
    child.start()
    child._process.wait()

def test_terminal():
    subprocess.run(SAYS, check=True)

def test_harmless():
    subprocess.run([sys.executable, "-c", "print('kim@example.org')"], check=True)
"""


@pytest.mark.slow  # a run of pytest
def test_run_fails_and_says_where_without_the_address(tmp_path):
    tests = tmp_path / "test_example.py"
    tests.write_text(TESTS)
    options = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path), "-p", "no:cacheprovider", "-n", "1"]
    options += ["-p", "tests.conftest", "--show-capture=no"]

    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(tests)],
        cwd=ROOT, env=os.environ | {RECORD: ""}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    said = done.stdout
    assert done.returncode == 1
    assert re.search(r"ERROR \S*test_example.py::test_server", said)
    assert re.search(r"FAILED \S*test_example.py::test_terminal", said)
    assert "test_harmless" not in said
    assert f"web.log:{NAMED}" in said.replace("\n", "")
    assert "kim.beispiel@" not in said.lower()
    assert "logs searched for addresses: 3 lines of 3 processes" in said
