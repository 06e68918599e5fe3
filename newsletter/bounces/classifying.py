"""What a status code or the words of a mail server mean for an address.

Codes are those of RFC 3463 with the registered additions (RFC 5248, 7293, 7505) and the ones of Exchange. The question
is always the same: does it speak of the address (hard), of a state that passes (soft), or of us (policy)? Whoever says
nothing clear gets the mildest reading: three of those are needed to stop an address.
"""

from __future__ import annotations

import re
from typing import Literal

from newsletter.bounces import phrases

Kind = Literal["hard", "soft", "policy"]

_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_BASIC = re.compile(r"(?<![\d.])([45]\d\d)(?![\d.])")

# Codes whose subject alone would mislead.
_EXCEPTIONS: dict[str, Kind] = {
    "5.1.7": "policy",  # the sender's address is not accepted
    "5.1.8": "policy",
    "5.2.1": "hard",  # the mailbox is disabled
    "5.2.2": "soft",  # the mailbox is full
    "5.2.3": "soft",  # too large for this mailbox
    "5.3.4": "soft",  # too large for this server
    "5.4.4": "hard",  # the domain has no server
    "5.4.310": "hard",  # Exchange: the domain does not exist
    "5.7.13": "hard",  # the account is disabled
    "5.7.17": "hard",  # RFC 7293: the mailbox has another owner
    "5.7.18": "hard",  # RFC 7293: the domain has another owner
}
# By subject, the second number: address, mailbox, system, network, protocol, content, security and policy.
_BY_SUBJECT: dict[str, Kind] = {
    "1": "hard", "2": "soft", "3": "soft", "4": "soft", "5": "soft", "6": "policy", "7": "policy",
}  # fmt: skip
# Codes that servers use for everything: their words count first.
_VAGUE = re.compile(r"5\.(?:0\.\d+|2\.0|3\.0|4\.[01]|5\.\d+)")
# SMTP replies without an enhanced code (RFC 5321, 4.2.3): 550 and 551 say "no such mailbox", 553 "not a name".
_BY_REPLY: dict[str, Kind] = {"550": "hard", "551": "hard", "553": "hard", "556": "hard"}


def _any(lines: str) -> re.Pattern[str]:
    for place, pattern in phrases.PLACES.items():
        lines = lines.replace(place, pattern)
    return re.compile("|".join(lines.strip().splitlines()), re.IGNORECASE)


# The first that fits counts. Full mailboxes first: "mailbox unavailable (over quota)" is not an unknown one.
_WORDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("soft", _any(phrases.FULL)),
    ("policy", _any(phrases.POLICY)),
    ("hard", _any(phrases.GONE)),
    ("soft", _any(phrases.PASSING)),
)


def codes_in(text: str) -> list[str]:
    """Return the enhanced status codes in a text in their order, "5.1.1" and the like; addresses of hosts are none."""
    return [".".join(found.groups()) for found in _ENHANCED.finditer(text)]


def best_code(*texts: str) -> str:
    """Return the first code in the texts that says something, else the first vague one, else ""."""
    codes = [code for text in texts for code in codes_in(text) if code[0] in "45"]
    return next((code for code in codes if not is_vague(code)), codes[0] if codes else "")


def is_vague(code: str) -> bool:
    """Whether servers use this code for anything: 5.0.0, 5.3.0, 5.5.0 and so on."""
    return bool(_VAGUE.fullmatch(code)) or code in ("4.0.0", "")


def classify(code: str, words: str = "") -> Kind:
    """Return what a permanent or temporary failure means.

    `code` is an enhanced status code ("5.1.1") or "", `words` what the server said (any language; German and English
    are understood).
    """
    if code.startswith("4."):
        return "soft"
    if code in _EXCEPTIONS:
        return _EXCEPTIONS[code]
    if code and not is_vague(code):
        return _BY_SUBJECT.get(code.split(".")[1], "soft")
    spoken = kind_of_words(words)
    if spoken is not None:
        return spoken
    reply = _BASIC.search(words)
    return _BY_REPLY.get(reply.group(), "soft") if reply else "soft"


def kind_of_words(words: str) -> Kind | None:
    """Return what the words of a server mean, None if they say nothing that is known."""
    flat = " ".join(words.split())
    return next((kind for kind, pattern in _WORDS if pattern.search(flat)), None)
