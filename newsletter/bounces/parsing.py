"""A message from outside, taken apart without trusting it.

Anybody can write to the address for bounces. So a message is cut before it is parsed, what is wrong with it is passed
over, and nothing here raises because of its content.
"""

from __future__ import annotations

import email
import html
import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser

# What tells why a mail came back stands at the beginning; behind it follows our own mail.
LARGEST = 256 * 1024
LARGEST_HEAD = 32 * 1024
MOST_PARTS = 40
DEEPEST = 8
# Boundaries are compared with every line of a message, at every level: nested thousands of times they take hours.
MOST_CONTAINERS = 60
MOST_BOUNDARIES = 500
LONGEST_TEXT = 40_000
LONGEST_HEADER = 2_000
# What is written for machines; Python's parser takes these for containers.
REPORTS = (
    "message/delivery-status",
    "message/global-delivery-status",
    "message/feedback-report",
    "message/disposition-notification",
)

_CONTAINER = re.compile(rb"(?i)content-type:[ \t\r\n]*(?:multipart|message)/")
_TAG = re.compile(r"<[^<>]{0,400}>")
_BREAK = re.compile(r"(?i)<(?:br|/p|/div|/tr|/li|/h\d)\b[^<>]{0,200}>")


def parse(raw: bytes) -> Message:
    """Return the beginning of a message, parsed (RFC 5322, RFC 2045); what cannot be parsed is plain text."""
    raw = raw[:LARGEST]
    head, gap, body = split(raw)
    if len(head) > LARGEST_HEAD:
        head = head[:LARGEST_HEAD].rpartition(b"\n")[0]
        gap = b"\n\n"
    raw = head + gap + body
    if len(_CONTAINER.findall(raw)) <= MOST_CONTAINERS and raw.count(b"\n--") <= MOST_BOUNDARIES:
        try:
            return email.message_from_bytes(raw)
        except (RecursionError, ValueError, LookupError, TypeError, HeaderParseError):
            pass
    message = BytesHeaderParser().parsebytes(head)
    del message["Content-Type"]
    del message["Content-Transfer-Encoding"]
    message.set_payload(body[:LONGEST_TEXT].decode("latin-1"))
    return message


def split(raw: bytes) -> tuple[bytes, bytes, bytes]:
    """Return head, empty line and body of a message."""
    found = re.search(rb"\r?\n\r?\n", raw)
    return (raw[: found.start()], found.group(), raw[found.end() :]) if found else (raw, b"", b"")


def header(message: Message, name: str) -> str:
    """Return a header field as readable text in one line, "" if there is none."""
    return _readable(message.get(name, ""))


def headers(message: Message, *names: str) -> list[str]:
    """Return all fields with these names, as they stand."""
    return [str(value)[:LONGEST_HEADER] for name in names for value in message.get_all(name, [])[:10]]


def _readable(value: object) -> str:
    text = " ".join(str(value)[:LONGEST_HEADER].split())
    if "=?" not in text:
        return text
    try:
        pieces = decode_header(text)
    except (HeaderParseError, ValueError, TypeError):
        return text
    return "".join(piece if isinstance(piece, str) else decoded(piece, charset) for piece, charset in pieces)


def decoded(content: bytes, charset: str | None) -> str:
    """Return bytes as text: in the charset that is claimed if it can be, else in the likeliest one."""
    for name in (charset, "utf-8"):
        try:
            return content.decode(name or "utf-8")
        except (LookupError, ValueError):
            continue
    return content.decode("latin-1")


def parts(message: Message, *, level: int = 0) -> Iterator[Message]:
    """Yield the parts of a message that are no containers, without those of a mail that it returns."""
    if not message.is_multipart() or message.get_content_type() in REPORTS:
        yield message
    elif message.get_content_maintype() == "multipart" and level < DEEPEST:
        children = message.get_payload()
        for child in list(children)[:MOST_PARTS] if isinstance(children, list) else []:
            if isinstance(child, Message):
                yield from parts(child, level=level + 1)


def fields(part: Message) -> list[Message]:
    """Return the blocks of header-like fields that a report for machines consists of (RFC 3464, 2.1; RFC 5965, 3)."""
    payload = part.get_payload()
    if not isinstance(payload, list):
        return _blocks_in(text_of(part))
    blocks = [block for block in payload if isinstance(block, Message)][:MOST_PARTS]
    # Python takes the types that it does not know for mails: the first block is the head, the others are the body.
    rest = blocks[0].get_payload() if len(blocks) == 1 else ""
    return blocks + (_blocks_in(rest) if isinstance(rest, str) else [])


def _blocks_in(text: str) -> list[Message]:
    chunks = re.split(r"\r?\n[ \t]*\r?\n", text[:LONGEST_TEXT].strip())
    return [email.message_from_string(f"{chunk}\n\n") for chunk in chunks[:MOST_PARTS] if chunk]


def text_of(part: Message) -> str:
    """Return a part as text, without tags if it is HTML."""
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AssertionError):
        content = None
    if not isinstance(content, bytes):
        return ""
    charset = part.get_param("charset")
    text = decoded(content[: 2 * LONGEST_TEXT], charset if isinstance(charset, str) else None)
    if part.get_content_type() == "text/html":
        text = html.unescape(_TAG.sub(" ", _BREAK.sub("\n", _without_style(text))))
    return text[:LONGEST_TEXT]


def _without_style(text: str) -> str:
    """Cut out style sheets, step by step: a regular expression would try every beginning with every end."""
    pieces, position, folded = [], 0, text.lower()
    while (start := folded.find("<style", position)) >= 0:
        pieces.append(text[position:start])
        end = folded.find("</style>", start)
        if end < 0:
            return "".join(pieces)
        position = end + len("</style>")
    return "".join([*pieces, text[position:]])


def text_for_people(message: Message) -> str:
    """Return what a message says to its reader: the plain text, and the HTML if there is no plain text."""
    plain, rich = [], []
    for part in parts(message):
        if part.get_content_type() == "text/plain":
            plain.append(text_of(part))
        elif part.get_content_type() == "text/html":
            rich.append(text_of(part))
    return "\n".join(plain if any(text.strip() for text in plain) else rich)[:LONGEST_TEXT]
