"""What axe-core finds on a page, in light and dark, on a phone and with text twice as large."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from playwright.sync_api import Page

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Wagtail's frame around the pages of the desk promises AA.
DESK_TAGS = [tag for tag in AXE_TAGS if tag not in ("wcag2aaa", "best-practice")]
# A window without a name fails AA (WCAG 4.1.2), though axe has the rule among good practice.
DIALOGS = {"aria-dialog-name": {"enabled": True}}
CONTRAST = ["color-contrast", "color-contrast-enhanced"]
# What larger text can change: how big and how far apart things are, and whether what overflows can be reached.
SIZE = ["target-size", "scrollable-region-focusable"]
HEIGHT = 900
ORDINARY = 16
# What reaches over the right edge and is not in a box of its own that scrolls.
TOO_WIDE = """() => {
    const scrolls = element => element && element !== document.body
        && (['auto', 'scroll'].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    return [...document.body.querySelectorAll('*')]
        .filter(element => element.checkVisibility() && element.getBoundingClientRect().right > innerWidth + 1)
        .filter(element => !scrolls(element.parentElement) && !element.closest('.vh'))
        .map(element => element.outerHTML.slice(0, 100));
}"""

# What has changed is drawn, and what moves or fades has arrived.
SETTLED = """async () => {
    for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
    await Promise.allSettled(document.getAnimations()
        .filter(animation => animation.effect.getComputedTiming().endTime !== Infinity)
        .map(animation => animation.finished));
}"""
# Only what is wrong is told in full. What is in a frame is looked at as a page of its own: to ask every frame whether
# axe is in it, too, takes half a second.
QUICK = {"resultTypes": ["violations"], "iframes": False}


@dataclass(frozen=True)
class View:
    width: int
    scheme: Literal["light", "dark"]
    axe: dict[str, Any]
    text: int = ORDINARY


def views(tags: list[str]) -> dict[str, View]:
    """The views of a page that promises `tags`.

    A theme changes nothing but colours, the size of text neither names nor roles: each view is asked what only it can
    answer.
    """
    contrast = CONTRAST if "wcag2aaa" in tags else CONTRAST[:1]
    return {
        "light": View(1280, "light", {"runOnly": tags, "rules": DIALOGS}),
        "dark": View(1280, "dark", {"runOnly": contrast}),
        "large": View(1280, "light", {"runOnly": SIZE}, text=2 * ORDINARY),
        "narrow": View(320, "light", {"runOnly": tags, "rules": DIALOGS}),
        "dark narrow": View(320, "dark", {"runOnly": contrast}),
    }


VIEWS, DESK_VIEWS = views(AXE_TAGS), views(DESK_TAGS)


def barriers(page: Page, axe: str, options: dict[str, Any]) -> list[str]:
    """What axe finds on the page as it is; `axe` is the script as a function."""
    page.evaluate(SETTLED)
    # Evaluated by the debugger, so that the policy of the page stays in force.
    page.evaluate(axe)
    violations = page.evaluate("options => axeOfTests.run(document, options)", options | QUICK)["violations"]
    return [f"{each['id']}: {node['target']} {node['html'][:120]}" for each in violations for node in each["nodes"]]


def overflow(page: Page) -> list[str]:
    """What makes the page scroll sideways as it is."""
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"{wide} pixels too wide"] * (wide > 0) + page.evaluate(TOO_WIDE)


@contextmanager
def shown(page: Page, view: View) -> Iterator[None]:
    """The page as it is in a view; afterwards as it was."""
    before = page.viewport_size
    page.emulate_media(color_scheme=view.scheme)
    page.set_viewport_size({"width": view.width, "height": HEIGHT})
    with text_of_size(page, view.text):
        page.evaluate(SETTLED)
        yield
    page.emulate_media(color_scheme="light")
    if before:
        page.set_viewport_size(before)


@contextmanager
def text_of_size(page: Page, pixels: int) -> Iterator[None]:
    """The page with the font size that a reader chose in the settings of the browser."""
    if pixels == ORDINARY:
        yield
        return
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": pixels, "fixed": pixels * 13 // ORDINARY}})
    yield
    session.send("Page.setFontSizes", {"fontSizes": {"standard": ORDINARY, "fixed": 13}})
    session.detach()
