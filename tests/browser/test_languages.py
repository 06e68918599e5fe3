"""How pages in Leichte Sprache look, and that the switch can be used on a phone without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.chromium
FOURTEEN_POINTS = 14 * 96 / 72

# What every visible piece of text looks like: size, line height, hyphens.
TEXTS = """() => [...document.querySelectorAll("body *")]
  .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && e.checkVisibility()
    && !e.closest(".vh, .skip, svg, script"))
  .map(e => { const s = getComputedStyle(e); return {
    text: e.textContent.trim().slice(0, 40), size: parseFloat(s.fontSize), line: parseFloat(s.lineHeight),
    hyphens: s.hyphens, running: Boolean(e.closest("main p, main li")) && !e.closest(".btn") }; })"""


@pytest.mark.parametrize("width", [1280, 320])
def test_leichte_sprache_is_large_and_never_hyphenated(browser: Browser, demo_site: str, width: int):
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(f"{demo_site}/integrationsmanagement/")
    usual = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    page.goto(f"{demo_site}/de-simple/")

    texts = page.evaluate(TEXTS)
    size = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    page.close()

    assert len(texts) > 40
    assert [text for text in texts if text["size"] < FOURTEEN_POINTS] == []
    assert [text for text in texts if text["hyphens"] != "none"] == []
    assert [text for text in texts if text["running"] and text["line"] < 1.6 * text["size"]] == []
    assert size >= 1.25 * usual


def test_languages_can_be_changed_on_a_phone_without_script(browser: Browser, demo_site: str):
    context = browser.new_context(viewport={"width": 320, "height": 700}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{demo_site}/projekt/")

    page.get_by_role("button", name="Menü").click()
    switch = page.locator("#menue .languages a")
    heights = [switch.nth(index).bounding_box()["height"] for index in range(switch.count())]
    labels = switch.all_inner_texts()
    page.locator("#menue").get_by_role("link", name="English").click()

    assert [label.split(",")[0].strip() for label in labels] == ["Deutsch", "English", "Leichte Sprache"]
    assert min(heights) >= 44
    assert page.url == f"{demo_site}/en/about/"
    context.close()
