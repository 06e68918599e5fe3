"""A machine without a tool: its tests are left out and said so, the others count as ever."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import TOOLS
from tests.lanes import RECORD

ROOT = Path(__file__).parents[1]
TESTS = """
import pytest

@pytest.mark.chromium
def test_needs_a_browser():
    raise AssertionError("ran without a browser")

def test_needs_nothing():
    assert {truth}
"""


def run_without_browser(tmp_path: Path, *, truth: bool, ci: str = "") -> subprocess.CompletedProcess[str]:
    """pytest on a machine that has no browser, with one test that needs it and one that does not."""
    tests = tmp_path / "test_example.py"
    tests.write_text(TESTS.format(truth=truth))
    return run_without_tools(tmp_path, tests, "-p", "tests.conftest", rootdir=tmp_path, ci=ci)


def run_without_tools(
    tmp_path: Path, tests: Path, *options: str, rootdir: Path, ci: str = ""
) -> subprocess.CompletedProcess[str]:
    """pytest on a machine that has no tool at all."""
    options = ("-c", str(ROOT / "pyproject.toml"), "--rootdir", str(rootdir), "-p", "no:cacheprovider", *options)
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(tests)],
        cwd=ROOT,
        # The run around this one has a record of its own.
        env=os.environ | {"PATH": str(tmp_path), "CI": ci, RECORD: ""},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("truth", "status"), [(True, 0), (False, 1)])
@pytest.mark.slow  # a run of pytest
def test_run_without_browser_says_what_is_left_out_and_tells_the_truth_about_the_rest(tmp_path, truth, status):
    done = run_without_browser(tmp_path, truth=truth)

    assert done.returncode == status
    assert "left out (1): Chromium not found (apt-get install chromium)" in done.stdout


@pytest.mark.slow  # a run of pytest
def test_nothing_is_left_out_on_the_machine_that_must_have_everything(tmp_path):
    done = run_without_browser(tmp_path, truth=True, ci="true")

    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "CI=true, but 1 tests cannot run: Chromium not found" in done.stderr


@pytest.mark.slow  # a run of pytest
def test_ways_of_the_users_are_left_out_without_a_browser(tmp_path):
    done = run_without_tools(tmp_path, ROOT / "tests" / "browser" / "journeys", rootdir=ROOT)

    assert done.returncode == 0
    assert re.search(r"left out \(\d+\): Chromium not found \(apt-get install chromium\)", done.stdout)
    assert " 0 passed" in done.stdout and "failed" not in done.stdout


@pytest.mark.parametrize("marker", TOOLS)
def test_ci_installs_every_tool(marker):
    packages = (ROOT / ".ci" / "run").read_text()

    assert [package for package in TOOLS[marker].package.split() if f"]={package}\n" not in packages] == []
