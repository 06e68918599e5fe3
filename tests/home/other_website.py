"""A small website on this machine, which behaves as well or badly as its paths say, and remembers who asked."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass
class Request:
    method: str
    path: str
    user_agent: str
    at: float


@dataclass
class Website:
    port: int
    scheme: str = "http"
    requests: list[Request] = field(default_factory=list)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    @property
    def asked(self) -> list[tuple[str, str]]:
        return [(request.method, request.path) for request in self.requests]


class Handler(BaseHTTPRequestHandler):
    website: Website
    released: threading.Event

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        agent = self.headers.get("User-Agent", "")
        self.website.requests.append(Request(self.command, self.path, agent, time.monotonic()))
        name, _, rest = self.path.partition("?")[0].strip("/").partition("/")
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            getattr(self, f"answer_{name}")(rest)

    def say(self, status: int, **headers: str) -> None:
        self.send_response_only(status)
        for header, value in headers.items():
            self.send_header(header.replace("_", "-"), value)
        self.end_headers()

    def answer_status(self, rest: str) -> None:
        """/status/404, /status/503/Retry-After"""
        status, _, header = rest.partition("/")
        self.say(int(status), **({header: "120"} if header else {}))

    def answer_to(self, rest: str) -> None:
        """/to/<address, percent-encoded>"""
        from urllib.parse import unquote

        self.say(302, Location=unquote(rest))

    def answer_chain(self, rest: str) -> None:
        """/chain/3 -> /chain/2 -> … -> 200"""
        left = int(rest)
        self.say(301, Location=f"/chain/{left - 1}") if left else self.say(200)

    def answer_loop(self, rest: str) -> None:
        self.say(302, Location="/loop/b" if rest == "a" else "/loop/a")

    def answer_get_only(self, rest: str) -> None:
        self.say(200 if self.command == "GET" else int(rest))

    def answer_hangs_up_on_head(self, rest: str) -> None:
        if self.command == "GET":
            self.say(200)
        else:
            self.close_connection = True

    def answer_silent(self, rest: str) -> None:
        self.released.wait(30)

    def answer_drips(self, rest: str) -> None:
        """One byte of the headers now and then, for ever."""
        for byte in b"HTTP/1.1 200 OK\r\nX-Drip: " + b"x" * 1000:
            if self.released.wait(0.1):
                return
            self.wfile.write(bytes([byte]))
            self.wfile.flush()

    def answer_huge(self, rest: str) -> None:
        """Ten gigabytes; HEAD is not allowed. Whoever reads it takes for ever."""
        if self.command == "HEAD":
            return self.say(500)
        self.say(200, Content_Length=str(10**10))
        while not self.released.is_set():
            self.wfile.write(b"x" * 65536)

    def answer_nonsense(self, rest: str) -> None:
        self.wfile.write(b"220 mail.example.org ESMTP\r\n")

    def log_message(self, format: str, *args: object) -> None:
        """The tests look at `requests`."""


@contextlib.contextmanager
def website(tls: ssl.SSLContext | None = None) -> Iterator[Website]:
    handler = type("OwnHandler", (Handler,), {"released": threading.Event()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    # A client that does not like our certificate hangs up; that is no error of the test.
    server.handle_error = lambda request, address: None
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    handler.website = Website(server.server_address[1], "https" if tls else "http")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield handler.website
    finally:
        handler.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def certificate(directory: Path, *names: str, days: int = 30) -> Path:
    """A self-signed certificate for host names or addresses, with its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])
    now = datetime.datetime.now(datetime.UTC)
    alternatives = [
        x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name) for name in names
    ]
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=60))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = directory / f"{names[0]}{days}.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path
