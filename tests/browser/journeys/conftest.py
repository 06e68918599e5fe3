"""One town for all journeys, and somebody who walks through it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.demo_site import ROOT
from tests.browser.journeys.town import Town, running_town
from tests.browser.journeys.walking import Walk

PICTURES = ROOT / "var" / "screenshots"


@pytest.fixture(scope="session")
def town() -> Iterator[Town]:
    # Not below the directory of pytest: the path of the broker's socket must stay short.
    with tempfile.TemporaryDirectory(prefix="ikoe-town-") as name, running_town(Path(name)) as town:
        yield town


Begin = Callable[[str], Walk]


@pytest.fixture
def begin(town: Town, browser: Browser, axe: str) -> Iterator[Begin]:
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
        walk.end()
    assert found == {}
