"""The limits of programs that read files from outside."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive.extraction import _reason
from archive.limited import MEMORY_BYTES, limited, run

MB = 1024 * 1024
# A program that starts others: each holds 60 MB, which is little.
FAMILY = """
import subprocess, sys, time
hold = "import time; data = bytearray(60_000_000); print('there', flush=True); time.sleep(30)"
children = [subprocess.Popen([sys.executable, "-c", hold]) for _ in range({number})]
time.sleep(30)
"""


def family(number):
    return [sys.executable, "-c", FAMILY.format(number=number)]


def alive(marker):
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(marker in path.read_bytes())
        except OSError:
            continue
    return any(found)


def test_memory_is_limited_for_all_processes_together(tmp_path):
    ended = run(limited(family(4), memory=MEMORY_BYTES, cpu_seconds=30), tmp_path, seconds=25, memory=200 * MB)

    assert ended.was_too_greedy
    assert ended.status < 0
    assert ended.peak_kilobytes > 200 * 1024
    assert not alive(b"bytearray(60_000_000)")
    assert "zu viel Speicher" in _reason(ended)


def test_memory_is_reported_and_few_processes_are_left_alone(tmp_path):
    program = [sys.executable, "-c", "import time; data = bytearray(60_000_000); time.sleep(1)"]

    ended = run(program, tmp_path, seconds=25, memory=200 * MB)

    assert (ended.status, ended.was_too_greedy) == (0, False)
    assert ended.peak_kilobytes > 50 * 1024


def test_time_on_the_clock_ends_all_of_them(tmp_path):
    with pytest.raises(subprocess.TimeoutExpired):
        run(family(1), tmp_path, seconds=1)

    assert not alive(b"bytearray(60_000_000)")


def test_process_of_the_website_loads_nothing_that_reads_or_makes_files():
    """Each of its processes would hold some 10 to 30 MB more for a library that others need."""
    dear = ("docx", "fontTools", "odfdo", "openpyxl", "pptx", "pypdf", "pypdfium2", "segno", "weasyprint")
    program = (
        "import sys, cms.wsgi; from django.urls import get_resolver; get_resolver()._populate();"
        f"print([name for name in {dear!r} if name in sys.modules])"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "cms.settings", "DEBUG": "1"}

    loaded = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    ).stdout

    assert loaded.strip().splitlines()[-1] == "[]"
