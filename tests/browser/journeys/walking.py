"""A walk through the site: every step is looked at, in every view, and a picture of it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL.Image import Image
from playwright.sync_api import Browser, Dialog, Locator, Page, Response, expect

from tests.browser.barriers import DESK_VIEWS, HEIGHT, SETTLED, VIEWS, barriers, overflow, shown
from tests.browser.demo_site import PATIENCE
from tests.browser.journeys.desk import WATCHING

WIDTH = 1280
PICTURED = ("light", "narrow")
# Wagtail's desk slides and fades for everybody, and half way is no state to look at. Only its hints may take their time
# here, for their script waits for the end of it. Pages of the site get no such help.
AT_ONCE = """if (location.pathname.startsWith('/admin/')) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
        :not([data-tippy-root] *), ::before, ::after { transition: none !important; animation: none !important; }`);
    document.adoptedStyleSheets.push(sheet);
}"""
# What the page itself does for those who ask for less movement, without the help above; scripts ask jQuery to move.
MOVING = """() => {
    document.adoptedStyleSheets.forEach(sheet => { sheet.disabled = true; });
    const moving = [...document.querySelectorAll('*')].filter(element => ['', '::before', '::after'].some(part => {
        const {transitionDuration, animationDuration, scrollBehavior} = getComputedStyle(element, part);
        return scrollBehavior === 'smooth'
            || `${transitionDuration},${animationDuration}`.split(',').some(time => parseFloat(time) > 0.01);
    })).map(element => element.outerHTML.slice(0, 100));
    document.adoptedStyleSheets.forEach(sheet => { sheet.disabled = false; });
    return moving.concat(window.jQuery && !window.jQuery.fx.off ? ['jQuery'] : []);
}"""
# With forced colours only borders and outlines tell a button from text, and a window or a hint from what is around it.
# Entries of Wagtail's menu are told apart by their icons.
BORDERLESS = """() => [...document.querySelectorAll(`
        :is(a, button):is(.btn, .button), input:not([type=hidden], [type=checkbox], [type=radio], [type=range]),
        textarea, select, .tagit, progress, .help-block, .drop-zone, .modal-content, .w-dialog__box`)]
    .filter(element => element.checkVisibility({visibilityProperty: true}))
    .filter(element => !element.closest('.vh, .w-sr-only, .skiplink, .sidebar, .tagit *'))
    .filter(element => !['Top', 'Right', 'Bottom', 'Left'].every(side => {
        const style = getComputedStyle(element);
        return style[`border${side}Style`] !== 'none' && parseFloat(style[`border${side}Width`]) > 0;
    })).map(element => element.outerHTML.slice(0, 100))"""
# At the desk it is not the window that scrolls, and what has the focus may have a hint beside it.
AT_REST = """() => {
    document.activeElement?.blur();
    document.querySelectorAll('*').forEach(element => { element.scrollTop = 0; });
}"""
# Nor does its window grow with what it shows: pixels to the end of the longest thing that scrolls.
WHOLE = """() => Math.max(innerHeight, ...[...document.querySelectorAll('*')]
    .filter(element => ['auto', 'scroll'].includes(getComputedStyle(element).overflowY))
    .map(element => Math.ceil(element.getBoundingClientRect().top + element.scrollHeight)))"""
LONGEST = 10_000
DRAWN = """() => Promise.all([...document.images].filter(image => !image.complete)
    .map(image => new Promise(done => { image.onload = image.onerror = done; })))"""

# Faults of Wagtail 7.4 itself, by rule and a part of the element that has it: docs/barrierefreiheit.md names them for
# people. Whatever else is found counts.
FAULTS_OF_WAGTAIL = [
    ("aria-allowed-attr", 'aria-valuenow="100"'),  # Bars of an upload without a role.
    ("button-name", 'class="xdsoft_'),  # The calendar of a date field, which can be typed as well.
    ("color-contrast", "[data-date="),
    ("color-contrast", ".success.status-msg"),
    ("label", "ui-autocomplete-input"),  # Tags of an image.
    ("label-content-name-mismatch", 'class="page-status-tag"'),
    ("label-content-name-mismatch", "w-dropdown__toggle"),  # The filter of a list.
    ("target-size", "w-minimap"),
]


def is_of_wagtail(barrier: str) -> bool:
    return any(barrier.startswith(f"{rule}:") and part in barrier for rule, part in FAULTS_OF_WAGTAIL)


class Walk:
    """One person's browser. `found` has what was wrong, by step and view."""

    def __init__(self, browser: Browser, url: str, pictures: Path, axe: str) -> None:
        self.context = browser.new_context(
            base_url=url, locale="de-DE", timezone_id="Europe/Berlin", viewport={"width": WIDTH, "height": HEIGHT}
        )
        self.context.set_default_timeout(PATIENCE * 1000)
        self.page: Page = self.context.new_page()
        self.page.add_init_script(WATCHING)
        self.page.add_init_script(AT_ONCE)
        self.pictures = pictures
        self.axe = axe
        self.steps = 0
        self.found: dict[str, list[str]] = {}
        self.page.on("pageerror", lambda error: self.found.setdefault("script", []).append(str(error)))
        self.page.on("dialog", self._hear)
        self.page.on("response", self._check)

    def _hear(self, dialog: Dialog) -> None:
        """No step of a walk leads to a question of the browser; Wagtail tells of a failed request that way, too."""
        self.found.setdefault("dialog", []).append(f"{dialog.type}: {dialog.message}")
        dialog.accept()

    def _check(self, answer: Response) -> None:
        if answer.status >= 500:
            self.found.setdefault("server", []).append(f"{answer.status} {answer.url}")

    def follow(self, link: Locator) -> None:
        """Click what leads to another page, and be there."""
        with self.page.expect_navigation():
            link.click()

    def look(self, step: str) -> None:
        """Look at the page that is open in every view; the admin is measured by what Wagtail promises."""
        self.steps += 1
        page, name = self.page, f"{self.steps:02} {step}"
        desk = "/admin/" in page.url
        # No hint hangs over the page, and no button is half below the bar at its top.
        page.mouse.move(0, 0)
        page.evaluate(AT_REST)
        expect(page.locator(".tippy-content").filter(visible=True)).to_have_count(0)
        for view_name, view in (DESK_VIEWS if desk else VIEWS).items():
            with shown(page, view), self._whole_desk():
                if view_name in PICTURED:
                    self._picture(f"{self.steps:02}-{step.replace(' ', '-')}-{view.width}.png")
                wrong = barriers(page, self.axe, view.axe)
                if desk:
                    wrong = [barrier for barrier in wrong if not is_of_wagtail(barrier)]
                else:
                    wrong += overflow(page)
            if wrong:
                self.found[f"{name}, {view_name}"] = wrong
        self._look_without_colours_and_movement(name)

    def _look_without_colours_and_movement(self, name: str) -> None:
        self.page.emulate_media(reduced_motion="reduce", forced_colors="active")
        for question in (MOVING, BORDERLESS):
            if wrong := self.page.evaluate(question):
                self.found[f"{name}, {'moving' if question is MOVING else 'forced colours'}"] = wrong
        self.page.emulate_media(reduced_motion="no-preference", forced_colors="none")

    def look_at_failure(self) -> None:
        """Keep a picture of where it ended."""
        self._picture("failure.png")

    def _picture(self, name: str) -> None:
        self.pictures.mkdir(parents=True, exist_ok=True)
        # Pictures below the fold load only when they are near.
        self.page.evaluate("document.querySelectorAll('img[loading=lazy]').forEach(img => { img.loading = 'eager' })")
        self.page.evaluate(DRAWN)
        self.page.screenshot(path=self.pictures / name, full_page=True)

    @contextmanager
    def _whole_desk(self) -> Iterator[None]:
        """At the desk, a window that shows all of a page: nothing is half below the bar at its foot."""
        before = self.page.viewport_size
        assert before
        if "/admin/" in self.page.url:
            height = min(self.page.evaluate(WHOLE), LONGEST)
            self.page.set_viewport_size({"width": before["width"], "height": height})
            self.page.evaluate(SETTLED)
        yield
        self.page.set_viewport_size(before)

    def keep(self, step: str, picture: Image) -> None:
        """Keep a picture of something that the browser does not show."""
        self.steps += 1
        picture.save(self.pictures / f"{self.steps:02}-{step.replace(' ', '-')}.png")

    def end(self) -> None:
        self.context.close()
