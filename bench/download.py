"""Downloads over loopback: a ZIP of 1 GB and a large file, by gunicorn alone and with nginx in front.

One sync worker on a database and a store of its own, which go away afterwards. Bytes are random, so nothing compresses.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import production, servers, wrk
from bench.figures import Figure
from bench.peers import PeerMissing

ROOT = Path(__file__).parents[1]
MB = 1_000_000
FILES, FILE_SIZE = 200, 5 * MB
LARGE_SIZE = 128 * MB
TRIES = 3
CONNECTIONS, SECONDS = (1, 8, 64), 4.0

PROXY = """
    set $archive_root {archive};
    include {root}/deploy/nginx/archive.conf;
    location /static-peer/ {{ alias {archive}/; sendfile on; tcp_nopush on; }}
    location / {{ proxy_pass http://127.0.0.1:{application}; proxy_set_header Host $http_host; }}
"""


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
    with tempfile.TemporaryDirectory(prefix="ikoe-bench-") as name:
        directory = Path(name)
        os.environ |= _environment(directory)
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, check=True)
        zip_path, file_path, stored, (small_path, small_stored) = _fill()
        with servers.gunicorn(directory, 1, os.environ) as site:
            figures = _alone(site.port, site.workers[0], zip_path, file_path)
        alone = next(figure.value for figure in figures if figure.unit == "MB/s" and "Datei" in figure.name)
        nginx = servers.find_nginx()
        if nginx is None:
            print("download: nginx fehlt, ohne Vergleich mit Proxy", file=sys.stderr)
            return figures
        os.environ["ACCEL_PREFIX"] = "/_archiv/"
        with servers.gunicorn(directory, 1, os.environ) as site, _proxy(nginx, directory, site.port) as proxy:
            figures += _behind_nginx(proxy, file_path, stored, alone)
            return [*figures, *_by_many(proxy, small_path, small_stored)]


def _alone(port: int, worker: int, zip_path: str, file_path: str) -> list[Figure]:
    _get(port, file_path)
    before = _memory(worker, "VmRSS")
    packed = _get(port, zip_path)
    peak = _memory(worker, "VmHWM")
    file = max((_get(port, file_path) for _ in range(TRIES)), key=lambda download: download.rate)
    return [
        Figure("download", "ZIP von 1 GB: erstes Byte", packed.first_byte, "s", 0.2, "Grenze"),
        Figure("download", "ZIP von 1 GB: Speicher, den der Worker dafür braucht", peak - before, "MB", 100, "Grenze"),
        Figure("download", "Speicher des Workers im Ganzen (höchster Wert)", peak, "MB"),
        Figure("download", "ZIP von 1 GB: Durchsatz ohne Proxy", packed.rate, "MB/s"),
        Figure("download", "Datei von 128 MB ohne Proxy", file.rate, "MB/s", 100, "Grenze", more_is_better=True),
    ]


def _behind_nginx(proxy: int, file_path: str, stored: str, alone: float) -> list[Figure]:
    _get(proxy, file_path)
    file = max((_get(proxy, file_path) for _ in range(TRIES)), key=lambda download: download.rate)
    static = max((_get(proxy, f"/static-peer/{stored}") for _ in range(TRIES)), key=lambda download: download.rate)
    name = "Datei von 128 MB mit nginx (X-Accel-Redirect)"
    return [
        Figure("download", name, file.rate, "MB/s", static.rate, "nginx, statische Datei", more_is_better=True),
        Figure("download", name, file.rate, "MB/s", alone, "Anwendung allein", more_is_better=True),
    ]


def _by_many(proxy: int, path: str, stored: str) -> Iterator[Figure]:
    """Downloads of a file of 5 MB over 1, 8 and 64 connections, beside the same bytes without a question."""
    yield Figure(
        "download", "Abfragen für einen Download, ohne die Zählung", _queries(path), "Abfragen", 2, "gefordert"
    )
    try:
        wrk.find()
    except PeerMissing as missing:
        print(f"download: {missing}", file=sys.stderr)
        return
    for connections in CONNECTIONS:
        both = [
            wrk.load(f"http://127.0.0.1:{proxy}{address}", connections=connections, seconds=SECONDS, Host="localhost")
            for address in (path, f"/static-peer/{stored}")
        ]
        ours, static = (load.throughput for load in both)
        yield Figure(
            "download", f"5 MB mit nginx (X-Accel-Redirect), {connections} Verbindungen", ours, "MB/s",
            0.65 * static, "0,65 × statische Datei", more_is_better=True,
        )  # fmt: skip


def _queries(path: str) -> int:
    """What the database is asked before a file is sent; the count of downloads is written besides."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    # The first download of a month makes the row in which the others are counted.
    Client().get(path, headers={"host": "localhost"})
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(path, headers={"host": "localhost"}).status_code == 200
    connection.close()
    return sum(query["sql"].startswith("SELECT") for query in captured)


def _environment(directory: Path) -> dict[str, str]:
    return production.environment(
        VAR_DIR=str(directory),
        ARCHIVE_ROOT=str(directory / "archive"),
        DATABASE_URL=f"sqlite:///{directory / 'db.sqlite3'}",
        WEB_CONCURRENCY="1",
    )


def _fill() -> tuple[str, str, str, tuple[str, str]]:
    """Makes the documents; returns the paths of the ZIP and of the large file, where the store has the latter, and path
    and place of a small one.
    """
    import django

    django.setup()
    from django.db import connection, transaction

    with transaction.atomic():
        small = [_document(f"Dokument {number}", FILE_SIZE) for number in range(FILES)]
        large, stored = _document("Groß", LARGE_SIZE)
    connection.close()
    zip_path = "/archiv/zip/?" + "&".join(f"dokument={pk}" for pk, _name in small)
    key, place = small[0]
    return zip_path, f"/archiv/{large}/datei/", stored, (f"/archiv/{key}/datei/", place)


def _document(title: str, size: int) -> tuple[int, str]:
    """One public document with a file that intake would not look into; its key and the name in the store."""
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
    return document.pk, version.file.name or ""


@contextlib.contextmanager
def _proxy(program: str, directory: Path, application: int) -> Iterator[int]:
    text = PROXY.format(root=ROOT, archive=directory / "archive", application=application)
    with servers.nginx(program, directory, server=text) as proxy:
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
