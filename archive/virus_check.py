"""ClamAV over TCP: the command INSTREAM of `clamd` (see its manual page), for every file before it is stored.

Without `CLAMD_URL` nothing is checked. With it the archive fails closed: what could not be checked is not taken.
"""

from __future__ import annotations

import logging
import re
import socket
import struct
import time
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.checks import CheckMessage, Tags, Warning, register

from archive.file_types import FileRefused

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 5.0
# For the whole conversation; ClamAV takes about a second for 20 MB.
SECONDS = 90.0
CHUNK = 64 * 1024
LONGEST_ANSWER = 4096
# A file from a form is checked when the form is, and stored a moment later.
REMEMBERED_SECONDS = 300

UNAVAILABLE = (
    "Die Datei konnte gerade nicht auf Viren geprüft werden und wurde deshalb nicht angenommen. "
    "Bitte versuchen Sie es später noch einmal."
)
TOO_LARGE = "Die Datei ist zu groß für die Virenprüfung. Bitte verkleinern Sie sie."


class NoAnswer(Exception):
    """The service did not answer in time, or not as the protocol has it; the message is for the log."""


def check_for_viruses(path: Path, sha256: str) -> None:
    """Lets the service look at the file at `path`. Raises FileRefused if it finds something or gives no answer."""
    service = settings.CLAMD_URL
    if service is None:
        return
    key = f"virus-free:{sha256}"
    if cache.get(key):
        return
    try:
        answer = _ask(service, b"zINSTREAM\0", path)
    except (OSError, NoAnswer) as error:
        logger.error("the virus check failed: %s", error)
        raise FileRefused(UNAVAILABLE) from None
    found = re.fullmatch(r"stream: (.*) FOUND", answer)
    if found:
        name = re.sub(r"[^\w.:-]", "", found.group(1))[:80]
        logger.warning("the virus check found %s in a file with SHA-256 %s", name, sha256)
        raise FileRefused(
            f"Die Virenprüfung hat in der Datei Schadsoftware gefunden ({name}). Das Archiv nimmt sie nicht an."
        )
    if "size limit exceeded" in answer:
        raise FileRefused(TOO_LARGE)
    if answer != "stream: OK":
        logger.error("the virus check gave an unknown answer")
        raise FileRefused(UNAVAILABLE)
    cache.set(key, True, REMEMBERED_SECONDS)


def _ask(service: tuple[str, int], command: bytes, path: Path | None = None) -> str:
    """The answer of the service to a command, with a file behind it in chunks that begin with their length."""
    until = time.monotonic() + SECONDS
    with socket.create_connection(service, timeout=CONNECT_SECONDS) as connection:
        try:
            _send(connection, command, until)
            if path is not None:
                with path.open("rb") as data:
                    while chunk := data.read(CHUNK):
                        _send(connection, struct.pack("!L", len(chunk)) + chunk, until)
                _send(connection, struct.pack("!L", 0), until)
        except (BrokenPipeError, ConnectionResetError):
            # A file above its limit is answered, and the rest not taken any more.
            logger.info("the virus check hung up before the end of the file")
        return _answer(connection, until)


def _send(connection: socket.socket, data: bytes, until: float) -> None:
    connection.settimeout(_left(until))
    connection.sendall(data)


def _answer(connection: socket.socket, until: float) -> str:
    answer = b""
    while b"\0" not in answer:
        connection.settimeout(_left(until))
        more = connection.recv(LONGEST_ANSWER)
        answer += more
        if not more:
            raise NoAnswer("it hung up without an answer")
        if len(answer) > LONGEST_ANSWER:
            raise NoAnswer("its answer has no end")
    return answer.partition(b"\0")[0].decode("utf-8", errors="replace").strip()


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise NoAnswer(f"no answer within {SECONDS:.0f} s")
    return left


@register(Tags.security, deploy=True)
def check_service(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """`check --deploy` says if the service does not answer: nobody could upload anything."""
    service = settings.CLAMD_URL
    if service is None:
        return []
    try:
        answer = _ask(service, b"zPING\0")
    except (OSError, NoAnswer) as error:
        answer = str(error)
    if answer == "PONG":
        return []
    return [Warning(f"CLAMD_URL: the service does not answer ({answer[:80]}).", id="archive.W001")]
