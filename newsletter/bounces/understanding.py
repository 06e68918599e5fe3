"""What a message says that came back: what it is, about whom, and the words of the server.

In the order of trust: reports for machines (RFC 3464 and 6522; RFC 5965), the formats that flufl.bounce knows, and the
words of servers in German and English. Runs in a child process (`newsletter.bounces.child`), so it knows nothing of
Django.
"""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass, replace
from email.message import Message
from email.utils import parseaddr
from typing import Literal

from flufl.bounce import all_failures

from newsletter.bounces import classifying, parsing

# The library logs every detector it tries.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)

Kind = Literal["hard", "soft", "policy", "complaint", "auto_reply", "not_a_bounce"]

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_DAEMON = re.compile(
    r"(?i)mailer[-_. ]?daemon|postmaster|mail[-_. ]?deliver|mailsystem|mail delivery|bounce|zustell|^<>$|"
    r"microsoftexchange"
)
_SUBJECT_OF_BOUNCE = re.compile(
    r"(?i)undeliver|unzustellbar|nicht zustellbar|nicht zugestellt|zustellung|zustellfehler|delivery (?:status|failure|"
    r"notification|report|problem|incomplete|has failed|delayed)|returned mail|mail delivery|failure noti|"
    r"mail(?:nachricht)? konnte nicht|could not be delivered|returning message|non remis|"
    r"message status - undeliverable|fehlerbericht"
)
_SUBJECT_OF_AUTO_REPLY = re.compile(
    r"(?i)out of (?:the )?office|automatic reply|auto(?:matic)?[- ]?(?:reply|response|answer)|autoreply|automatische "
    r"(?:antwort|rückmeldung)|automatisch generierte antwort|abwesen|nicht im (?:büro|haus)|on vacation|im urlaub|"
    r"elternzeit|eingangsbestätigung|ferienabwesenheit|\bOOO\b"
)
# Where the mail begins that a server sends back inside of its own text: its words are not the server's.
_RETURNED = re.compile(
    r"(?im)^.{0,8}(?:below this line is a copy of the message|this is a copy of (?:the|your) message|original message"
    r"|original[- ]?nachricht|ursprüngliche nachricht|die kopfzeilen|kopie (?:der|ihrer) (?:nachricht|e-?mail)"
    r"|returned message|message header|ihre nachricht lautete|es folgt (?:eine kopie|die)"
    r"|nachfolgend .{0,30}(?:kopie|original)).{0,80}$"
)
_BAD_ADDRESS = re.compile(r"(?i)^(?:mailer-daemon|postmaster|bounce\+|abmelden@|noreply|no-reply)")


@dataclass(frozen=True)
class Understood:
    """What a message says. All of it may be forged."""

    kind: Kind
    # An enhanced status code (RFC 3463), "" if the message has none.
    code: str = ""
    recipient: str = ""
    words: str = ""
    subject: str = ""
    # Whether a machine has answered a mail, and not just written one.
    is_answer: bool = False
    # The same for the same message, however it came here.
    fingerprint: str = ""


def understand(raw: bytes) -> Understood:
    """Read a message of any kind and size; nothing in it makes this raise."""
    message = parsing.parse(raw)
    subject = parsing.header(message, "Subject")
    found = _understand(message, subject)
    return replace(
        found,
        recipient=_printable(found.recipient),
        words=_printable(found.words),
        subject=subject,
        is_answer=_is_answer(message),
        fingerprint=_fingerprint(message, raw),
    )


def _fingerprint(message: Message, raw: bytes) -> str:
    """Return a hash that does not depend on the way a message took: its Message-ID and its text, else all of it."""
    body = b" ".join(parsing.split(raw[: parsing.LARGEST])[2].split())
    own = parsing.header(message, "Message-ID") or parsing.header(message, "Date")
    head = "\n".join([own, parsing.header(message, "From"), parsing.header(message, "Subject")])
    return hashlib.sha256(head.encode("utf-8", "replace") + b"\0" + body).hexdigest()


def _printable(text: str) -> str:
    """Without control characters and halves of characters, which neither PostgreSQL nor a terminal takes."""
    return "".join(one if one.isprintable() else " " for one in text).strip()


def _understand(message: Message, subject: str) -> Understood:
    pieces = list(parsing.parts(message))
    text = parsing.text_for_people(message)
    found = _delivery_status(pieces) or _complaint(pieces) or _disposition(pieces, text)
    if found is not None:
        return found
    server = bool(_DAEMON.search(_sender(message))) or parsing.header(message, "Return-Path") == "<>"
    if not message.get("X-Failed-Recipients"):
        by_person = not _DAEMON.search(_sender(message))
        if _SUBJECT_OF_AUTO_REPLY.search(subject) or (by_person and _is_automatic(message)):
            return Understood("auto_reply")
    return _known_format(message, text) or _plain_words(text, subject, from_server=server)


def _delivery_status(pieces: list[Message]) -> Understood | None:
    """RFC 3464, and RFC 6533 for addresses in UTF-8."""
    for part in pieces:
        if part.get_content_type() not in parsing.REPORTS[:2]:
            continue
        blocks = [block for block in parsing.fields(part) if block.get("Action") or block.get("Status")]
        failed = [block for block in blocks if _action(block) not in ("delivered", "relayed", "expanded")]
        if failed:
            return _failure(failed[0], "\n".join(parsing.text_of(one) for one in pieces[:2] if one is not part))
        if blocks:
            return Understood("not_a_bounce", recipient=_recipient(blocks[0]))
    return None


def _action(block: Message) -> str:
    return parsing.header(block, "Action").split("(")[0].split(";")[0].strip().lower()


def _failure(block: Message, explanation: str) -> Understood:
    diagnostic = parsing.header(block, "Diagnostic-Code").partition(";")[2].strip()
    diagnostic = diagnostic or parsing.header(block, "Diagnostic-Code")
    status = parsing.header(block, "Status")
    code = classifying.best_code(status, diagnostic)
    words = diagnostic or _first_sentences(explanation)
    if _action(block) == "delayed":
        return Understood("soft", code, _recipient(block), words[:500])
    meaning = classifying.classify(code, diagnostic or explanation)
    return Understood(meaning, code, _recipient(block), words[:500])


def _recipient(block: Message) -> str:
    """The address as we wrote it if the server tells, else the one it became."""
    for name in ("Original-Recipient", "Final-Recipient", "X-Actual-Recipient"):
        value = parsing.header(block, name)
        address = value.partition(";")[2].strip() if ";" in value else value
        address = address.split(" ")[0].strip("<>\"' ")
        if "@" in address and len(address) <= 320:
            return address
    return ""


def _complaint(pieces: list[Message]) -> Understood | None:
    """RFC 5965: a reader has called the mail spam. Reports on signatures (RFC 6591) are about us, not about anybody."""
    for part in pieces:
        if part.get_content_type() != "message/feedback-report":
            continue
        blocks = parsing.fields(part)
        block = blocks[0] if blocks else Message()
        kind = parsing.header(block, "Feedback-Type").lower()
        address = parsing.header(block, "Original-Rcpt-To").strip("<> ")
        if kind in ("not-spam", "auth-failure", "dmarc"):
            return Understood("not_a_bounce", recipient=address)
        return Understood(
            "policy" if kind == "virus" else "complaint", "", address, f"Feedback-Type: {kind or 'abuse'}"[:500]
        )
    return None


def _disposition(pieces: list[Message], text: str) -> Understood | None:
    """RFC 8098: a receipt, or the way in which a mailbox rejects what was delivered to it (Dovecot, Sieve)."""
    for part in pieces:
        if part.get_content_type() != "message/disposition-notification":
            continue
        block = next(iter(parsing.fields(part)), Message())
        disposition = parsing.header(block, "Disposition").lower()
        spoken = classifying.kind_of_words(text)
        if spoken is None or "automatic-action" not in disposition or "deleted" not in disposition:
            return Understood("auto_reply")
        return Understood(spoken, classifying.best_code(text), _recipient(block), _first_sentences(text))
    return None


def _known_format(message: Message, text: str) -> Understood | None:
    """One of the formats without a report for machines that flufl.bounce knows."""
    try:
        temporary, permanent = all_failures(message)
    except Exception:
        # The library was written for mails, not for what somebody makes to break it.
        return None
    addresses = sorted(one.decode("ascii", "replace") for one in permanent or temporary)
    addresses = [one for one in addresses if "@" in one]
    if not addresses:
        return None
    said = _said_by_server(text)
    code = classifying.best_code(said)
    meaning = classifying.classify(code, said) if permanent else "soft"
    return Understood(meaning, code, addresses[0][:320], _words_about(said, addresses[0]))


def _plain_words(text: str, subject: str, *, from_server: bool) -> Understood:
    """Nothing but text: what a server wrote for people."""
    if not (from_server or _SUBJECT_OF_BOUNCE.search(subject)):
        return Understood("not_a_bounce")
    said = _said_by_server(text)
    code = classifying.best_code(said)
    spoken = classifying.kind_of_words(f"{subject}\n{said}")
    address = next((one for one in _ADDRESS.findall(said) if not _BAD_ADDRESS.match(one)), "")
    if not code and spoken is None and not _SUBJECT_OF_BOUNCE.search(subject):
        return Understood("not_a_bounce")
    return Understood(
        classifying.classify(code, f"{said}\n{subject}"), code, address.rstrip("."), _words_about(said, address)
    )


def _said_by_server(text: str) -> str:
    found = _RETURNED.search(text)
    return text[: found.start()] if found and found.start() > 40 else text[:4_000]


def _words_about(text: str, address: str) -> str:
    """What stands beside the address: there servers give their reason."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    at = next((number for number, line in enumerate(lines) if address and address in line), None)
    return _first_sentences("\n".join(lines[at : at + 4] if at is not None else lines))


def _first_sentences(text: str) -> str:
    return " ".join(text.split())[:300]


def _sender(message: Message) -> str:
    name, address = parseaddr(parsing.header(message, "From"))
    return f"{name} {address}" if name or address else "<>"


def _is_automatic(message: Message) -> bool:
    """RFC 3834, 5, and what was usual before it."""
    submitted = parsing.header(message, "Auto-Submitted").lower()
    return (bool(submitted) and not submitted.startswith("no")) or _is_answer(message)


def _is_answer(message: Message) -> bool:
    """Whether a machine has answered a mail, and not just written one."""
    if parsing.header(message, "Auto-Submitted").lower().startswith("auto-replied"):
        return True
    if any(message.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Vacation")):
        return True
    return parsing.header(message, "Precedence").lower() in ("auto_reply", "auto-reply")
