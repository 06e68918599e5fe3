"""Takes all pictures of README and manuals: `python -m tests.browser.screenshots [--chromium PATH] [name …]`.

The demo site is built and served for the occasion. Pages for visitors are taken whole at 1280 and 320 pixels, the desk
of the editors one screen at a time (`tests.browser.desk_pictures`), the documentation from its PDF file. PNG where a
catalogue wants it (publiccode.yml), else WebP.
"""

from __future__ import annotations

import argparse
import io
import shutil
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.demo_site import CHROMIUM_FLAGS, ROOT, running_demo_site
from tests.browser.desk_pictures import PICTURES as DESK
from tests.browser.desk_pictures import Desk, mailing_on_its_way

# Whole pages, for whoever judges the look of the site (docs/img/README.md).
PAGES = {
    "home": "/",
    "report": "/aktuelles/ikoe-projekt-erfolgreich-abgeschlossen/",
    "chronicle": "/ideenwerkstatt/",
    "edition": "/ideenwerkstatt/13/",
    "archive": "/archiv/?q=Fördermittel",
    "newsletter": "/newsletter/anmelden/",
}
WIDTHS = (1280, 320)
SCREEN = {"width": 1280, "height": 800}
# Cover, and the first page with programme and text.
SHEETS = (0, 3)
MAILING, DOCUMENTATION, SITE = "mailing", "documentation", "site"
NAMES = (SITE, MAILING, DOCUMENTATION, *PAGES, *DESK)


class Album:
    """Writes pictures into a directory and says what they weigh."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)

    def keep_png(self, name: str, picture: Image.Image) -> None:
        target = self.directory / f"{name}.png"
        flat(picture).save(target, optimize=True)
        self._say(target)

    def keep_webp(self, name: str, picture: Image.Image, colours: int = 256) -> None:
        """Without loss: what WebP loses makes letters grey and files larger."""
        target = self.directory / f"{name}.webp"
        flat(picture, colours).convert("RGB").save(target, lossless=True, quality=100, method=6)
        self._say(target)

    @staticmethod
    def _say(target: Path) -> None:
        print(f"{target.name}: {target.stat().st_size / 1000:.0f} KB", flush=True)


def flat(picture: Image.Image, colours: int = 256) -> Image.Image:
    """With a palette: flat colours need no more, at a third of the size."""
    return picture.convert("RGB").quantize(colours, dither=Image.Dither.NONE)


def shot(page: Page, *, whole: bool = False) -> Image.Image:
    """The page as it is now, when its pictures are there."""
    # Pictures below the fold load only when they are near.
    page.evaluate("document.querySelectorAll('img[loading=lazy]').forEach(img => { img.loading = 'eager' })")
    # Not as a function to wait for: the policy of the pages forbids to evaluate one there.
    page.evaluate("Promise.allSettled([...document.images].map(img => img.decode()))")
    return Image.open(io.BytesIO(page.screenshot(full_page=whole, animations="disabled")))


def visit(browser: Browser, url: str, size: dict[str, int], *, whole: bool) -> Image.Image:
    """A page as a visitor sees it."""
    context = browser.new_context(viewport=size, locale="de-DE", color_scheme="light")
    page = context.new_page()
    page.goto(url, wait_until="networkidle")
    picture = shot(page, whole=whole)
    context.close()
    return picture


def sheets(path: Path) -> Image.Image:
    """Two pages of a PDF side by side on grey."""
    with pypdfium2.PdfDocument(path) as document:
        pages = [document[number].render(scale=1.1).to_pil() for number in SHEETS]
    gap = 24
    width = sum(page.width for page in pages) + gap * (len(pages) + 1)
    table = Image.new("RGB", (width, pages[0].height + 2 * gap), "#d9dee0")
    left = gap
    for page in pages:
        table.paste(page, (left, gap))
        left += page.width + gap
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(NAMES)}; all if none is given")
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    parser.add_argument("--target", type=Path, default=ROOT / "docs" / "img")
    options = parser.parse_args()
    wanted = options.names or NAMES
    if unknown := sorted(set(wanted) - set(NAMES)):
        parser.error(f"unknown: {', '.join(unknown)}")
    album = Album(options.target)
    with (
        tempfile.TemporaryDirectory(prefix="ikoe-pictures-") as name,
        running_demo_site(Path(name), ["build_documentation", "13"]) as site,
        sync_playwright() as playwright,
    ):
        directory = Path(name)
        browser = playwright.chromium.launch(executable_path=options.chromium, args=CHROMIUM_FLAGS)
        if SITE in wanted:
            album.keep_png(SITE, visit(browser, site.url, SCREEN, whole=False))
        if DOCUMENTATION in wanted:
            file = directory / "documentation.pdf"
            site.manage("build_documentation", "13", "--output", str(file))
            album.keep_png(DOCUMENTATION, sheets(file))
        for page in PAGES:
            for width in WIDTHS if page in wanted else ():
                picture = visit(browser, site.url + PAGES[page], {"width": width, "height": 900}, whole=True)
                album.keep_webp(f"{page}-{width}", picture, colours=64)
        with Desk(browser, site, directory) as desk:
            for picture_name in DESK:
                if picture_name in wanted:
                    album.keep_webp(picture_name, shot(DESK[picture_name](desk)))
            if MAILING in wanted:
                with mailing_on_its_way(desk) as page:
                    album.keep_png(MAILING, shot(page))
        browser.close()


if __name__ == "__main__":
    main()
