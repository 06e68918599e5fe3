"""A video in a real browser: nobody else is asked before the visitor says so, with script and without."""

import pytest
from playwright.sync_api import sync_playwright

from home.models import ContentPage
from tests.basic_content import ensure_site
from tests.browser.demo_site import CHROMIUM_FLAGS
from tests.home.block_examples import stream_of

PLAYER = "https://www.youtube-nocookie.com/embed/aaaaaaaaaaa?autoplay=1"


@pytest.fixture
def page_with_video(live_server):
    stream = stream_of(
        (
            "video",
            {
                "title": "Film",
                "url": "https://youtu.be/aaaaaaaaaaa",
                "file": None,
                "captions": None,
                "poster": None,
                "duration": "",
                "transcript": "<p>Guten Tag!</p>",
            },
        )
    )
    page = ContentPage(title="Film", slug="film", body=stream.stream_block.get_prep_value(stream))
    ensure_site().root_page.add_child(instance=page)
    return f"{live_server.url}/film/"


def visit(browser, address, script):
    """What the page asks for by itself, and what the browser complains about until the player is there."""
    context = browser.new_context(java_script_enabled=script)
    asked, complaints = [], []
    context.route("https://www.youtube-nocookie.com/**", lambda route: route.fulfill(body="Player"))
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(address, wait_until="load")
    before = list(asked)
    page.locator("iframe").scroll_into_view_if_needed()
    with page.expect_request(PLAYER):
        page.frame_locator("iframe").get_by_text("Video von YouTube laden").click()
    page.frame_locator("iframe").get_by_text("Player").wait_for()
    return before, complaints


@pytest.mark.chromium
@pytest.mark.django_db(transaction=True)
def test_a_video_loads_on_request_only(page_with_video, chromium):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        seen = [visit(browser, page_with_video, script) for script in (True, False)]
        browser.close()

    host = page_with_video.removesuffix("/film/")
    for before, complaints in seen:
        assert all(address.startswith((host, "about:", "data:")) for address in before)
        assert any(address.endswith("site.css") for address in before)
        assert complaints == []
