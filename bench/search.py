"""A whole search with facets, from the request to the page, in libraries of 1,000 and of 10,000 documents.

The libraries are made once for each state of the code that makes them and kept below `var/bench/`.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import random
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import steps
from bench.figures import Figure

ROOT = Path(__file__).parents[1]
# What a library depends on, beside the migrations.
SOURCES = (
    "bench/german.py",
    "bench/library.py",
    "home/search/analysis.py",
    "home/search/phrases.py",
)
SMALL, LARGE = 1_000, 10_000
BOUNDS = {"postgresql": 200.0, "sqlite": 400.0}
NAMES = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}
MOST_QUERIES = 8
SEARCHES = 120
WARM_UP = 10
# What is no question, and must be answered all the same.
GARBAGE = (
    '"',
    "   ",
    "\0",
    "*",
    "%_",
    "(",
    "\ud800",
    "AND OR NOT NEAR(",
    "'; DROP TABLE archive_document; --",
    '"die der und" OR title:x*',
    "e",
    "x" * 20_000,
    "wort " * 3_000,
    " ".join(f"wort{number}" for number in range(3_000)),
)
GARBAGE_BOUND = 300.0


def measure() -> list[Figure]:
    """p95 and number of queries of a search, growth, size of the index and rate of loading, on both databases."""
    kept = _kept()
    figures: list[Figure] = []
    for database, libraries in (("sqlite", _sqlite), ("postgresql", _postgresql)):
        with libraries(kept) as urls:
            loads = json.loads((kept / f"{database}.json").read_text())
            asked = {size: _child(urls[size], "ask") for size in (SMALL, LARGE)}
        figures += _figures(database, asked, loads)
    return figures


def _figures(database: str, asked: dict[int, Any], loads: dict[str, Any]) -> Iterator[Figure]:
    name = NAMES[database]
    large, small = asked[LARGE], asked[SMALL]

    def figure(what: str, value: float, unit: str, bound: float | None = None) -> Figure:
        return Figure("search", f"{name}: {what}", value, unit, bound, "gefordert" if bound else "")

    yield figure("Suche mit Facetten, p95 bei 10.000 Dokumenten", large["p95"], "ms", BOUNDS[database])
    yield figure("Suche mit Facetten, Median bei 10.000 Dokumenten", large["median"], "ms")
    yield figure("Suche mit Facetten, p95 bei 1.000 Dokumenten", small["p95"], "ms")
    yield figure("Wachstum des p95 von 1.000 auf 10.000 Dokumente", large["p95"] / small["p95"], "×")
    yield figure("Abfragen der ersten Trefferseite", large["queries"], "Abfragen", MOST_QUERIES)
    yield figure("unsinnige Anfragen, die langsamste bei 10.000 Dokumenten", large["garbage"], "ms", GARBAGE_BOUND)
    yield figure("Suchindex und Wortschatz, 10.000 Dokumente mit 200.000 Seiten", large["index"] / 2**20, "MB")
    yield figure("Zeilen schreiben", loads["documents"] / loads["rows"], "Dokumente/s")
    yield figure("In den Index aufnehmen", loads["documents"] / loads["index"], "Dokumente/s")


def _kept() -> Path:
    """The directory of the libraries of this state of the code; those of earlier states are removed."""
    digest = hashlib.sha256()
    migrations = sorted(
        path for app in ("cms", "home", "archive", "newsletter") for path in ROOT.glob(f"{app}/migrations/*.py")
    )
    for path in [*(ROOT / name for name in SOURCES), *migrations]:
        digest.update(path.read_bytes())
    kept = ROOT / "var" / "bench" / f"search-{digest.hexdigest()[:16]}"
    for outdated in kept.parent.glob("search-*"):
        if outdated != kept:
            shutil.rmtree(outdated)
    kept.mkdir(parents=True, exist_ok=True)
    return kept


@contextmanager
def _sqlite(kept: Path) -> Iterator[dict[int, str]]:
    paths = {SMALL: kept / "small.sqlite3", LARGE: kept / "large.sqlite3"}
    urls = {size: f"sqlite:///{path}" for size, path in paths.items()}
    if not (kept / "sqlite.json").exists():
        for path in paths.values():
            path.unlink(missing_ok=True)
        _child(urls[SMALL], "fill", 0, SMALL)
        shutil.copyfile(paths[SMALL], paths[LARGE])
        _note(kept / "sqlite.json", _child(urls[LARGE], "fill", SMALL, LARGE))
    yield urls


@contextmanager
def _postgresql(kept: Path) -> Iterator[dict[int, str]]:
    import psycopg

    from tests.postgres import running_postgres

    with running_postgres(kept / "postgresql") as (url, _):
        urls = {SMALL: url.replace("/postgres?", "/small?"), LARGE: url.replace("/postgres?", "/large?")}
        with psycopg.connect(url, autocommit=True) as connection:
            if not (kept / "postgresql.json").exists() or not _has_database(connection, "large"):
                connection.execute("DROP DATABASE IF EXISTS small")
                connection.execute("DROP DATABASE IF EXISTS large")
                connection.execute("CREATE DATABASE small")
                _child(urls[SMALL], "fill", 0, SMALL)
                connection.execute("CREATE DATABASE large TEMPLATE small")
                _note(kept / "postgresql.json", _child(urls[LARGE], "fill", SMALL, LARGE))
        yield urls


def _has_database(connection: Any, name: str) -> bool:
    return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _note(path: Path, load: dict[str, float]) -> None:
    path.write_text(json.dumps(load))


def _child(url: str, *arguments: str | int) -> dict[str, Any]:
    """Does one step in a process of its own: the index of Wagtail is chosen by the database at its start."""
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "bench.settings"}
    found: dict[str, Any] = steps.run("-m", "bench.search", *arguments, environment=environment)
    return found


def _fill(first: int, last: int) -> dict[str, float]:
    from django.core.management import call_command

    from bench.library import fill, settle

    call_command("migrate", verbosity=0)
    load = fill(first, last)
    settle()
    return {"documents": load.documents, "rows": load.row_seconds, "index": load.index_seconds}


def _ask() -> dict[str, float]:
    """Asks as visitors and as coordinators in turn; times in milliseconds."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from bench.library import index_bytes, reader

    visitor, coordinator = Client(), Client()
    visitor.get("/archiv/")
    gc.freeze()  # as gunicorn does (see gunicorn.conf.py)
    coordinator.force_login(reader())
    clients = (visitor, coordinator)
    times = [_milliseconds(clients[number % 2], parameters) for number, parameters in enumerate(_questions())]
    times = sorted(times[WARM_UP:])
    garbage = [_milliseconds(visitor, {"q": query.encode("utf-8", "surrogatepass")}) for query in GARBAGE]
    visitor.get("/archiv/", {"q": "Integration"})
    with CaptureQueriesContext(connection) as captured:
        visitor.get("/archiv/", {"q": "Integration Beratung"})
    return {
        "p95": times[int(len(times) * 0.95)],
        "median": times[len(times) // 2],
        "garbage": max(garbage),
        "queries": len(captured),
        "index": index_bytes(),
    }


def _milliseconds(client: Any, parameters: dict[str, Any]) -> float:
    started = time.perf_counter()
    response = client.get("/archiv/", parameters)
    assert response.status_code == 200, parameters
    return (time.perf_counter() - started) * 1000


def _questions() -> Iterator[dict[str, Any]]:
    """What people type: one to three words, common and rare ones, some mistyped, a third narrowed by facets."""
    from bench.library import SEED, ranked_words

    rng = random.Random(SEED)  # noqa: S311 -- the same questions every time
    nouns = [word for word in ranked_words() if word[0].isupper()]
    for _ in range(SEARCHES + WARM_UP):
        # Equally often from the most common hundred, the next thousand, and so on.
        chosen = [nouns[int(len(nouns) ** rng.random())] for _ in range(rng.choice((1, 1, 1, 2, 2, 3)))]
        if rng.random() < 0.1:
            chosen[0] = chosen[0][:3] + chosen[0][4:]
        parameters: dict[str, Any] = {"q": " ".join(chosen)}
        if rng.random() < 0.3:
            parameters |= rng.choice(
                (
                    {"art": ["presentation", "protocol"]},
                    {"jahr": ["2018", "2019"], "thema": "thema-3"},
                    {"reihe": "ideencafe", "format": "pdf"},
                    {"stelle": "halle", "sprache": "de"},
                )
            )
        yield parameters


if __name__ == "__main__":
    import django

    django.setup()
    step, *numbers = sys.argv[1:]
    print(json.dumps(_fill(*map(int, numbers)) if step == "fill" else _ask()))
