"""How often somebody may do something: counters in the cache that forget by themselves.

Nothing is written down that names a person: a counter stands under a keyed hash of the address, and is gone when its
time is over. Without a cache there is no limit (the forms go on working).
"""

from __future__ import annotations

import ipaddress
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from django.http import HttpRequest

NOWHERE = "127.0.0.1"


def is_allowed(purpose: str, key: str, *, most: int, within: timedelta) -> bool:
    """Count one attempt of `key` (an address of any kind); False from the one after `most` on.

    The time runs from the first attempt, and later ones do not lengthen it.
    """
    name = f"limit:{purpose}:{hashed(key.strip().lower())}"
    if cache.add(name, 1, within.total_seconds()):
        return True
    try:
        number = cache.incr(name)
    except ValueError:
        # It ran out between the two calls.
        return True
    if number == 1:
        # It ran out within the second of them, and Redis has begun a counter that would never end.
        cache.touch(name, within.total_seconds())
    return number <= most


def hashed(*parts: str) -> str:
    """Return what a counter stands under instead of an address: 64 hexadecimal digits of a keyed hash."""
    return salted_hmac("home.rate_limit", "\0".join(parts), algorithm="sha256").hexdigest()


def client_address(request: HttpRequest) -> str:
    """Where a request comes from; X-Forwarded-For is believed from trusted proxies only."""
    hops = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    address = request.META.get("REMOTE_ADDR", "")
    while hops and _is_trusted(address):
        address = hops.pop()
    try:
        return str(_plain(ipaddress.ip_address(address)))
    except ValueError:
        # A server on a Unix socket knows no address; everybody behind it shares one.
        return NOWHERE


def client_network(request: HttpRequest) -> str:
    """Where a request comes from, as far as one house goes: of IPv6 the /64 that a subscriber line is given (RFC 6177).

    Whoever has such a line could send every request from another address.
    """
    address = ipaddress.ip_address(client_address(request))
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))


def _is_trusted(address: str) -> bool:
    if not settings.TRUSTED_PROXIES:
        return False
    try:
        found = _plain(ipaddress.ip_address(address))
    except ValueError:
        return address == ""
    return any(found in ipaddress.ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES)


def _plain(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """A server that listens on both kinds of addresses writes IPv4 as ::ffff:192.0.2.1 (RFC 4291, 2.5.5.2)."""
    return getattr(address, "ipv4_mapped", None) or address
