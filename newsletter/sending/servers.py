"""The mail servers that mailings go through: how each is reached, what it may be asked for, and which one is next."""

from __future__ import annotations

import random
import smtplib
import socket
import ssl
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

# What a server is asked for unless its address says otherwise.
WEIGHT, CONNECTIONS, MESSAGES = 1.0, 50, 500


@dataclass(frozen=True)
class Server:
    """One entry of EMAIL_URL.

    `weight` is its share of the connections, `rate` its mails a second (0: no limit), `connections` how many may be
    open at once from all workers, `messages` how many mails one of them carries.
    """

    host: str
    port: int
    user: str = ""
    password: str = ""
    security: str = ""
    weight: float = WEIGHT
    rate: float = 0.0
    connections: int = CONNECTIONS
    messages: int = MESSAGES

    @property
    def name(self) -> str:
        """What tells it from others in Redis and in logs."""
        return f"{self.host}:{self.port}"


def configured(entries: Sequence[Mapping[str, Any]] | None = None) -> list[Server]:
    """The servers of `settings.EMAIL_SERVERS`, whose entries are what django-environ makes of a URL."""
    return [_server(entry) for entry in (settings.EMAIL_SERVERS if entries is None else entries)]


def _server(entry: Mapping[str, Any]) -> Server:
    options = entry.get("OPTIONS", {})
    secure = bool(entry.get("EMAIL_USE_SSL"))
    return Server(
        host=str(entry["EMAIL_HOST"]),
        port=int(entry["EMAIL_PORT"] or (465 if secure else 25)),
        user=str(entry.get("EMAIL_HOST_USER") or ""),
        password=str(entry.get("EMAIL_HOST_PASSWORD") or ""),
        security="tls" if secure else "starttls" if entry.get("EMAIL_USE_TLS") else "",
        weight=float(options.get("WEIGHT", WEIGHT)),
        rate=float(options.get("RATE", 0)),
        connections=int(options.get("CONNECTIONS", CONNECTIONS)),
        messages=int(options.get("MESSAGES", MESSAGES)),
    )


def by_turn(servers: Collection[Server]) -> list[Server]:
    """All of them in the order in which they are to be tried: by lot, and the heavier the likelier to be first."""
    # A random key of 1/weight-th power draws without replacement (Efraimidis and Spirakis, 2006).
    chance = random.SystemRandom()
    return sorted(servers, key=lambda server: chance.random() ** (1 / server.weight), reverse=True)


class Resting:
    """Servers that did not answer are left alone for a while, longer each time; one answer ends that."""

    FIRST, LONGEST = 5.0, 120.0

    def __init__(self) -> None:
        self._until: dict[str, float] = {}
        self._times: dict[str, int] = {}

    def send_to_rest(self, server: Server) -> None:
        """Leave a server alone: 5 seconds after a failure, doubled with each further one, 120 at most."""
        times = self._times[server.name] = self._times.get(server.name, 0) + 1
        self._until[server.name] = time.monotonic() + min(self.FIRST * 2 ** (times - 1), self.LONGEST)

    def answered(self, server: Server) -> None:
        """Whoever answers is awake at once, and the next failure counts as the first."""
        if self._times:
            self._times.pop(server.name, None)
            self._until.pop(server.name, None)

    def awake(self, servers: Collection[Server]) -> list[Server]:
        """Those that may be tried now."""
        now = time.monotonic()
        return [server for server in servers if self._until.get(server.name, 0) <= now]


def connect(server: Server) -> smtplib.SMTP:
    """Connect, greet, encrypt and log in; raises OSError or SMTPException."""
    client: smtplib.SMTP
    if server.security == "tls":
        client = smtplib.SMTP_SSL(
            server.host, server.port, timeout=settings.EMAIL_TIMEOUT, context=_Resuming(server)  # type: ignore[arg-type]
        )  # fmt: skip
    else:
        client = smtplib.SMTP(server.host, server.port, timeout=settings.EMAIL_TIMEOUT)
    try:
        # Without this, small commands wait for the acknowledgement of the packet before (40 ms each).
        client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # type: ignore[union-attr]
        # `ehlo()` alone would go on after a refusal.
        client.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            client.starttls(context=_Resuming(server))  # type: ignore[arg-type]
            client.ehlo_or_helo_if_needed()
        if server.user:
            client.login(server.user, server.password)
    except BaseException:
        client.close()
        raise
    return client


# Sessions of TLS by server: a connection that resumes one saves most of the handshake (RFC 8446, 2.2).
_tls_sessions: dict[Server, ssl.SSLSession | None] = {}


def remember_tls(server: Server, sock: object) -> None:
    """Keep what the next connection needs to resume this one's TLS session; call it before the socket is closed."""
    if isinstance(sock, ssl.SSLSocket):
        _tls_sessions[server] = sock.session


@cache
def _tls_context() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Resuming:
    """The part of an SSLContext that smtplib uses, resuming the last session with the server."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def wrap_socket(self, sock: socket.socket, server_hostname: str | None = None) -> ssl.SSLSocket:
        return _tls_context().wrap_socket(
            sock, server_hostname=server_hostname, session=_tls_sessions.get(self._server)
        )
