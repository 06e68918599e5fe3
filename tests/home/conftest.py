"""The demo content for tests that read much and change little."""

from __future__ import annotations

from django.test import Client

from home import demo
from home.models import EditionPage, HomePage, NewsPage
from tests.contents import made_once


@made_once
def demo_pages() -> None:
    """The public demo site: loading it takes seconds, and so does scaling its pictures at the first look at a page."""
    demo.load()
    demo.publish_report()
    client = Client()
    for model in (HomePage, EditionPage, NewsPage):
        for page in model.objects.live():
            assert client.get(page.url).status_code == 200
