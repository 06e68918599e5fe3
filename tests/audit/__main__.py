"""`python -m tests.audit [PAGE,PAGE…]`: looks at pages of the demo behind nginx, prints one table.

Lighthouse's own reports lie in `var/audit/`, the table's figures in `var/audit.json`. Exit status: 0 all is kept, 1 a
budget or a score is missed or a page gave no report, 2 a tool is missing or no page has that name.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlsplit

from cms.demo.valkey import free_port
from tests import child_logs
from tests.audit.budgets import PAGES, Report, missed, table
from tests.audit.lighthouse import INSTALLED, LighthouseFailed, look_at
from tests.browser.demo_site import ROOT, running_demo_site
from tests.conftest import TOOLS, find_tool
from tests.proxy import running_nginx

REPORTS = ROOT / "var" / "audit"


@contextmanager
def site(directory: Path) -> Iterator[str]:
    """The demo behind nginx, with the documentation of an edition; yields its address without a slash."""
    port = free_port()
    url = f"http://localhost:{port}"
    with running_demo_site(directory, ["build_documentation", "13"], BASE_URL=url) as demo:
        proxy = directory / "nginx"
        proxy.mkdir()
        with running_nginx(
            find_tool("nginx"), proxy, port=port,
            application=urlsplit(demo.url).netloc, archive=directory / "archive", files=directory, log="ikoe_json",
        ):  # fmt: skip
            yield url


def look(names: list[str]) -> tuple[dict[str, Report], list[str]]:
    """The reports of these pages by name, and what gave none."""
    found, failures = {}, []
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="ikoe-audit-") as directory, site(Path(directory)) as url:
        addresses = {name: url + urllib.parse.quote(PAGES[name].path, safe="/?=&") for name in names}
        for address in addresses.values():
            # Pictures are scaled when a page is shown for the first time.
            with urllib.request.urlopen(address) as answer:  # noqa: S310 - our own server.
                answer.read()
        unlisted = frozenset(name for name in names if not PAGES[name].is_listed)
        programs = {"node": find_tool("node"), "chromium": find_tool("chromium")}
        for name, report in look_at(addresses, REPORTS, unlisted=unlisted, **programs):
            print(f"{PAGES[name].label} …", file=sys.stderr, flush=True)
            if isinstance(report, LighthouseFailed):
                failures.append(str(report))
            else:
                found[name] = report
    return found, failures


def main(arguments: list[str]) -> int:
    names = [name for name in ",".join(arguments).split(",") if name] or list(PAGES)
    if unknown := sorted(set(names) - set(PAGES)):
        print(f"Es gibt: {', '.join(PAGES)}. Unbekannt: {', '.join(unknown)}", file=sys.stderr)
        return 2
    absent = [TOOLS[tool][0] for tool in ("chromium", "nginx", "node") if not find_tool(tool)]
    if not INSTALLED.exists():
        absent.append("Lighthouse (npm ci --prefix tests/tools --ignore-scripts)")
    if absent:
        print(f"Es fehlt: {', '.join(absent)}", file=sys.stderr)
        return 2
    with child_logs.watched() as logs:
        found, failures = look(names)
    named = logs.search(to_the_end=True)
    print(f"logs searched for addresses: {logs.searched.total()} lines of {logs.processes} processes", file=sys.stderr)
    failures += [child_logs.NAMED, *named] if named else []
    print(table(found))
    complaints = [*failures, *(sentence for name in found for sentence in missed(PAGES[name], found[name]))]
    figures = {name: asdict(report) for name, report in found.items()}
    (ROOT / "var" / "audit.json").write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n")
    if complaints:
        print("\nNicht eingehalten:", *complaints, sep="\n  ")
        return 1
    print("\nAlle Grenzen sind eingehalten.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
