"""What a page weighs before anything is measured in a browser."""

from pathlib import Path

import brotli  # comes with WeasyPrint, which packs fonts with it
from django.conf import settings

MOST_CSS = 10_000


def test_styles_weigh_at_most_ten_kilobytes():
    css = Path(settings.BASE_DIR, "home", "static", "css")

    sizes = {name: len(brotli.compress((css / name).read_bytes())) for name in ("tokens.css", "site.css")}

    assert sum(sizes.values()) <= MOST_CSS, sizes
