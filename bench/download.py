"""Downloads over loopback: a ZIP of 1 GB and a large file, by gunicorn alone and with nginx in front.

Sync workers on PostgreSQL, with a database, broker and store of their own, which go away afterwards. Bytes are random,
so nothing compresses.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import production, servers, wrk
from bench.figures import Figure
from bench.peers import PeerMissing
from bench.wrk import Asked

ROOT = Path(__file__).parents[1]
MB = 1_000_000
FILES, FILE_SIZE = 200, 5 * MB
LARGE_SIZE = 128 * MB
TRIES = 3
# Of each of the three that are compared, five times in turn.
CONNECTIONS, SECONDS = (1, 8, 64), 2.0
# Behind nginx, as many of each.
WORKERS = 2
# The number of connections whose rates are compared with the limit.
COMPARED = 8

PROXY = """
    set $archive_root {archive};
    include {root}/deploy/nginx/archive.conf;
    location /static-peer/ {{ alias {archive}/; }}
    location / {{ proxy_pass http://unix:{socket}; proxy_set_header Host $http_host; }}
"""
# Between nginx and the application, as with the units of systemd.
SOCKET = "web.sock"


@dataclass(frozen=True, slots=True)
class Download:
    """One answer: seconds until its first byte and its last, and how many bytes it had."""

    first_byte: float
    seconds: float
    size: int

    @property
    def rate(self) -> float:
        """MB/s"""
        return self.size / MB / self.seconds


def measure() -> list[Figure]:
    """Raises RuntimeError if a server does not start or an answer is not complete."""
    with production.foundation() as foundation:
        directory = foundation.directory
        os.environ |= foundation.environment(ARCHIVE_ROOT=str(directory / "archive"), WEB_CONCURRENCY="1")
        content = _fill()
        with servers.gunicorn(directory, 1, os.environ) as site:
            figures = _alone(site.port, site.workers[0], content)
        alone = next(figure.value for figure in figures if figure.unit == "MB/s" and "Datei" in figure.name)
        nginx = servers.find_nginx()
        if nginx is None:
            print("download: nginx fehlt, ohne Vergleich mit Proxy", file=sys.stderr)
            return figures
        os.environ["ACCEL_PREFIX"] = "/_archiv/"
        bind = f"--bind=unix:{directory / SOCKET}"
        with servers.gunicorn(directory, WORKERS, os.environ, bind), _proxy(nginx, directory) as proxy:
            figures += _behind_nginx(proxy, content.large, alone)
            return [*figures, *_by_many(proxy, content)]


def _alone(port: int, worker: int, content: Content) -> list[Figure]:
    _get(port, content.large.path)
    before = _memory(worker, "VmRSS")
    packed = _get(port, content.zip_path)
    peak = _memory(worker, "VmHWM")
    file = max((_get(port, content.large.path) for _ in range(TRIES)), key=lambda download: download.rate)
    return [
        Figure("download", "ZIP von 1 GB: erstes Byte", packed.first_byte, "s", 0.2, "Grenze"),
        Figure("download", "ZIP von 1 GB: Speicher, den der Worker dafür braucht", peak - before, "MB", 100, "Grenze"),
        Figure("download", "Speicher des Workers im Ganzen (höchster Wert)", peak, "MB"),
        Figure("download", "ZIP von 1 GB: Durchsatz ohne Proxy", packed.rate, "MB/s"),
        Figure("download", "Datei von 128 MB ohne Proxy", file.rate, "MB/s", 100, "Grenze", more_is_better=True),
    ]


def _behind_nginx(proxy: int, large: Stored, alone: float) -> list[Figure]:
    _get(proxy, large.path)
    file = max((_get(proxy, large.path) for _ in range(TRIES)), key=lambda download: download.rate)
    static = max((_get(proxy, large.static) for _ in range(TRIES)), key=lambda download: download.rate)
    name = "Datei von 128 MB mit nginx (X-Accel-Redirect)"
    return [
        Figure("download", name, file.rate, "MB/s", static.rate, "nginx, statische Datei", more_is_better=True),
        Figure("download", name, file.rate, "MB/s", alone, "Anwendung allein", more_is_better=True),
    ]


def _by_many(proxy: int, content: Content) -> Iterator[Figure]:
    """Downloads of a file of 5 MB over 1, 8 and 64 connections, beside the same bytes without a question.

    By visitors, who may be given it some seconds longer than they may have it, and by somebody with a login, for whom
    the database is asked each time.
    """
    small = content.small
    yield Figure(
        "download", "Abfragen für einen Download, ohne die Zählung", _queries(small.path), "Abfragen", 2, "gefordert"
    )
    try:
        wrk.find()
    except PeerMissing as missing:
        print(f"download: {missing}", file=sys.stderr)
        return
    ways = {
        "als statische Datei": (small.static, {}),
        "mit nginx (X-Accel-Redirect) ohne Anmeldung": (small.path, {}),
        "mit nginx (X-Accel-Redirect) mit Anmeldung": (small.path, {"Cookie": content.cookie}),
    }
    for path, headers in ways.values():
        for _worker in range(2 * WORKERS):
            servers.get(proxy, path, **headers)
    host = {"Host": "localhost"}
    addresses = [Asked(f"http://127.0.0.1:{proxy}{path}", host | headers) for path, headers in ways.values()]
    for connections in CONNECTIONS:
        many = f"{connections} Verbindung{'en' if connections > 1 else ''}"
        loads = wrk.in_turn(addresses, connections=connections, seconds=SECONDS)
        static = loads[0].throughput
        for way, load in zip(ways, loads, strict=True):
            is_compared = connections == COMPARED and load is not loads[0]
            bound, bound_name = (0.65 * static, "0,65 × statische Datei") if is_compared else (None, "")
            name = f"5 MB {way}, {many}"
            yield Figure("download", name, load.throughput, "MB/s", bound, bound_name, more_is_better=True)


def _queries(path: str) -> int:
    """What the database is asked before a file is sent; the count of downloads is written besides."""
    from django.core.cache import caches
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from home.frame import CACHE

    # The first download of a month makes the row in which the others are counted.
    Client().get(path, headers={"host": "localhost"})
    caches[CACHE].clear()
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(path, headers={"host": "localhost"}).status_code == 200
    connection.close()
    return sum(query["sql"].startswith("SELECT") for query in captured)


@dataclass(frozen=True, slots=True)
class Stored:
    """A document: the path of its file, and its name in the store."""

    key: int
    name: str

    @property
    def path(self) -> str:
        return f"/archiv/{self.key}/datei/"

    @property
    def static(self) -> str:
        return f"/static-peer/{self.name}"


@dataclass(frozen=True, slots=True)
class Content:
    """What there is to download, and the cookie of a coordinator."""

    zip_path: str
    large: Stored
    small: Stored
    cookie: str


def _fill() -> Content:
    import django

    django.setup()
    from django.db import connection, transaction

    from home.roles import Role
    from tests.accounts_content import cookie_of, member

    with transaction.atomic():
        small = [_document(f"Dokument {number}", FILE_SIZE) for number in range(FILES)]
        large = _document("Groß", LARGE_SIZE)
    cookie = cookie_of(member(Role.COORDINATOR))
    connection.close()
    zip_path = "/archiv/zip/?" + "&".join(f"dokument={stored.key}" for stored in small)
    return Content(zip_path, large, small[0], cookie)


def _document(title: str, size: int) -> Stored:
    """One public document with a file that intake would not look into."""
    from django.core.files.base import ContentFile
    from wagtail.models import Collection

    from archive.access import Level
    from archive.models import Document, DocumentVersion

    content = os.urandom(size)
    document = Document(title=title, level=Level.PUBLIC, people=Document.People.NONE, file="")
    document.collection = Collection.get_first_root_node()
    Document.objects.bulk_create([document])
    version = DocumentVersion(
        document=document,
        number=1,
        original_name=f"{title}.pdf",
        sha256=hashlib.sha256(content).hexdigest(),
        size=size,
        media_type="application/pdf",
        extraction=DocumentVersion.Extraction.DONE,
    )
    version.file.save("file.pdf", ContentFile(content), save=False)
    version.save()
    Document.objects.filter(pk=document.pk).update(current_version=version, file=version.file.name)
    return Stored(document.pk, version.file.name or "")


@contextlib.contextmanager
def _proxy(program: str, directory: Path) -> Iterator[int]:
    text = PROXY.format(root=ROOT, archive=directory / "archive", socket=directory / SOCKET)
    with servers.nginx(program, directory, server=text, workers=WORKERS) as proxy:
        yield proxy.port


def _get(port: int, path: str) -> Download:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=servers.PATIENCE)
    buffer = memoryview(bytearray(1024 * 1024))
    begun = time.perf_counter()
    connection.request("GET", path, headers={"Host": "localhost"})
    response = connection.getresponse()
    size = response.readinto(buffer[:1])
    first_byte = time.perf_counter() - begun
    while received := response.readinto(buffer):
        size += received
    seconds = time.perf_counter() - begun
    expected = int(response.headers["Content-Length"])
    connection.close()
    if response.status != 200 or size != expected:
        raise RuntimeError(f"{path[:40]}: status {response.status}, {size} of {expected} bytes")
    return Download(first_byte, seconds, size)


def _memory(pid: int, field: str) -> float:
    """MB of a process, from /proc (proc_pid_status(5))."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024 / MB
    raise RuntimeError(f"no {field}")
