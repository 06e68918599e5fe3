"""Lighthouse 12 on one page, as a phone on a slow line: runs it, and reads its report."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.audit.budgets import KINDS, SCORES, Report
from tests.browser.demo_site import CHROMIUM_FLAGS, ROOT

PROGRAM = ROOT / "tests" / "tools" / "node_modules" / "lighthouse" / "cli" / "index.js"
# Chromium's kinds of what was loaded, in the words of the table; whatever is not here is "Sonstiges".
KIND_OF = {"Document": "HTML", "Stylesheet": "CSS", "Script": "JS", "Font": "Schrift", "Image": "Bilder"}
PATIENCE = 120


class LighthouseFailed(Exception):
    """It gave no report; the message is what it said."""


def look_at(url: str, target: Path, *, node: str, chromium: str, is_listed: bool = True) -> Report:
    """Let Lighthouse look at a page; its own report, for reading in a browser, becomes `target`.report.html.

    Raises LighthouseFailed.
    """
    command = [
        node,
        str(PROGRAM),
        url,
        "--quiet",
        "--locale=de",
        "--no-enable-error-reporting",
        "--output=json",
        "--output=html",
        f"--output-path={target}",
        f"--only-categories={','.join(SCORES)}",
        f"--chrome-flags={' '.join(CHROMIUM_FLAGS)}",
        *([] if is_listed else ["--skip-audits=is-crawlable,meta-description"]),
    ]
    try:
        done = subprocess.run(
            command,
            env=os.environ | {"CHROME_PATH": chromium},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise LighthouseFailed(f"{url}: nach {PATIENCE} Sekunden nicht fertig") from error
    report = target.with_name(f"{target.name}.report.json")
    if done.returncode or not report.exists():
        raise LighthouseFailed(f"{url}: Status {done.returncode}\n{done.stdout}{done.stderr}")
    return read_report(json.loads(report.read_text()))


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
