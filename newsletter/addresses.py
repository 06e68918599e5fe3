"""What an e-mail address may look like here, and how it is written for machines."""

from __future__ import annotations

import re
from typing import Any

from email_validator import EmailNotValidError, validate_email

# Strict is what RFC 5321, 4.5.3.1, says of lengths: 64 octets before the @.
_RULES: dict[str, Any] = {"check_deliverability": False, "allow_smtputf8": False, "strict": True}
# Nearly every address: only what needs no look at the tables of Unicode, in the form that `normalise` leaves behind.
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_PLAIN = re.compile(rf"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:(?!xn--|..--){_LABEL}\.)+[a-z]{{2,63}}", re.ASCII)


class InvalidAddress(ValueError):
    """Not an address that we can write to; the message is a German sentence."""


def normalise(text: str) -> str:
    """Return the address in the form that is kept: domain in lower case and in Unicode, local part as given.

    Raises InvalidAddress. Local parts outside ASCII (RFC 6531) and quoted ones are refused: hardly any server takes
    them, and quotation marks are a way into header fields.
    """
    try:
        result = validate_email(text.strip(), **_RULES)
    except EmailNotValidError as error:
        raise InvalidAddress(
            "Bitte geben Sie eine gültige E-Mail-Adresse ein, zum Beispiel name@example.org."
        ) from error
    if len(result.normalized) > 254:
        raise InvalidAddress("Die E-Mail-Adresse ist zu lang.")
    return result.normalized


def fold(address: str) -> str:
    """Return what two spellings of one address have in common: small letters, the domain in Unicode."""
    try:
        return normalise(address).lower()
    except InvalidAddress:
        return address.strip().lower()


def domain(address: str) -> str:
    """Return the part after the last @ in small letters."""
    return address.rpartition("@")[2].lower()


def for_envelope(address: str) -> str:
    """Return the address in ASCII (the domain as in RFC 5891); raises InvalidAddress."""
    if _PLAIN.fullmatch(address) and len(address) <= 254 and address.index("@") <= 64:
        return address
    try:
        ascii_form = validate_email(address, **_RULES).ascii_email
    except EmailNotValidError as error:
        raise InvalidAddress("Die Adresse ist nicht gültig.") from error
    if ascii_form is None:
        raise InvalidAddress("Die Adresse ist nicht gültig.")
    return ascii_form
