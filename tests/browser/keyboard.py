"""Somebody who uses no mouse: Tab from one place to the next, and what is seen of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

MOST_STOPS = 200
# The focus is seen when an outline is drawn on the element, on something in it, on its label or on the switch beside
# it; that must not be as clear as glass, nor lie below something else, like the bar at the foot of the desk (WCAG
# 2.4.7, 2.4.11).
FOCUS = """() => {
    const focused = document.activeElement;
    if (!focused || focused === document.body) return null;
    const labels = [...(focused.labels || [])], beside = focused.type === 'checkbox' && focused.nextElementSibling;
    const shape = [focused, ...focused.querySelectorAll('*'), ...labels, ...(beside ? [beside] : [])].find(element => {
        const style = getComputedStyle(element);
        return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
            && element.checkVisibility({opacityProperty: true, visibilityProperty: true});
    });
    const box = (shape || focused).getBoundingClientRect(), {left, right, top, bottom} = box;
    const belongs = hit => [focused, shape, ...labels].some(element => element?.contains(hit));
    const hits = [[left + 2, top + 2], [right - 2, top + 2], [left + 2, bottom - 2], [right - 2, bottom - 2],
        [(left + right) / 2, (top + bottom) / 2]].map(([x, y]) => document.elementFromPoint(x, y));
    return {
        page: location.pathname,
        text: (focused.textContent.trim() || focused.getAttribute('aria-label') || focused.title)
            .replace(/\\s+/g, ' '),
        label: labels.map(label => label.innerText.trim()).join(' '),
        href: focused.getAttribute('href') || '',
        what: focused.outerHTML.slice(0, 100),
        outlined: Boolean(shape),
        inside: bottom > 0 && top < innerHeight && right > 0 && left < innerWidth,
        visible: hits.some(hit => hit && belongs(hit)),
    };
}"""


def is_seen(stop: dict[str, Any]) -> bool:
    """Whether somebody who looks at the page sees where the focus is."""
    return bool(stop["outlined"] and stop["visible"] and stop["inside"])


def next_stop(page: Page, key: str = "Tab") -> dict[str, Any] | None:
    """Press Tab; what has the focus then, None if that is the browser itself."""
    page.keyboard.press(key)
    stop = page.evaluate(FOCUS)
    # The page may scroll there, and a window open around it, in its own time.
    for _ in range(60):
        if stop is None or is_seen(stop):
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

    def back_to(self, name: str) -> None:
        """The same backwards: from the beginning of a page to what stands at its end."""
        self._tab_until(lambda stop: stop["text"].startswith(name), name, "Shift+Tab")

    def to_field(self, field: str | Locator) -> None:
        """Press Tab until the field, or what a selector finds, has the focus."""
        place = self.page.locator(field) if isinstance(field, str) else field
        self._tab_until(lambda _stop: bool(place.evaluate("field => field === document.activeElement")), str(field))

    def _tab_until(self, reached: Callable[[dict[str, Any]], bool], what: str, key: str = "Tab") -> None:
        names: list[str] = []
        outside = 0
        for _ in range(MOST_STOPS):
            stop = next_stop(self.page, key)
            if stop is None:
                # Once a round it is at the browser itself. More often means that it was lost.
                outside += 1
                assert outside == 1, f"the focus was lost on the way to {what}, after {names}"
                continue
            names.append(stop["text"] or stop["label"])
            if not is_seen(stop):
                self.unseen.append(stop)
            if reached(stop):
                return
        raise AssertionError(f"no stop at {what} among {names}")

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)

    def choose(self, option: str) -> None:
        """Go down the list that has the focus, from its first option to this one."""
        chosen = "() => document.activeElement.selectedOptions[0].label"
        self.page.keyboard.press("Home")
        for _ in range(MOST_STOPS):
            if self.page.evaluate(chosen) == option:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no option {option}")

    def choose_files(self, files: list[Path]) -> None:
        """Open the window of the browser for files with the button that has the focus, and take these."""
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Enter")
        chooser.value.set_files(files)
        self.must_have_focus()

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
