"""Turns a message that came back into one report: what it says, and which of our mails it is about.

What it says is found out in a child process with limits. Whom it is about comes from our own signatures only, and the
keys for these stay in this process.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.bounces import parsing, tracing
from newsletter.bounces.limits import reader
from newsletter.bounces.understanding import Kind

if TYPE_CHECKING:
    import uuid


@dataclass(frozen=True)
class Report:
    """What a message says. `delivery` and `reader` come from signed tokens only; everything else may be forged."""

    kind: Kind
    # An enhanced status code (RFC 3463), "" if the message has none.
    code: str = ""
    recipient: str = ""
    words: str = ""
    delivery: int | None = None
    reader: uuid.UUID | None = None
    # Ids of the mail that came back, to find the delivery when only the reader is known.
    message_ids: tuple[str, ...] = ()
    # A mail to `abmelden@…` with a signed token in its subject (RFC 2369, 3.2).
    wants_to_leave: bool = False
    # The same for the same message, however it came here.
    fingerprint: str = ""


def read(raw: bytes) -> Report:
    """Read a message of any kind and size. Raises Unreadable if that needs more than the limits allow."""
    bounded = raw[: parsing.LARGEST]
    found = reader().understand(bounded)
    leaver = tracing.reader_of(found.subject)
    # Mail programs and providers also write this by themselves, on behalf of their user; what answers a mail does not.
    leaving = leaver is not None and found.kind in ("not_a_bounce", "auto_reply") and not found.is_answer
    return Report(
        kind="not_a_bounce" if leaving else found.kind,
        code=found.code,
        recipient=found.recipient,
        words=found.words,
        delivery=None if leaving else tracing.delivery_of(bounded),
        reader=leaver if leaving else tracing.reader_of(bounded.decode("latin-1")),
        message_ids=tuple(tracing.message_ids(bounded)),
        wants_to_leave=leaving,
        fingerprint=found.fingerprint,
    )
