"""Primary keys that somebody has typed, ticked or pasted."""

from __future__ import annotations

# Fewer digits than 64 bits hold; Python refuses to read thousands of them, and SQLite what has more than 64 bits.
MOST_DIGITS = 15


def key_of(text: object) -> int | None:
    """The primary key that `text` names; None for what can be none."""
    digits = str(text)
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS else None
