"""A real browser on the real demo site. Both are started once; the site has a database of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests import migrated
from tests.browser.demo_site import CHROMIUM_FLAGS, PATIENCE, make_content, running_demo_site

expect.set_options(timeout=PATIENCE * 1000)
TOOLS = Path(__file__).parents[1] / "tools" / "node_modules"
AXE = "axe-core/axe.min.js"
# One of each kind of page.
PAGES = {
    "home": "/",
    "news": "/aktuelles/",
    "report": "/aktuelles/ikoe-projekt-erfolgreich-abgeschlossen/",
    "chronicle": "/ideenwerkstatt/",
    "edition": "/ideenwerkstatt/13/",
    "dates": "/termine/",
    "offices": "/koordinierungsstellen/",
    "office": "/koordinierungsstellen/halle/",
    "content": "/integrationsmanagement/",
    "statement": "/barrierefreiheit/",
    "barrier-form": "/barrierefreiheit/melden/?seite=/termine/",
    "archive": "/archiv/?q=Fördermittel",
    "document": "/archiv/4/?seite=2",
    "share-link-over": "/archiv/teilen/unbekannt/",
    "search": "/suche/?q=Halle",
    "newsletter": "/newsletter/",
    "sign-up": "/newsletter/anmelden/",
    "settings-link": "/newsletter/einstellungen/",
    "login": "/konto/login/",
    "request-access": "/konto/zugang-anfragen/",
    "english": "/en/",
    "english-edition": "/en/ideenwerkstatt/13/",
    "simple": "/de-simple/",
    "not-found": "/gibt-es-nicht/",
}


@pytest.fixture(scope="session")
def demo_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What all demo sites of this run begin with."""
    return make_content(tmp_path_factory.mktemp("demo-content"), migrated=migrated.copy_path())


@pytest.fixture(scope="session")
def demo_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demo site keeps its files."""
    return tmp_path_factory.mktemp("demo-site")


@pytest.fixture(scope="session")
def demo_site(demo_directory: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Address of the demo site, without a slash at its end; DEMO_SITE names one that is running already."""
    running = os.environ.get("DEMO_SITE")
    if running:
        yield running.rstrip("/")
        return
    with running_demo_site(demo_directory, content=request.getfixturevalue("demo_content")) as site:
        yield site.url


@pytest.fixture(scope="session")
def demo_password(demo_site: str, demo_directory: Path) -> str:
    """The password of all accounts of the demo site; DEMO_PASSWORD has that of DEMO_SITE."""
    if os.environ.get("DEMO_SITE"):
        return os.environ["DEMO_PASSWORD"]
    return (demo_directory / "demo" / "password").read_text().strip()


# Not for the session: while Playwright runs, Django takes the thread for an asynchronous one and refuses queries.
@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


def tool(path: str) -> Path | None:
    """A file of the packages in `tests/tools`, or None if they are not installed; with CI=true that is an error."""
    found = TOOLS / path
    if found.exists():
        return found
    if os.environ.get("CI") == "true":
        raise FileNotFoundError(f"{found} (npm ci --prefix tests/tools)")
    return None


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core as a function for `Page.evaluate`, `axeOfTests` for whoever runs it; mark the test with `node`.

    Under a name of its own, for Wagtail's editor has an axe, too; a page that has it already is left alone.
    """
    script = tool(AXE)
    if script is None:
        pytest.skip("axe-core not found (npm ci --prefix tests/tools)")
    return f"() => {{ if (!window.axeOfTests) {{ {script.read_text()}; window.axeOfTests = window.axe }} }}"
