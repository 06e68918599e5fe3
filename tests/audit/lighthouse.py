"""Lighthouse 12 on some pages, as a phone on a slow line: runs it, and reads its reports."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.audit.budgets import KINDS, SCORES, Report
from tests.browser.demo_site import CHROMIUM_FLAGS, ROOT

TOOLS = ROOT / "tests" / "tools"
PROGRAM = TOOLS / "lighthouse.mjs"
INSTALLED = TOOLS / "node_modules" / "lighthouse"
# Chromium's kinds of what was loaded, in the words of the table; whatever is not here is "Sonstiges".
KIND_OF = {"Document": "HTML", "Stylesheet": "CSS", "Script": "JS", "Font": "Schrift", "Image": "Bilder"}
# What it would hold against a page that asks search engines to stay away.
OF_LISTED_PAGES = ["is-crawlable", "meta-description"]


class LighthouseFailed(Exception):
    """It gave no report; the message is what it said."""


def look_at(
    addresses: Mapping[str, str], directory: Path, *, node: str, chromium: str, unlisted: frozenset[str] = frozenset()
) -> Iterator[tuple[str, Report | LighthouseFailed]]:
    """Let Lighthouse look at pages, one after another in one browser; yields what it found under the name of each.

    Its own reports, for reading in a browser, become `directory`/NAME.report.html. `unlisted` names the pages that ask
    search engines to stay away. Whatever stops it in the middle makes a failure of each page that is left.
    """
    order = {
        "chromium": chromium,
        "flags": CHROMIUM_FLAGS,
        "categories": list(SCORES),
        "pages": [
            {
                "name": name,
                "url": url,
                "target": str(directory / name),
                "skipAudits": OF_LISTED_PAGES if name in unlisted else [],
            }
            for name, url in addresses.items()
        ],
    }
    left = dict(addresses)
    with subprocess.Popen(
        [node, str(PROGRAM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=TOOLS
    ) as process:
        assert process.stdin and process.stdout
        process.stdin.write(json.dumps(order))
        process.stdin.close()
        for line in process.stdout:
            said = json.loads(line)
            url = left.pop(said["name"])
            yield said["name"], _found(url, directory / f"{said['name']}.report.json", said["error"])
    for name, url in left.items():
        yield name, LighthouseFailed(f"{url}: Lighthouse endete vorher mit Status {process.returncode}")


def _found(url: str, report: Path, error: str) -> Report | LighthouseFailed:
    if error:
        return LighthouseFailed(f"{url}: {error}")
    try:
        return read_report(json.loads(report.read_text()))
    except LighthouseFailed as failure:
        return failure


def read_report(said: dict[str, Any]) -> Report:
    """What of Lighthouse's report (its JSON, version 12) the table shows. Raises LighthouseFailed."""
    if error := said.get("runtimeError"):
        raise LighthouseFailed(f"{said['requestedUrl']}: {error['message']}")
    audits = said["audits"]
    weights = dict.fromkeys(KINDS, 0)
    own = urlsplit(said["finalDisplayedUrl"]).netloc
    foreign = set()
    for request in audits["network-requests"]["details"]["items"]:
        weights[KIND_OF.get(request.get("resourceType"), "Sonstiges")] += request.get("transferSize", 0)
        address = urlsplit(request["url"])
        if address.scheme in {"http", "https"} and address.netloc != own:
            foreign.add(address.netloc)
    categories = said["categories"]
    return Report(
        # A category without a score could not be judged, which is no 100.
        scores={name: round((categories[name]["score"] or 0) * 100) for name in SCORES},
        weights=weights,
        lcp=audits["largest-contentful-paint"].get("numericValue", 0.0) / 1000,
        faults={name: list(_faults(categories[name], audits)) for name in SCORES},
        foreign=sorted(foreign),
    )


def _faults(category: dict[str, Any], audits: dict[str, Any]) -> list[str]:
    """Titles of the audits that cost points."""
    weighed = [audits[each["id"]] for each in category["auditRefs"] if each["weight"]]
    return [audit["title"] for audit in weighed if audit["score"] is not None and audit["score"] < 1]
