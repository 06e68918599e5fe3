"""Asks one address of another website whether it still answers, and puts the answer in words.

What a polite visitor does: HEAD first, GET only where HEAD says nothing, and never the body; a name and an address in
the User-Agent; one request at a time. robots.txt is not asked: it speaks to crawlers that find addresses by themselves
(RFC 9309), and this asks once a night for an address that an editor has chosen, as a reader of the page would. Who does
not want that answers 403 or 429, and is left alone.
"""

from __future__ import annotations

import re
import socket
import ssl
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse, InvalidURL
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

from home.upkeep.connecting import AddressRefused, Judge, Line, connected, is_public
from home.upkeep.models import ExternalLink

State = ExternalLink.State

SECONDS = 20.0
MOST_REDIRECTS = 8
REDIRECTS = {301, 302, 303, 307, 308}
PORTS = {"http": 80, "https": 443}
# Answers to whoever asks, not about the address: a login, a bar against programs, a paywall, a strike.
ABOUT_US = {401, 402, 403, 405, 406, 407, 418, 421, 423, 425, 426, 428, 431, 451, 511, 999}
GONE = {
    404: "Adresse nicht gefunden (404)",
    410: "Die Seite wurde gelöscht (410)",
}
# The chain of certificates has a gap that browsers fill by themselves (OpenSSL: X509_V_ERR_UNABLE_TO_GET_ISSUER…).
INCOMPLETE_CHAIN = {2, 20, 21}
UNWRITABLE = re.compile(r"[\x00-\x1f\x7f\\]")
SILENT = "Server antwortet nicht"


@dataclass(frozen=True)
class Answer:
    """What was found out. `later` means: the site asked us to come back later, the link is as good as it was.

    `reached` tells whether a server answered at all: where it is False, the site or our own network may be away.
    """

    state: State
    reason: str = ""
    status: int | None = None
    later: bool = False
    reached: bool = True


class Prober:
    """Asks addresses, one at a time. Tests pass a `judge` that lets loopback through; nothing else does."""

    def __init__(
        self, *, judge: Judge = is_public, seconds: float = SECONDS, context: ssl.SSLContext | None = None
    ) -> None:
        self.judge = judge
        self.seconds = seconds
        self.context = context or ssl.create_default_context()

    def ask(self, url: str) -> Answer:
        """Return what the address answers; never raises for what a server or a network does."""
        with Line(seconds=self.seconds, judge=self.judge) as line:
            try:
                return self._follow(line, url)
            except (OSError, HTTPException, ValueError) as error:
                return Answer(State.FAILING, SILENT, reached=False) if line.over else explained(error)

    def _follow(self, line: Line, url: str) -> Answer:
        seen = set()
        for _ in range(MOST_REDIRECTS + 1):
            if url in seen:
                return Answer(State.FAILING, "Leitet im Kreis weiter")
            seen.add(url)
            status, target, later = self._head_or_get(line, url)
            if status not in REDIRECTS or not target:
                return judged(status, later=later)
            url = urljoin(url, target).partition("#")[0]
            if urlsplit(url).scheme not in PORTS:
                return Answer(State.REFUSED, "Leitet zu etwas weiter, das keine Website ist", status)
        return Answer(State.FAILING, "Leitet zu oft weiter")

    def _head_or_get(self, line: Line, url: str) -> tuple[int, str, bool]:
        """Many servers answer HEAD wrongly or hang up: what is not good news is asked again with GET."""
        try:
            answer = self._request(line, "HEAD", url)
        except (ConnectionResetError, BrokenPipeError, TimeoutError, HTTPException):
            return self._request(line, "GET", url)
        return answer if answer[0] < 400 or answer[2] else self._request(line, "GET", url)

    def _request(self, line: Line, method: str, url: str) -> tuple[int, str, bool]:
        """Status, `Location` and whether to come back later; the body stays where it is."""
        scheme, host, port, path = parts(url)
        with connected(line, scheme, host, port, self.context) as connection:
            connection.request(method, path, headers=HEADERS | {"User-Agent": user_agent()})
            with connection.getresponse() as response:
                return response.status, location(response), asks_to_wait(response)


# Servers answer programs that say nothing about languages and types with errors.
HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/pdf,*/*;q=0.8",
    "Accept-Language": "de,en;q=0.7",
    "Connection": "close",
}


def user_agent() -> str:
    """Says to other websites who asks, and where they may complain."""
    return f"IKOE-Linkpruefung/1.0 (+{settings.BASE_URL})"


def parts(url: str) -> tuple[str, str, int, str]:
    """Scheme, host in ASCII, port and path with query. Raises ValueError for what is no web address."""
    if UNWRITABLE.search(url):
        raise ValueError("characters that no address has")
    found = urlsplit(url)
    if found.scheme not in PORTS or not found.hostname:
        raise ValueError("no web address")
    host = found.hostname if ":" in found.hostname else found.hostname.encode("idna").decode("ascii")
    path = iri_to_uri((found.path or "/") + (f"?{found.query}" if found.query else ""))
    return found.scheme, host, found.port or PORTS[found.scheme], path


def location(response: HTTPResponse) -> str:
    """`Location`, whose bytes beyond ASCII are UTF-8 nowadays (http.client reads Latin-1)."""
    found = (response.headers.get("Location") or "").strip()
    try:
        return iri_to_uri(found.encode("latin-1").decode("utf-8"))
    except UnicodeError:
        return iri_to_uri(found)


def asks_to_wait(response: HTTPResponse) -> bool:
    """Whether a website wants to be left alone for a while (RFC 6585, RFC 9110)."""
    return response.status == 429 or (response.status == 503 and "Retry-After" in response.headers)


def explained(error: OSError | HTTPException | ValueError) -> Answer:
    """What an error of the network or of the protocol means, in words for editors."""
    match error:
        case AddressRefused():
            return Answer(State.REFUSED, "Führt zu einer Adresse, die nicht öffentlich ist", reached=False)
        case socket.gaierror():
            return Answer(State.FAILING, "Die Website gibt es nicht (Name nicht gefunden)", reached=False)
        case ssl.SSLCertVerificationError() if error.verify_code in INCOMPLETE_CHAIN:
            return Answer(State.REFUSED, "Zertifikat nicht prüfbar (die Kette ist unvollständig)")
        case ssl.SSLCertVerificationError():
            return Answer(State.FAILING, "Zertifikat ungültig")
        case ssl.SSLError():
            return Answer(State.FAILING, "Keine sichere Verbindung möglich")
        case OSError():
            return Answer(State.FAILING, SILENT, reached=False)
        case InvalidURL() | ValueError():
            return Answer(State.FAILING, "Die Adresse ist fehlerhaft")
        case _:
            return Answer(State.FAILING, "Server antwortet unverständlich")


def judged(status: int, *, later: bool) -> Answer:
    """What the last status of a chain means for readers of our page."""
    if later:
        return Answer(State.REFUSED, f"Die Website bittet, später wiederzukommen ({status})", status, later=True)
    if status in ABOUT_US:
        return Answer(State.REFUSED, f"Die Website lässt sich nicht automatisch prüfen ({status})", status)
    if status < 400:
        return Answer(State.WORKING, "", status)
    if status >= 500:
        return Answer(State.FAILING, f"Fehler auf dem Server ({status})", status)
    return Answer(State.FAILING, GONE.get(status, f"Die Website lehnt die Adresse ab ({status})"), status)
