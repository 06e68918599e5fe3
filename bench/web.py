"""Pages under load: wrk over 1, 8 and 64 connections, beside a static file of the same bytes and a plain Wagtail page.

gunicorn with two sync workers on PostgreSQL, as in production; the plain site has the same database server, the same
number of workers, and the same words, links and pictures on its page. Loopback only.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import production, servers, steps, web_peer, web_servers, wrk
from bench.figures import Figure
from bench.peers import PeerMissing
from bench.production import Foundation
from bench.servers import Server
from bench.web_work import LOGIN, PAGE, SEARCHES
from bench.wrk import Asked, Load
from cms.demo.valkey import free_port

ROOT = Path(__file__).parents[1]
CONNECTIONS = (1, 8, 64)
WORKERS = 2
SECONDS = 4.0
# Whoever brings any cookie gets a page that is made for them, from what is kept of its parts.
FOREIGN_COOKIE = "other=1"
# The settings of the plain site.
PLAIN = "plain.settings.bench"
# The number of connections whose rates are compared.
COMPARED = 8

CACHE = "include {directory}/cache.conf;"
PROXY = """
    set $application 127.0.0.1:{application};
    proxy_set_header Host $http_host;
    proxy_http_version 1.1;
    location / {{ include {root}/deploy/nginx/pages.conf; }}
    location = /static-peer.html {{ alias {directory}/peer.html; }}
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One address under so many connections; `cpu` is milliseconds of the application for one answer, if it made it."""

    name: str
    connections: int
    load: Load
    cpu: float | None = None


def measure() -> list[Figure]:
    """Nothing without wrk and nginx."""
    try:
        wrk.find()
    except PeerMissing as missing:
        print(f"left out: {missing}", file=sys.stderr)
        return []
    program = servers.find_nginx()
    if program is None:
        print("left out: nginx fehlt", file=sys.stderr)
        return []
    with _site() as site:
        rows = list(_rows(site, program))
        counted = {"uncached": site.queries("bench.web_settings"), "kept": site.queries("cms.settings")}
        plain = web_peer.run(site.directory / "plain", site.environment(PLAIN), "queries", "/bericht/")
        compared = list(web_servers.measure(site.directory, site.environment()))
    return [*_figures(rows, counted, plain), *compared]


def _rows(site: Site, program: str) -> Iterator[Row]:
    with site.plain() as server:
        yield from _measured("einfache Wagtail-Seite", server, "/bericht/")
    with site.gunicorn("bench.web_settings") as server:
        yield from _measured("Seite ohne Zwischenspeicher", server, PAGE)
    with site.gunicorn("cms.settings") as server:
        yield from _measured("Seite aus Django", server, PAGE)
        yield from _measured("Seite mit Rahmen und Text aus dem Speicher", server, PAGE, Cookie=FOREIGN_COOKIE)
        for path in LOGIN:
            yield from _measured(f"mit Anmeldung {path}", server, path, Cookie=site.cookie)
        for path in SEARCHES:
            yield from _measured(f"Suche {path.partition('?')[0]}", server, path, Cookie=FOREIGN_COOKIE)
        with _proxy(site, program, server.port) as proxy:
            yield from _in_turn(proxy, {"Seite aus nginx": PAGE, "nginx, statische Datei": "/static-peer.html"})


@contextmanager
def _proxy(site: Site, program: str, application: int) -> Iterator[Server]:
    directory = site.directory / "proxy"
    directory.mkdir()
    directory.chmod(0o755)
    cache = (ROOT / "deploy" / "nginx" / "cache.conf").read_text()
    (directory / "cache.conf").write_text(cache.replace("/var/cache/ikoe-pages", str(directory / "pages")))
    (directory / "peer.html").write_bytes(servers.get(application, PAGE))
    values = {"directory": directory, "application": application, "root": ROOT}
    with servers.nginx(
        program, directory, http=CACHE.format(**values), server=PROXY.format(**values), workers=WORKERS
    ) as proxy:
        yield proxy


def _in_turn(server: Server, paths: Mapping[str, str]) -> Iterator[Row]:
    """What nginx does alone is so fast that whatever else happens on the machine shows: compared in turn."""
    for path in paths.values():
        servers.get(server.port, path)
    addresses = [Asked(f"http://127.0.0.1:{server.port}{path}", {"Host": "localhost"}) for path in paths.values()]
    for connections in CONNECTIONS:
        loads = wrk.in_turn(addresses, connections=connections, seconds=SECONDS / 2)
        for name, load in zip(paths, loads, strict=True):
            _say(name, connections, load, "")
            yield Row(name, connections, load)


def _say(name: str, connections: int, load: Load, besides: str) -> None:
    print(
        f"{name:32} {connections:2} {load.rate:9.1f}/s p50 {load.median:7.2f} ms p99 {load.p99:7.2f} ms {besides}",
        file=sys.stderr,
        flush=True,
    )


def _measured(name: str, server: Server, path: str, **headers: str) -> Iterator[Row]:
    url = f"http://127.0.0.1:{server.port}{path}"
    # Pictures are scaled when a page is shown for the first time.
    for _worker in range(2 * WORKERS):
        servers.get(server.port, path, **headers)
    for connections in CONNECTIONS:
        before = server.cpu()
        load = wrk.load(url, connections=connections, seconds=SECONDS, Host="localhost", **headers)
        cpu = (server.cpu() - before) * 1000 / load.requests
        _say(name, connections, load, f"CPU {cpu:6.2f} ms")
        yield Row(name, connections, load, cpu)


def _figures(rows: list[Row], counted: dict[str, dict[str, int]], plain: int) -> Iterator[Figure]:
    at = {row.name: row for row in rows if row.connections == COMPARED}
    rate = {name: row.load.rate for name, row in at.items()}
    bounds: dict[str, tuple[float, str]] = {
        "Seite ohne Zwischenspeicher": (3 * rate["einfache Wagtail-Seite"], "3 × einfache Wagtail-Seite"),
        "Seite mit Rahmen und Text aus dem Speicher": (
            3 * rate["einfache Wagtail-Seite"],
            "3 × einfache Wagtail-Seite",
        ),
        "Seite aus Django": (4_000, "gefordert"),
        "Seite aus nginx": (0.85 * rate["nginx, statische Datei"], "0,85 × statische Datei"),
    }
    for row in rows:
        bound, bound_name = bounds.get(row.name, (None, "")) if row.connections == COMPARED else (None, "")
        name = f"{row.name}, {row.connections} Verbindung{'en' if row.connections > 1 else ''}"
        yield Figure("web", name, row.load.rate, "Antworten/s", bound, bound_name, more_is_better=True)
        yield Figure("web", f"{name}, Median", row.load.median, "ms")
        yield Figure("web", f"{name}, p99", row.load.p99, "ms")
        if row.connections == COMPARED and row.cpu is not None:
            yield Figure("web", f"{row.name}, Rechenzeit je Antwort", row.cpu, "ms")
    yield Figure("web", "Abfragen der einfachen Wagtail-Seite", plain, "Abfragen")
    yield Figure(
        "web", "Abfragen der Seite ohne Zwischenspeicher", counted["uncached"][PAGE], "Abfragen", 10, "gefordert"
    )
    for path, number in counted["kept"].items():
        who = ", mit Anmeldung" if path in LOGIN else ""
        yield Figure("web", f"Abfragen von {path.partition('?')[0]}{who}", number, "Abfragen")


@contextmanager
def _site() -> Iterator[Site]:
    with production.foundation(shared_buffers="256MB") as foundation:
        environment = _environment(foundation)
        subprocess.run(
            [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], cwd=ROOT, env=environment, check=True
        )
        filled = steps.run("-m", "bench.web_work", "fill", environment=environment)
        site = Site(foundation, str(filled["cookie"]))
        foundation.database.query("CREATE DATABASE plain")
        web_peer.make(site.directory / "plain", site.environment(PLAIN), int(filled["size"]))
        yield site


def _environment(foundation: Foundation, settings: str = "cms.settings") -> dict[str, str]:
    plain = foundation.database.url.replace("/postgres?", "/plain?")
    return foundation.environment(DJANGO_SETTINGS_MODULE=settings, PLAIN_DATABASE_URL=plain)


@dataclass(frozen=True, slots=True)
class Site:
    """A filled site and a plain one beside it; `cookie` is that of somebody who is logged in."""

    foundation: Foundation
    cookie: str

    @property
    def directory(self) -> Path:
        """Where the plain site and all files are."""
        return self.foundation.directory

    def environment(self, settings: str = "cms.settings") -> dict[str, str]:
        """That of a process of the site, or of the plain one."""
        return _environment(self.foundation, settings)

    def queries(self, settings: str) -> dict[str, int]:
        """How often each address of `bench.web_work` asks the database."""
        counted: dict[str, int] = steps.run(
            "-m", "bench.web_work", "queries", self.cookie, environment=self.environment(settings)
        )
        return counted

    @contextmanager
    def gunicorn(self, settings: str) -> Iterator[Server]:
        """The site as it is served in production."""
        with servers.gunicorn(self.directory, WORKERS, self.environment(settings)) as server:
            yield server

    @contextmanager
    def plain(self) -> Iterator[Server]:
        """The plain site, served the same way."""
        port = free_port()
        command = [sys.executable, "-m", "gunicorn", f"--bind=127.0.0.1:{port}", f"--workers={WORKERS}", "--preload"]
        with servers.running(
            [*command, "plain.wsgi"], port, self.directory / "plain.log", self.directory / "plain",
            self.environment(PLAIN),
        ) as server:  # fmt: skip
            yield server
