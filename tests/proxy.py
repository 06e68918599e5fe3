"""A real nginx with the files of `deploy/nginx/` in front of the application, without a second database connection."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections

DEPLOY = Path(__file__).parents[1] / "deploy" / "nginx"
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
    server {{
        listen 127.0.0.1:{port};
        access_log access.log ikoe if=$is_logged;
        set $archive_root {archive};
        include {deploy}/archive.conf;
        location / {{
            proxy_pass http://127.0.0.1:{application};
            proxy_set_header Host $http_host;
            proxy_http_version 1.1;
        }}
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
        self.access_log = directory / "access.log"

    def get(self, who: str, path: str, *, method: str = "GET", **headers: str) -> Answer:
        """Ask "application" or "nginx". An underscore in the name of a header stands for a hyphen."""
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(self._ask, self._ports[who], method, path, headers)
            while not asked.done():
                self._server.handle_request()
            return asked.result()

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
        server.set_app(WSGIHandler())
        server.timeout = 0.02
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        text = CONFIGURATION.format(deploy=DEPLOY, port=port, archive=archive, application=server.server_port)
        (directory / "nginx.conf").write_text(text)
        command = [nginx, "-p", str(directory), "-c", "nginx.conf", "-e", "error.log"]
        process = subprocess.Popen(command, cwd=directory, env=os.environ | {"TZ": "UTC"})
        try:
            _wait_for(port, process, directory)
            yield Site(server, port, directory)
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
