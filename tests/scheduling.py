"""Which tests stay in one process of pytest-xdist, and which of them come first."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from xdist.scheduler import LoadFileScheduling

# All its files look at demo sites, whose content takes long to make.
GROUP = "tests/browser"
# Loading the demo into the database takes ten seconds: one process for all files that read it.
DEMO_CONTENT = "demo_pages"
# How many others a test that is marked `slow` lasts, about.
SLOW_WEIGHS = 30


def group_of(nodeid: str) -> str:
    """What stays in one process: a file, or all files of a group."""
    return _group_of_file(nodeid.partition("::")[0])


@cache
def _group_of_file(file: str) -> str:
    if file.startswith(f"{GROUP}/"):
        return GROUP
    path = Path(__file__).parents[1] / file
    return DEMO_CONTENT if path.exists() and DEMO_CONTENT in path.read_text() else file


class GroupScheduling(LoadFileScheduling):
    """Hands out the groups in the order of the tests, see `longest_first`."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def longest_first(items: list[pytest.Item]) -> None:
    """A long group that comes last would leave the other processes without work."""
    weights: Counter[str] = Counter()
    for item in items:
        if not item.get_closest_marker("skip"):
            weights[group_of(item.nodeid)] += SLOW_WEIGHS if item.get_closest_marker("slow") else 1
    items.sort(key=lambda item: (-weights[group_of(item.nodeid)], group_of(item.nodeid)))
