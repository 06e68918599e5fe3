"""Somebody who uses no mouse: Tab from one place to the next, and what is seen of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

MOST_STOPS = 200
# The focus is seen when an outline is drawn on the element or on something in it.
FOCUS = """() => {
    const focused = document.activeElement;
    if (!focused || focused === document.body) return null;
    const style = getComputedStyle(focused), box = focused.getBoundingClientRect();
    const shapes = [focused, ...focused.querySelectorAll('*')].map(element => getComputedStyle(element));
    return {
        text: (focused.textContent.trim() || focused.getAttribute('aria-label') || focused.title)
            .replace(/\\s+/g, ' '),
        label: [...(focused.labels || [])].map(label => label.innerText.trim()).join(' '),
        href: focused.getAttribute('href') || '',
        outlined: shapes.some(shape => shape.outlineStyle !== 'none' && parseFloat(shape.outlineWidth) >= 2),
        inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        visible: style.visibility === 'visible',
    };
}"""


def next_stop(page: Page) -> dict[str, Any] | None:
    """Press Tab; what has the focus then, None if that is the browser itself."""
    page.keyboard.press("Tab")
    stop = page.evaluate(FOCUS)
    # The page may scroll there in its own time.
    for _ in range(60):
        if stop is None or stop["inside"]:
            break
        page.wait_for_timeout(50)
        stop = page.evaluate(FOCUS)
    return stop


def tab_to(page: Page, wanted: str) -> list[dict[str, Any]]:
    """Press Tab until the address of the focused link contains `wanted`; returns all stops."""
    stops = []
    for _ in range(MOST_STOPS):
        stop = next_stop(page)
        if stop is None:
            continue
        stops.append(stop)
        if wanted in stop["href"]:
            return stops
    raise AssertionError(f"no stop at {wanted} among {[stop['href'] for stop in stops]}")


class Hands:
    """Somebody at the keyboard of a page. `unseen` has the stops at which one could not see where one is."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.unseen: list[dict[str, Any]] = []

    def to(self, name: str) -> None:
        """Press Tab until something with this name or label has the focus: the whole of it or its beginning."""
        self._tab_until(lambda stop: stop["text"].startswith(name) or stop["label"].startswith(name), name)

    def to_field(self, field: str | Locator) -> None:
        """Press Tab until the field, or what a selector finds, has the focus."""
        place = self.page.locator(field) if isinstance(field, str) else field
        self._tab_until(lambda _stop: bool(place.evaluate("field => field === document.activeElement")), str(field))

    def _tab_until(self, reached: Callable[[dict[str, Any]], bool], what: str) -> None:
        names: list[str] = []
        outside = 0
        for _ in range(MOST_STOPS):
            stop = next_stop(self.page)
            if stop is None:
                # Once a round it is at the browser itself. More often means that it was lost.
                outside += 1
                assert outside == 1, f"the focus was lost on the way to {what}, after {names}"
                continue
            names.append(stop["text"] or stop["label"])
            if not (stop["outlined"] and stop["visible"] and stop["inside"]):
                self.unseen.append(stop)
            if reached(stop):
                return
        raise AssertionError(f"no stop at {what} among {names}")

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)

    def press(self, key: str = "Enter") -> None:
        """Press a key that changes something on the page; the focus is still somewhere on it."""
        self.page.keyboard.press(key)
        self.must_have_focus()

    def follow(self, key: str = "Enter") -> None:
        """Press a key that leads to another page, and be there."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def must_have_focus(self) -> None:
        """After something has appeared or gone away."""
        expect(self.page.locator(":focus")).to_have_count(1)
