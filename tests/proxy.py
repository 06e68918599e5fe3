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
daemon off;
master_process off;
pid nginx.pid;
error_log error.log;
events {{}}
http {{
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    include {deploy}/log.conf;
    include cache.conf;
    upstream ikoe {{
        server 127.0.0.1:{application} max_fails=0;
        server 127.0.0.1:{application} max_fails=0;
    }}
    server {{
        listen 127.0.0.1:{port};
        access_log access.log ikoe if=$is_logged;
        set $archive_root {archive};
        include {deploy}/archive.conf;
        set $application ikoe;
        proxy_set_header Host $http_host;
        proxy_http_version 1.1;
        location / {{ include {deploy}/pages.conf; }}
    }}
}}
"""

# What an including file says before http.conf and site.conf, which are the whole site.
WHOLE_CONFIGURATION = """
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
        server 127.0.0.1:{application} max_fails=0;
        server 127.0.0.1:{application} max_fails=0;
    }}
    server {{
        listen 127.0.0.1:{port};
        set $archive_root {files}/archive;
        set $media_root {files}/media;
        set $static_root {files}/static;
        set $acme_root {files}/acme;
        set $error_pages {here}/ikoe/pages;
        set $application ikoe;
        access_log access.log ikoe_json if=$is_logged;
        error_log error.log crit;
        include ikoe/site.conf;
    }}
}}
"""


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
def _one_connection() -> Iterator[None]:
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
    with _one_connection(), WSGIServer(("127.0.0.1", 0), _QuietHandler) as server:
        server.timeout = 0.02
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        text = CONFIGURATION.format(deploy=DEPLOY, port=port, archive=archive, application=server.server_port)
        (directory / "nginx.conf").write_text(text)
        cache = (DEPLOY / "cache.conf").read_text()
        assert CACHE_PATH in cache
        (directory / "cache.conf").write_text(cache.replace(CACHE_PATH, str(directory / "pages")))
        command = [nginx, "-p", str(directory), "-c", "nginx.conf", "-e", "error.log"]
        process = subprocess.Popen(command, cwd=directory, env=os.environ | {"TZ": "UTC"})
        try:
            _wait_for(port, process, directory)
            yield Site(server, port, directory)
        finally:
            process.terminate()
            process.wait()


@contextmanager
def running_nginx(nginx: str, directory: Path, *, port: int, application: int, files: Path) -> Iterator[None]:
    """nginx with the whole configuration of the site at `port`, before an application at the port `application`.

    `directory` is its own; `files` holds `static`, `media`, `archive` and `acme`.
    """
    configuration = directory / "ikoe"
    configuration.mkdir(parents=True)
    # cache.conf names an absolute directory, which only root may make.
    for path in DEPLOY.glob("*.conf"):
        (configuration / path.name).write_text(path.read_text().replace(CACHE_PATH, str(directory / "pages")))
    (configuration / "pages").symlink_to(DEPLOY / "pages")
    text = WHOLE_CONFIGURATION.format(port=port, application=application, files=files, here=directory)
    (directory / "nginx.conf").write_text(text)
    command = [nginx, "-p", str(directory), "-c", str(directory / "nginx.conf"), "-e", "error.log"]
    process = subprocess.Popen(command, cwd=directory, env=os.environ | {"TZ": "UTC"})
    try:
        _wait_for(port, process, directory)
        yield
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes], directory: Path) -> None:
    for _attempt in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.02)
    raise RuntimeError(f"nginx did not start:\n{(directory / 'error.log').read_text()}")
