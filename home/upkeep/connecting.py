"""Connections to other websites that cannot be turned against our own network (server-side request forgery).

Links come from editors, and a redirect may lead anywhere. So the name is resolved here, every address is judged, and
the socket is opened to an address that was judged: a name that answers differently the second time gains nothing. One
clock limits all that a check does, also against servers that send one byte now and then.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address
Judge = Callable[[Address], bool]

CONNECT_SECONDS = 8.0
# Less than a check has in all: who hangs on HEAD is still asked with GET.
READ_SECONDS = 9.0
# What Python's `is_global` lets through: networks that stand for an IPv4 address or lead to one.
TRANSLATED = [ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]
RELAYS = [ip_network("192.88.99.0/24")]


class AddressRefused(OSError):
    """The name leads to an address that is not on the public internet."""


def is_public(address: Address) -> bool:
    """Whether anybody on the internet can reach the address (IANA special-purpose registries, RFC 6890)."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if address.is_site_local or any(address in net for net in TRANSLATED):
            return False
    elif any(address in net for net in RELAYS):
        return False
    return address.is_global and not address.is_multicast


class Line:
    """What one check may use: the addresses that `judge` lets through, and `seconds` in all.

    Use it as a context manager; leaving it closes what is still open.
    """

    def __init__(self, *, seconds: float, judge: Judge = is_public) -> None:
        self._judge = judge
        self._seconds = seconds
        self._ends = time.monotonic() + seconds
        self._over = False
        self._handles: list[socket.socket] = []
        self._lock = threading.Lock()
        self._alarm = threading.Timer(seconds, self._hang_up)
        self._alarm.daemon = True

    def __enter__(self) -> Line:
        self._alarm.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self._alarm.cancel()
        with self._lock:
            while self._handles:
                self._handles.pop().close()

    @property
    def over(self) -> bool:
        """Whether the time is up; unlike `left` it raises nothing."""
        return self._over or time.monotonic() >= self._ends

    @property
    def left(self) -> float:
        """Seconds that are left; raises TimeoutError when none are."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"no answer within {self._seconds} seconds")
        return left

    def open(self, host: str, port: int) -> socket.socket:
        """Connect to the first address of `host` that answers.

        Raises `AddressRefused` if one of its addresses is not public, `socket.gaierror` if there is no such name, and
        OSError if nobody answers.
        """
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        if not all(self._judge(ip_address(str(entry[4][0]).partition("%")[0])) for entry in found):
            raise AddressRefused(f"{host} has an address that is not public")
        failure: OSError = OSError(f"{host} has no address")
        for family, kind, protocol, _name, address in found:
            plug = socket.socket(family, kind, protocol)
            try:
                plug.settimeout(min(CONNECT_SECONDS, self.left))
                plug.connect(address)
                plug.settimeout(min(READ_SECONDS, self.left))
                self._keep(plug)
                return plug
            except OSError as error:
                plug.close()
                failure = error
        raise failure

    def _keep(self, plug: socket.socket) -> None:
        """A second handle of the same connection: TLS takes the first one over."""
        with self._lock:
            if self._over:
                raise TimeoutError(f"no answer within {self._seconds} seconds")
            self._handles.append(plug.dup())

    def _hang_up(self) -> None:
        with self._lock:
            self._over = True
            for handle in self._handles:
                with contextlib.suppress(OSError):
                    handle.shutdown(socket.SHUT_RDWR)


class GuardedConnection(HTTPConnection):
    """An HTTP connection over a `Line`."""

    def __init__(self, line: Line, host: str, port: int) -> None:
        super().__init__(host, port)
        self.line = line

    def connect(self) -> None:
        self.sock = self.line.open(self.host, self.port)


class GuardedTLSConnection(HTTPSConnection):
    """An HTTPS connection over a `Line`; the certificate has to fit the name, not the address."""

    def __init__(self, line: Line, host: str, port: int, context: ssl.SSLContext) -> None:
        super().__init__(host, port, context=context)
        self.line = line
        self.tls = context

    def connect(self) -> None:
        plug = self.line.open(self.host, self.port)
        try:
            self.sock = self.tls.wrap_socket(plug, server_hostname=self.host)
        except BaseException:
            plug.close()
            raise


@contextlib.contextmanager
def connected(line: Line, scheme: str, host: str, port: int, context: ssl.SSLContext) -> Iterator[HTTPConnection]:
    """A connection for one request; nothing is connected before the request is sent."""
    connection = (
        GuardedTLSConnection(line, host, port, context) if scheme == "https" else GuardedConnection(line, host, port)
    )
    try:
        yield connection
    finally:
        connection.close()
