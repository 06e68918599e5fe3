"""Servers that a benchmark starts and ends: gunicorn and nginx, each on a free port of the loopback interface."""

from __future__ import annotations

import contextlib
import http.client
import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cms.demo.valkey import free_port

ROOT = Path(__file__).parents[1]
PATIENCE = 60.0
TICKS = os.sysconf("SC_CLK_TCK")

# Files are sent as in deploy/containers/nginx.sh and in the configuration of Debian that the site is included in.
NGINX = """
daemon off; {processes}; pid nginx.pid; error_log error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on; tcp_nopush on;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    {http}
    server {{
        listen 127.0.0.1:{port};
        {server}
    }}
}}
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its port and the process that started all its others."""

    port: int
    pid: int

    @property
    def workers(self) -> list[int]:
        """The processes that do the work, in the order in which they were started."""
        return [int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    def cpu(self) -> float:
        """Seconds of processor time that all its processes have taken (proc_pid_stat(5))."""
        ticks = 0
        for pid in (self.pid, *self.workers):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / TICKS

    def memory(self, field: str = "Pss") -> float:
        """MB of all its processes; what they share is counted once (proc_pid_smaps(5))."""
        total = 0
        for pid in (self.pid, *self.workers):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
                total += sum(int(line.split()[1]) for line in lines if line.startswith(f"{field}:"))
        return total * 1024 / 1e6


@contextlib.contextmanager
def running(
    command: Sequence[str], port: int, log: Path, directory: Path, environment: Mapping[str, str]
) -> Iterator[Server]:
    """Any server with its `port`; raises RuntimeError with its log if it does not start."""
    with log.open("ab") as output:
        process = subprocess.Popen(command, cwd=directory, env=dict(environment), stdout=output, stderr=output)
    try:
        _wait_for(port, process, log)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def gunicorn(directory: Path, workers: int, environment: Mapping[str, str], *options: str) -> Iterator[Server]:
    """The site with so many sync workers; its log is kept in `directory`."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", f"--bind=127.0.0.1:{port}", f"--workers={workers}", *options]
    with running([*command, "cms.wsgi"], port, directory / "gunicorn.log", ROOT, environment) as server:
        yield server


def find_nginx() -> str | None:
    """The program, also where only root looks."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@contextlib.contextmanager
def nginx(program: str, directory: Path, *, http: str = "", server: str, workers: int = 1) -> Iterator[Server]:
    """nginx with these lines in its http and server blocks."""
    port = free_port()
    # All of it stays whoever starts it, and may read what they may.
    who = pwd.getpwuid(os.geteuid()).pw_name
    processes = f"user {who}; worker_processes {workers}" if workers > 1 else "master_process off; worker_processes 1"
    (directory / "nginx.conf").write_text(NGINX.format(processes=processes, port=port, http=http, server=server))
    command = [program, "-p", str(directory), "-c", "nginx.conf", "-e", "error.log"]
    with running(command, port, directory / "error.log", directory, os.environ) as started:
        yield started


def get(port: int, path: str, **headers: str) -> bytes:
    """What stands at an address; raises RuntimeError if that is not answered with 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", path, headers={"Host": "localhost"} | headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path}: status {answer.status}")
    return content


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"{server.args!r} did not start:\n{log.read_text()}")
