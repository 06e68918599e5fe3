"""Signed tokens for links in mails and envelope senders.

Signatures are HMAC-SHA-256 (RFC 2104) under TOKEN_KEYS: the first key signs, every key verifies, so links outlive a
change of keys. Comparison takes constant time. A token names its purpose in the signature: a link to the settings
confirms nothing. No token holds an address.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import uuid
from binascii import Error as EncodingError
from functools import lru_cache
from typing import Literal

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

from newsletter import addresses

Purpose = Literal["settings", "unsubscribe"]

SEPARATOR = "."
# A local part has 64 octets at most (RFC 5321, 4.5.3.1.1): the signature of an envelope sender is cut to 80 bits.
VERP_SIGNATURE_BYTES = 10


class BadToken(Exception):
    """The token is forged, damaged or made for something else."""


def make(purpose: Purpose, key: uuid.UUID) -> str:
    """Return a token for the subscriber `key`: 66 characters that are safe in a path."""
    packed = _pack(key)
    return f"{packed}{SEPARATOR}{_signature(f'newsletter.{purpose}', settings.TOKEN_KEYS[0], packed)}"


def read(purpose: Purpose, token: str) -> uuid.UUID:
    """Return the subscriber's key; raises BadToken."""
    return _unpack(_unsign(_signer(purpose), token))


def make_confirmation(key: uuid.UUID, record: int) -> str:
    """Return the token of one sign-up (`record`: primary key of its consent record)."""
    return _make_for_record("confirm", key, record)


def read_confirmation(token: str) -> tuple[uuid.UUID, int]:
    """Return the subscriber's key and the consent record; raises BadToken."""
    return _read_for_record("confirm", token)


def make_address_change(key: uuid.UUID, record: int) -> str:
    """Return the token of one change of address (`record`: primary key of its consent record)."""
    return _make_for_record("address", key, record)


def read_address_change(token: str) -> tuple[uuid.UUID, int]:
    """Return the key that the subscriber had before the change, and the consent record; raises BadToken."""
    return _read_for_record("address", token)


def verp(delivery: int, domain: str) -> str:
    """Return the envelope sender of a delivery: a bounce names its row, and nobody can make one up."""
    return f"bounce+{delivery}-{_verp_signature(settings.TOKEN_KEYS[0], delivery)}@{domain}"


def read_verp(address: str) -> int:
    """Return the primary key of the delivery; raises BadToken. Servers may have changed the case of letters."""
    local = address.lower().rpartition("@")[0]
    number, _, signature = local.removeprefix("bounce+").partition("-")
    if not local.startswith("bounce+") or not re.fullmatch(r"[0-9]{1,19}", number):
        raise BadToken
    wanted = [_verp_signature(key, int(number)) for key in settings.TOKEN_KEYS]
    if not any(hmac.compare_digest(signature.encode(), one.encode()) for one in wanted):
        raise BadToken
    return int(number)


def fingerprints(address: str) -> list[str]:
    """Return the keyed hashes of an address, the one under the current key first (for the suppression list)."""
    folded = addresses.fold(address)
    return [
        salted_hmac("newsletter.address", folded, key, algorithm="sha256").hexdigest() for key in settings.TOKEN_KEYS
    ]


def _make_for_record(purpose: str, key: uuid.UUID, record: int) -> str:
    return _signer(purpose).sign(f"{_pack(key)}{SEPARATOR}{record}")


def _read_for_record(purpose: str, token: str) -> tuple[uuid.UUID, int]:
    packed, _, record = _unsign(_signer(purpose), token).partition(SEPARATOR)
    if not record.isdecimal():
        raise BadToken
    return _unpack(packed), int(record)


def _verp_signature(key: str, delivery: int) -> str:
    digest = _mac("newsletter.verp", key, str(delivery))
    return base64.b32encode(digest[:VERP_SIGNATURE_BYTES]).decode().lower()


@lru_cache(maxsize=64)
def _keyed(salt: str, key: str) -> hmac.HMAC:
    """What `salted_hmac` makes of salt and key before it looks at the value: a mailing signs three values a mail."""
    return hmac.new(hashlib.sha256((salt + key).encode()).digest(), digestmod=hashlib.sha256)


def _mac(salt: str, key: str, value: str) -> bytes:
    """`salted_hmac(salt, value, key, algorithm="sha256").digest()`."""
    mac = _keyed(salt, key).copy()
    mac.update(value.encode())
    return mac.digest()


def _signature(salt: str, key: str, value: str) -> str:
    """What `_signer` appends to a value."""
    return base64.urlsafe_b64encode(_mac(f"{salt}signer", key, value)).decode().rstrip("=")


def _signer(purpose: str) -> signing.Signer:
    return signing.Signer(
        key=settings.TOKEN_KEYS[0],
        fallback_keys=settings.TOKEN_KEYS[1:],
        salt=f"newsletter.{purpose}",
        sep=SEPARATOR,
    )


def _unsign(signer: signing.Signer, token: str) -> str:
    try:
        return signer.unsign(token)
    except signing.BadSignature as error:
        raise BadToken from error


def _pack(key: uuid.UUID) -> str:
    return base64.urlsafe_b64encode(key.bytes).decode().rstrip("=")


def _unpack(packed: str) -> uuid.UUID:
    try:
        return uuid.UUID(bytes=base64.urlsafe_b64decode(f"{packed}=="))
    except (EncodingError, ValueError) as error:
        raise BadToken from error
