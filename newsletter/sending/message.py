"""A mail as bytes: built once for a mailing, joined for every recipient.

HTML and text hold marker characters where personal values go. The pieces between them are encoded as quoted-printable
(RFC 2045, 6.7) once; a value stands between two soft line breaks, so its length cannot break a line. Lines end with
CRLF and never begin with a dot (it is coded `=2E`), so nothing has to be done to a mail on its way to the socket.
"""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail.message import sanitize_address
from django.urls import reverse

from newsletter import tokens
from newsletter.addresses import domain, for_envelope

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

# Characters of the private use area: no font shows them, no editor types them (`rendering` refuses them).
UNSUBSCRIBE_URL, SETTINGS_URL, NAME = "\ue000", "\ue001", "\ue002"
SLOTS = {UNSUBSCRIBE_URL: "unsubscribe_url", SETTINGS_URL: "settings_url", NAME: "name"}
_MARKERS = re.compile(f"([{''.join(SLOTS)}])")
_PRINTABLE = re.compile(r"[\x20-\x7e]*")
# Most values need no code at all: letters, digits and what addresses of pages have.
_PLAIN = re.compile(r"[\x21-\x3c\x3e-\x7e]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
TOKEN = "TOKEN"  # noqa: S105 - the place of one.
_LINE = 74  # With the "=" of a soft break, 75 of the 76 characters that RFC 2045 allows.
_SOFT_BREAK = b"=\r\n"


class UnsafeHeader(ValueError):
    """A value would break out of its header field."""


class Recipient(NamedTuple):
    """Everything personal in one mail; `attempts` were made before."""

    delivery: int
    key: uuid.UUID
    address: str
    name: str
    message_id: str
    attempts: int = 0

    @property
    def domain(self) -> str:
        """The domain of the address, to which limits apply."""
        return domain(self.address)


class Letter(NamedTuple):
    """What one recipient gets: envelope (ASCII addresses) and content with CRLF line ends."""

    sender: str
    recipient: str
    content: bytes


@dataclass(frozen=True)
class Slot:
    """A place in a mail that is filled for each recipient, by the name of the value that goes there."""

    name: str


@dataclass(frozen=True)
class Prepared:
    """A mailing's mail as a sequence of fixed bytes and slots."""

    parts: tuple[bytes | Slot, ...]
    # Addresses of pages as text with `TOKEN` where the token goes.
    unsubscribe_page: str
    settings_page: str
    bounce_domain: str

    def letter(self, recipient: Recipient) -> Letter:
        """Join the mail of one recipient.

        Raises UnsafeHeader if a value does not fit into a header field, and InvalidAddress.
        """
        address = for_envelope(recipient.address)
        values = self._values(recipient, address)
        content = b"".join([part if isinstance(part, bytes) else values[part.name] for part in self.parts])
        return Letter(tokens.verp(recipient.delivery, self.bounce_domain), address, content)

    def _values(self, recipient: Recipient, address: str) -> dict[str, bytes]:
        unsubscribe = tokens.make("unsubscribe", recipient.key)
        unsubscribe_url = self.unsubscribe_page.replace(TOKEN, unsubscribe)
        settings_url = self.settings_page.replace(TOKEN, tokens.make("settings", recipient.key))
        values = {
            "to": header_value(f"<{address}>"),
            "message_id": header_value(recipient.message_id),
            "list_unsubscribe": header_value(
                f"<{unsubscribe_url}>, <mailto:abmelden@{self.bounce_domain}?subject={unsubscribe}>"
            ),
        }
        name = f" {recipient.name}" if recipient.name else ""
        for slot, value in (("unsubscribe_url", unsubscribe_url), ("settings_url", settings_url), ("name", name)):
            escaped = html.escape(value) if value else value
            values[f"text.{slot}"] = plain = encode_value(value)
            values[f"html.{slot}"] = plain if escaped == value else encode_value(escaped)
        return values


def prepare(*, subject: str, html_part: str, text_part: str, date: datetime) -> Prepared:
    """Encode everything that all recipients share. Raises UnsafeHeader for a subject with line breaks."""
    boundary = "=_" + hashlib.sha256(f"{subject}\n{html_part}\n{text_part}".encode()).hexdigest()[:40]
    parts: list[bytes | Slot] = [_fixed_headers(subject, date, boundary)]
    parts += [b"To: ", Slot("to"), b"\r\nMessage-ID: ", Slot("message_id")]
    parts += [b"\r\nList-Unsubscribe: ", Slot("list_unsubscribe"), b"\r\n\r\n"]
    for kind, text in (("plain", text_part), ("html", html_part)):
        parts.append(
            f"--{boundary}\r\nContent-Type: text/{kind}; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n\r\n".encode()
        )
        parts += _encoded_with_slots(text, "text" if kind == "plain" else "html")
        parts.append(b"\r\n")
    parts.append(f"--{boundary}--\r\n".encode())
    return Prepared(
        tuple(parts),
        unsubscribe_page=settings.BASE_URL + reverse("newsletter:unsubscribe", args=[TOKEN]),
        settings_page=settings.BASE_URL + reverse("newsletter:settings", args=[TOKEN]),
        bounce_domain=settings.BOUNCE_DOMAIN,
    )


def header_value(value: str) -> bytes:
    """Return the value as bytes if it is printable ASCII (RFC 5322, 2.2) and fits into a line; else UnsafeHeader.

    Line breaks are not printable: this is the guard against header injection.
    """
    if not _PRINTABLE.fullmatch(value) or len(value) > 900:
        raise UnsafeHeader("A header value is not printable ASCII or too long.")
    return value.encode("ascii")


def list_id() -> str:
    """Return the stable identifier of the list (RFC 2919)."""
    return f"newsletter.{site_host()}"


def site_host() -> str:
    """The host name in List-Id and Message-ID."""
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def encode(text: str) -> bytes:
    """Quoted-printable with CRLF line ends; no line begins with a dot or ends with white space."""
    return b"\r\n".join(
        _encode_line(line.encode()) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    )


def encode_value(value: str) -> bytes:
    """A personal value between two soft line breaks, on lines of its own; control characters become spaces."""
    if not value:
        return _SOFT_BREAK
    if _PLAIN.fullmatch(value):
        rows = [value[start : start + _LINE] for start in range(0, len(value), _LINE)]
        if not any(row[0] in ".F" for row in rows):
            return _SOFT_BREAK + "=\r\n".join(rows).encode() + _SOFT_BREAK
    flat = _CONTROL.sub(" ", value)
    return _SOFT_BREAK + _encode_line(flat.encode()) + _SOFT_BREAK


def _encoded_with_slots(text: str, medium: str) -> list[bytes | Slot]:
    pieces = _MARKERS.split(text)
    return [Slot(f"{medium}.{SLOTS[piece]}") if piece in SLOTS else encode(piece) for piece in pieces if piece]


def _encode_line(line: bytes) -> bytes:
    rows: list[bytes] = []
    row = bytearray()
    for position, byte in enumerate(line):
        last = position == len(line) - 1
        # "From " at the beginning of a line would be changed by mailboxes in mbox format.
        special = (byte in b".F" and not row) or (byte in b" \t" and last)
        literal = (32 <= byte <= 126 and byte != 61) or byte == 9
        code = bytes([byte]) if literal and not special else b"=%02X" % byte
        if len(row) + len(code) > _LINE:
            rows.append(bytes(row))
            row = bytearray()
            if byte in b".F":
                code = b"=%02X" % byte
        row += code
    rows.append(bytes(row))
    return _SOFT_BREAK.join(rows)


def _fixed_headers(subject: str, date: datetime, boundary: str) -> bytes:
    if any(ord(character) < 32 or ord(character) == 127 for character in subject):
        raise UnsafeHeader("The subject has a line break or another control character.")
    message = EmailMessage(policy=SMTP.clone(max_line_length=78))
    sender = sanitize_address(settings.DEFAULT_FROM_EMAIL, "utf-8")
    index = f"{settings.BASE_URL}/newsletter/"
    message["From"] = sender
    message["Reply-To"] = sender
    message["Subject"] = subject
    message["Date"] = format_datetime(date)
    message["List-Id"] = f"IKOE-Newsletter <{list_id()}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["List-Archive"] = f"<{index}>"
    message["List-Help"] = f"<{index}>, <mailto:{parseaddr(sender)[1]}?subject=Hilfe>"
    message["Content-Language"] = "de"
    message["MIME-Version"] = "1.0"
    message["Content-Type"] = f'multipart/alternative; boundary="{boundary}"'
    head, _, _ = message.as_bytes().partition(b"\r\n\r\n")
    return head + b"\r\n"
