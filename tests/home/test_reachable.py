"""Whoever follows links from the home page comes to every public page."""

from __future__ import annotations

import re
from collections import deque
from urllib.parse import urljoin, urlsplit

import pytest

LINK = re.compile(r'<a [^>]*?href="([^"]+)"')
# Lists by filter and files without end lead to no page of their own.
ASIDE = re.compile(r"\.(?:ics|xml|pdf|png|jpe?g|webp|zip)$|/datei/$|/feed/$|^/(?:konto|cms|media|static)/")


def linked_from(client, start):
    """The paths of all pages that can be reached from `start` by links, in the way of a reader."""
    found, waiting = {start}, deque([start])
    while waiting:
        here = waiting.popleft()
        response = client.get(here)
        if not response["Content-Type"].startswith("text/html"):
            continue
        for href in LINK.findall(response.content.decode()):
            address = urlsplit(urljoin(f"http://testserver{here}", href))
            if address.netloc != "testserver" or address.query or ASIDE.search(address.path):
                continue
            if address.path not in found:
                found.add(address.path)
                waiting.append(address.path)
    return found


@pytest.mark.slow  # every page of the demo
def test_every_page_of_the_sitemap_is_reached_by_links_from_the_home_page(demo_pages, client, settings):
    content = client.get("/sitemap.xml").content.decode()
    listed = {place.removeprefix(settings.BASE_URL) for place in re.findall(r"<loc>([^<]+)</loc>", content)}

    assert len(listed) > 40
    assert sorted(listed - linked_from(client, "/")) == []
