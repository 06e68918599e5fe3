"""The demo content for tests that read much and change little."""

from __future__ import annotations

from home import demo
from tests.contents import made_once


@made_once
def demo_pages() -> None:
    """The public demo site: loading it takes seconds."""
    demo.load()
    demo.publish_report()
