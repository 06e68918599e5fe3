"""One town for all journeys, and somebody who walks through it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.demo_site import ROOT
from tests.browser.journeys.town import Town, running_town
from tests.browser.journeys.walking import Walk

PICTURES = ROOT / "var" / "screenshots"
FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember what fails, so that a picture of it can be kept."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(scope="session")
def town(demo_content: Path) -> Iterator[Town]:
    # Not below the directory of pytest: the path of the broker's socket must stay short.
    with tempfile.TemporaryDirectory(prefix="ikoe-town-") as name, running_town(Path(name), demo_content) as town:
        yield town


Begin = Callable[[str], Walk]


@pytest.fixture
def begin(town: Town, browser: Browser, axe: str, request: pytest.FixtureRequest) -> Iterator[Begin]:
    """`begin("visitor")`: a walk in a browser of its own, whose pictures are kept in `var/screenshots/visitor/`.

    At the end of the test no step of any walk may have shown a barrier.
    """
    walks: dict[str, Walk] = {}

    def walk(name: str) -> Walk:
        shutil.rmtree(PICTURES / name, ignore_errors=True)
        walks[name] = Walk(browser, town.site.url, PICTURES / name, axe)
        return walks[name]

    yield walk
    found = {f"{name} {step}": barriers for name, walk in walks.items() for step, barriers in walk.found.items()}
    for walk in walks.values():
        if request.node.stash.get(FAILED, False):
            walk.look_at_failure()
        walk.end()
    assert found == {}
