"""Which delivery a message is about. Only what we signed counts: everything else in it can be made up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter import tokens

if TYPE_CHECKING:
    import uuid

# Servers add to the local part (BATV, SRS), change the case of letters, and name the address in many fields.
_VERP = re.compile(rb"(?i)bounce\+\d{1,18}-[a-z2-7]{16}(?![a-z0-9])")
_UNSUBSCRIBE = re.compile(r"(?<![\w-])[\w-]{22}\.[\w-]{43}(?![\w-])", re.ASCII)
_MESSAGE_ID = re.compile(rb"(?im)^message-id:\s*(<[^<>\s]{5,250}>)")
# An attacker may put in as many forged ones as there is room for.
_MOST_TRIED = 30


def delivery_of(raw: bytes) -> int | None:
    """Return the primary key of the delivery whose signed envelope sender a message names, None without one."""
    for number, found in enumerate(_VERP.finditer(raw)):
        if number >= _MOST_TRIED:
            break
        try:
            return tokens.read_verp(f"{found.group().decode('ascii')}@")
        except tokens.BadToken:
            continue
    return None


def reader_of(text: str) -> uuid.UUID | None:
    """Return the key of the subscriber whose signed link for unsubscribing stands in a text, None without one."""
    for number, found in enumerate(_UNSUBSCRIBE.finditer(text)):
        if number >= _MOST_TRIED:
            break
        try:
            return tokens.read("unsubscribe", found.group())
        except tokens.BadToken:
            continue
    return None


def message_ids(raw: bytes) -> list[str]:
    """Return the Message-IDs in a message: its own and those of the mails it returns."""
    return [found.group(1).decode("ascii", "replace") for found in _MESSAGE_ID.finditer(raw)][:10]
