"""Every page is valid HTML in the eyes of the Nu Html Checker."""

from __future__ import annotations

import json
import subprocess
import urllib.error
import urllib.parse
import urllib.request

import pytest

from tests.browser.conftest import PAGES, tool

pytestmark = [pytest.mark.java, pytest.mark.node]


def fetch(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url) as response:  # noqa: S310 - our own server.
            return response.read()
    except urllib.error.HTTPError as error:
        return error.read()


def test_pages_are_valid_html(demo_site, tmp_path):
    checker = tool("vnu-jar/build/dist/vnu.jar")
    if not checker:
        pytest.skip("vnu-jar not found (npm ci --prefix tests/tools)")
    for name, path in PAGES.items():
        (tmp_path / f"{name}.html").write_bytes(fetch(demo_site + urllib.parse.quote(path, safe="/?=&")))

    done = subprocess.run(
        ["java", "-jar", checker, "--errors-only", "--format", "json", *sorted(tmp_path.iterdir())],
        capture_output=True,
        text=True,
        check=False,
    )
    messages = json.loads(done.stderr)["messages"]

    assert [
        f"{message['url'].rpartition('/')[2]}:{message['lastLine']} {message['message']} {message.get('extract', '')}"
        for message in messages
    ] == []
