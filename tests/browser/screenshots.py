"""Takes the pictures of `docs/img/`: `python -m tests.browser.screenshots [--site URL] [--chromium PATH] [name …]`.

Without `--site` the demo site is built and served for the occasion. Every page at 1280 and 320 pixels, full length.
"""

from __future__ import annotations

import argparse
import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser.demo_site import CHROMIUM_FLAGS, ROOT, running_demo_site

PICTURES = {
    "home": "/",
    "report": "/aktuelles/ikoe-projekt-erfolgreich-abgeschlossen/",
    "chronicle": "/ideenwerkstatt/",
    "edition": "/ideenwerkstatt/13/",
    "archive": "/archiv/?q=Fördermittel",
    "newsletter": "/newsletter/anmelden/",
}
WIDTHS = (1280, 320)


@contextmanager
def site(url: str | None) -> Iterator[str]:
    if url:
        yield url.rstrip("/")
        return
    with (
        tempfile.TemporaryDirectory(prefix="ikoe-pictures-") as directory,
        running_demo_site(Path(directory), ["build_documentation", "13"]) as made,
    ):
        yield made.url


def take(browser: Browser, url: str, width: int, target: Path, *, whole: bool = True) -> None:
    """One page, or its first screen, as a palette PNG: flat colours need no more, at a third of the size."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="de-DE", color_scheme="light")
    page = context.new_page()
    page.goto(url, wait_until="networkidle")
    # Pictures below the fold load only when they are near.
    page.evaluate("document.querySelectorAll('img[loading=lazy]').forEach(img => { img.loading = 'eager' })")
    page.wait_for_load_state("networkidle")
    page.wait_for_function("[...document.images].every(img => img.complete && img.naturalWidth)")
    picture = page.screenshot(full_page=whole)
    context.close()
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(target, optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(PICTURES)}; all if none is given")
    parser.add_argument("--site", help="address of a site that is running already")
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    parser.add_argument("--target", type=Path, default=ROOT / "docs" / "img")
    options = parser.parse_args()
    options.target.mkdir(parents=True, exist_ok=True)
    with site(options.site) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=CHROMIUM_FLAGS)
        for name in options.names or PICTURES:
            for width in WIDTHS:
                target = options.target / f"{name}-{width}.png"
                take(browser, url + PICTURES[name], width, target)
                print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1024} KB")
        # What the README shows.
        take(browser, url, WIDTHS[0], options.target / "front.png", whole=False)
        browser.close()


if __name__ == "__main__":
    main()
