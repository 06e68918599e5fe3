"""Which application server: the site under gunicorn, in both of its ways to work, granian and uvicorn.

Each with two processes and the same site, once with a page that is kept and once with one that is made. granian and
uvicorn are no part of the project.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bench import peers, servers, wrk
from bench.figures import Figure
from bench.peers import PeerMissing
from bench.web_work import PAGE
from cms.demo.valkey import free_port

if TYPE_CHECKING:
    from bench.servers import Server

ROOT = Path(__file__).parents[1]
PACKAGES = ("granian==2.8.9", "uvicorn[standard]==0.54.0", "a2wsgi==1.10.10")
CONNECTIONS, SECONDS, WORKERS = 8, 4.0, 2
# Whoever brings a cookie gets a page that is made for them.
WAYS: dict[str, dict[str, str]] = {"aus dem Speicher": {}, "neu gemacht": {"Cookie": "other=1"}}


def measure(directory: Path, environment: Mapping[str, str]) -> Iterator[Figure]:
    """Answers a second and processor time of each server, for the site that `environment` describes."""
    try:
        libraries = peers.libraries("servers", *PACKAGES)
    except PeerMissing as missing:
        print(f"left out: {missing}", file=sys.stderr)
        return
    known = {**environment, "PYTHONPATH": str(libraries)}
    for name, command in _commands().items():
        port = free_port()
        asked = [part.format(port=port) for part in command]
        with servers.running([sys.executable, "-m", *asked], port, directory / "server.log", ROOT, known) as server:
            for way, headers in WAYS.items():
                yield from _measured(f"{name}, Seite {way}", server, headers)
            yield Figure("web", f"{name}, Speicher der {WORKERS} Prozesse", server.memory(), "MB")


def _measured(name: str, server: Server, headers: Mapping[str, str]) -> Iterator[Figure]:
    url = f"http://127.0.0.1:{server.port}{PAGE}"
    for _worker in range(2 * WORKERS):
        servers.get(server.port, PAGE, **headers)
    before = server.cpu()
    load = wrk.load(url, connections=CONNECTIONS, seconds=SECONDS, Host="localhost", **headers)
    cpu = (server.cpu() - before) * 1000 / load.requests
    yield Figure("web", name, load.rate, "Antworten/s", more_is_better=True)
    yield Figure("web", f"{name}, p99", load.p99, "ms")
    yield Figure("web", f"{name}, Rechenzeit je Antwort", cpu, "ms")


def _commands() -> dict[str, list[str]]:
    bind, processes = "--bind=127.0.0.1:{port}", f"--workers={WORKERS}"
    others = ["--host=127.0.0.1", "--port={port}", processes]
    return {
        "gunicorn, sync": ["gunicorn", bind, processes, "cms.wsgi"],
        "gunicorn, gthread": ["gunicorn", bind, processes, "--worker-class=gthread", "--threads=4", "cms.wsgi"],
        # Else it makes more threads, each with a connection to the database, than that has places for.
        "granian": ["granian", "--interface=wsgi", "--blocking-threads=1", *others, "cms.wsgi:application"],
        # It speaks ASGI only. The adapter of asgiref fails under load (CurrentThreadExecutor already quit).
        "uvicorn": ["uvicorn", "--no-access-log", *others, "bench.web_asgi:application"],
    }
