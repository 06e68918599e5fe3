"""A real nginx with the files of `deploy/nginx/` in front of the application, without a second database connection."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections

if TYPE_CHECKING:
    from wsgiref.types import StartResponse

DEPLOY = Path(__file__).parents[1] / "deploy" / "nginx"
CACHE_PATH = "/var/cache/ikoe-pages"
CONFIGURATION = """
daemon off; master_process off; pid nginx.pid; error_log error.log;
events {{}}
http {{
    types {{
        text/html html; text/css css; text/javascript js; image/svg+xml svg; image/png png; image/jpeg jpg jpeg;
        image/webp webp; image/avif avif; font/woff2 woff2;
    }}
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    geo $realip_remote_addr $is_trusted_proxy {{ default 0; }}
    include ikoe/http.conf;
    upstream ikoe {{
        server {application} max_fails=0;
        server {application} max_fails=0;
    }}
    server {{
        listen 127.0.0.1:{port};
        set $archive_root {archive};
        set $media_root {files}/media;
        set $static_root {files}/static;
        set $acme_root {files}/acme;
        set $error_pages {here}/ikoe/pages;
        set $application ikoe;
        access_log access.log {log} if=$is_logged;
        error_log error.log crit;
        include ikoe/site.conf;
    }}
}}
"""


def lay_out(directory: Path) -> None:
    """Puts the files of deploy/nginx into `directory`/ikoe, where a configuration in `directory` includes them."""
    target = directory / "ikoe"
    target.mkdir()
    for path in DEPLOY.glob("*.conf"):
        # cache.conf names an absolute directory, which only root may make.
        (target / path.name).write_text(path.read_text().replace(CACHE_PATH, str(directory / "pages")))
    (target / "pages").symlink_to(DEPLOY / "pages")
    assert str(directory) in (target / "cache.conf").read_text()


@contextmanager
def running_nginx(
    nginx: str,
    directory: Path,
    *,
    application: str,
    archive: Path,
    files: Path | None = None,
    port: int = 0,
    log: str = "ikoe",
) -> Iterator[int]:
    """Starts nginx with the whole configuration of the site below `directory`; yields its port (0: any that is free).

    `nginx` is the program, `application` the address behind it, `archive` the directory of stored files, `files` that
    of `media`, `static` and `acme` (`directory` itself if it is not given), `log` the form of the access log.
    """
    port = port or _free_port()
    lay_out(directory)
    text = CONFIGURATION.format(
        port=port, here=directory, files=files or directory, archive=archive, application=application, log=log
    )
    (directory / "nginx.conf").write_text(text)
    command = [nginx, "-p", str(directory), "-c", str(directory / "nginx.conf"), "-e", "error.log"]
    process = subprocess.Popen(command, cwd=directory, env=os.environ | {"TZ": "UTC"})
    try:
        _wait_for(port, process, directory)
        yield port
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@dataclass(frozen=True)
class Answer:
    """What a client gets; names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Site:
    """The application on a socket, and nginx before it. Requests are answered while `get` waits, in this thread.

    So the application sees the transaction of the test, and no test has to commit.
    """

    def __init__(self, server: WSGIServer, proxy_port: int, directory: Path) -> None:
        self._server = server
        self._ports = {"application": server.server_port, "nginx": proxy_port}
        self._pool = ThreadPoolExecutor(4)
        self.access_log = directory / "access.log"
        # Paths with queries that the application was asked for.
        self.asked: list[str] = []
        application = WSGIHandler()

        def counting(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
            query = environ["QUERY_STRING"]
            self.asked.append(environ["PATH_INFO"] + (f"?{query}" if query else ""))
            return application(environ, start_response)

        server.set_app(counting)

    def get(self, who: str, path: str, *, method: str = "GET", **headers: str) -> Answer:
        """Ask "application" or "nginx". An underscore in the name of a header stands for a hyphen."""
        return self.finish(self.begin(who, path, method=method, **headers))

    def begin(self, who: str, path: str, *, method: str = "GET", **headers: str) -> Future[Answer]:
        """Ask without answering: what reaches the application waits for the next `get` or `finish`."""
        return self._pool.submit(self._ask, self._ports[who], method, path, headers)

    def finish(self, asked: Future[Answer]) -> Answer:
        """Let the application answer until this request has its answer."""
        while not asked.done():
            self._server.handle_request()
        return asked.result()

    def end_application(self) -> None:
        """Nobody listens any more behind the proxy."""
        self._server.socket.close()

    @staticmethod
    def _ask(port: int, method: str, path: str, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers={"Host": "testserver"} | sent)
            response = connection.getresponse()
            return Answer(response.status, _joined(response.headers), response.read())
        finally:
            connection.close()


def _joined(headers: Message) -> dict[str, str]:
    """A header that came twice shows both values."""
    return {name.lower(): " | ".join(headers.get_all(name, [])) for name in headers}


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the output belongs to pytest."""


@contextmanager
def one_connection() -> Iterator[None]:
    """A request ends with the transaction it was in, which is that of the test: keep Django from closing it."""
    moments = (signals.request_started, signals.request_finished)
    for moment in moments:
        moment.disconnect(close_old_connections)
    try:
        yield
    finally:
        for moment in moments:
            moment.connect(close_old_connections)


@contextmanager
def running_site(nginx: str, directory: Path, archive: Path) -> Iterator[Site]:
    """Starts both below `directory`; `nginx` is the program, `archive` the directory of stored files."""
    with one_connection(), WSGIServer(("127.0.0.1", 0), _QuietHandler) as server:
        server.timeout = 0.02
        application = f"127.0.0.1:{server.server_port}"
        with running_nginx(nginx, directory, application=application, archive=archive) as port:
            yield Site(server, port, directory)


def _wait_for(port: int, process: subprocess.Popen[bytes], directory: Path) -> None:
    for _attempt in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.02)
    raise RuntimeError(f"nginx did not start:\n{(directory / 'error.log').read_text()}")
