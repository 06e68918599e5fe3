"""What browsers do to the server of the demo, besides asking for pages."""

from __future__ import annotations

import socket
import urllib.request
from contextlib import ExitStack
from urllib.parse import urlsplit

from tests.browser.demo_site import PATIENCE

# More than the server has processes.
IDLE = 4


def test_connections_that_say_nothing_hold_up_nobody(demo_site):
    place = urlsplit(demo_site)

    with ExitStack() as opened:
        for _ in range(IDLE):
            opened.enter_context(socket.create_connection((place.hostname, place.port), timeout=PATIENCE))
        with urllib.request.urlopen(f"{demo_site}/healthz", timeout=PATIENCE) as answer:  # noqa: S310 - our own server.
            status = answer.status

    assert status == 200
