"""Reads the environment for `cms.settings`; a missing or wrong value ends the process with one sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from urllib.parse import SplitResult, urlsplit

import environ
from environ.fileaware_mapping import FileAwareMapping
from redis.connection import parse_url

Value = TypeVar("Value")


def refuse(name: str, expected: str) -> NoReturn:
    """End the process with status 1 and say which variable is wrong and what was expected.

    The value itself is not repeated: it may be a secret.
    """
    raise SystemExit(f"{name}: {expected}")


class _Variables(FileAwareMapping):
    """The variables of the process. Each can also be given as NAME_FILE, the way containers hand over secrets.

    An empty value counts as none, because a compose file cannot leave a variable out; and what ends a file is not part
    of its value. A dollar sign is one: to django-environ a value that begins with it is the name of another variable,
    which takes away keys that do, and tells them in the message that there is no such variable.
    """

    def __getitem__(self, key: str) -> str:
        try:
            value: str = super().__getitem__(key).rstrip("\r\n")
        except (OSError, UnicodeDecodeError):
            refuse(f"{key}_FILE", "expected the path of a text file that can be read")
        if not value:
            raise KeyError(key)
        return value.replace("$", r"\$")


class _Environment(environ.Env):
    ENVIRON = _Variables()


env = _Environment()
# The other half of the dollar sign.
env.escape_proxy = True


def read(name: str, parse: Callable[..., Value], default: object, expected: str) -> Value:
    """Return the variable `name` parsed by a django-environ caster; an unparsable value ends the process."""
    try:
        return parse(name, default=default)
    except (ValueError, KeyError, environ.ImproperlyConfigured) as error:
        raise SystemExit(f"{name}: {expected}") from error


def boolean(name: str, *, default: bool = False) -> bool:
    """Return a switch; accepts the usual spellings only, so that a typing error is not read as "off"."""
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    text = read(name, env.str, "", "expected a text").strip().lower()
    if text == "":
        return default
    if text not in words:
        refuse(name, "expected one of 1, true, yes, on, 0, false, no, off")
    return words[text]


def choice(name: str, *, default: str, allowed: tuple[str, ...]) -> str:
    """Return one of the `allowed` words."""
    value = read(name, env.str, default, "expected a text")
    if value not in allowed:
        refuse(name, f"expected one of {', '.join(allowed)}")
    return value


def split(name: str, value: str, expected: str) -> SplitResult:
    """Return the parts of an address; one that has none, or a port that is no number, ends the process."""
    try:
        found = urlsplit(value)
        _ = found.port
    except ValueError:
        refuse(name, expected)
    # urlsplit drops these, so that what is looked at here would not be what is used later.
    if re.search(r"[\s\x00-\x1f\x7f]", value):
        refuse(name, expected)
    return found


def url(name: str, *, default: str, schemes: tuple[str, ...], expected: str = "") -> str:
    """Return a URL whose scheme is one of `schemes` and that names a host; an empty default stays empty."""
    expected = expected or f"expected a URL that starts with {' or '.join(f'{scheme}://' for scheme in schemes)}"
    value = read(name, env.str, default, expected)
    if value:
        found = split(name, value, expected)
        if found.scheme not in schemes or not (found.hostname or (found.scheme == "unix" and found.path)):
            refuse(name, expected)
    return value


def site_address(name: str, *, default: str) -> str:
    """Return where the site is, without a slash at the end: scheme, host and perhaps port, and nothing else."""
    expected = "expected https://host or http://host, without a path"
    value = url(name, default=default, schemes=("http", "https"), expected=expected).rstrip("/")
    found = split(name, value, expected)
    if found.path or found.query or found.fragment or found.username is not None:
        refuse(name, expected)
    return value


def redis_url(name: str, *, default: str) -> str:
    """Return the address of a Redis server, with parameters that its client understands."""
    expected = "expected redis://host:port/number, rediss://host:port/number or unix:///path"
    value = url(name, default=default, schemes=("redis", "rediss", "unix"), expected=expected)
    try:
        parse_url(value)
    except ValueError:
        refuse(name, expected)
    # Else the client takes database 0, whoever uses that.
    if not value.startswith("unix:") and not re.fullmatch(r"/?|/\d+", urlsplit(value).path):
        refuse(name, expected)
    return value


def mailbox(name: str) -> str:
    """Return the address of an IMAP mailbox with the login to it; "" if unset."""
    expected = "expected imaps://user:password@host/folder (or imap+tls://, imap://), special characters as %40"
    value = url(name, default="", schemes=("imaps", "imap+tls", "imap"), expected=expected)
    found = urlsplit(value)
    if value and not (found.username and found.password):
        refuse(name, expected)
    return value


def sentry_dsn(name: str) -> str:
    """Return where errors are told to (https://develop.sentry.dev/sdk/overview/#parsing-the-dsn); "" if unset."""
    expected = "expected https://key@host/number"
    value = url(name, default="", schemes=("https", "http"), expected=expected)
    found = urlsplit(value)
    if value and not (found.username and re.fullmatch(r"\d+", found.path.rpartition("/")[2])):
        refuse(name, expected)
    return value


def database(name: str, *, default: str) -> dict[str, Any]:
    """Return Django's settings for a database: PostgreSQL or a file of SQLite."""
    expected = "expected postgres://user:password@host/name or sqlite:///path"
    value = read(name, env.str, default, expected)
    scheme, _, rest = value.partition("://")
    # Asked before: of what it does not know, django-environ warns by printing all of it, with the password. And with a
    # slash too few a file of SQLite is a host, which it ignores, and a database in memory.
    is_file = scheme == "sqlite" and ((len(rest) > 1 and rest.startswith("/")) or rest == ":memory:")
    if not is_file and scheme not in environ.Env.POSTGRES_FAMILY:
        refuse(name, expected)
    found: dict[str, Any] = read(name, env.db_url, default, expected)
    if not (found["NAME"] or "service" in found.get("OPTIONS", {})):
        refuse(name, expected)
    return found


def networks(name: str) -> list[str]:
    """Return networks and addresses (`10.0.0.0/8,192.0.2.1`), none if unset."""
    expected = "expected addresses or networks such as 10.0.0.0/8, separated by commas"
    found = [entry.strip() for entry in read(name, env.list, [], expected)]
    try:
        return [str(ip_network(entry, strict=False)) for entry in filter(None, found)]
    except ValueError:
        refuse(name, expected)


def days(name: str, *, default: int) -> int:
    """Return a period in days, at least one."""
    expected = "expected a whole number of days, at least 1"
    value = read(name, env.int, default, expected)
    if not 1 <= value <= 36_500:
        refuse(name, expected)
    return value


def address(name: str, *, scheme: str, port: int, by_number: bool = False) -> tuple[str, int] | None:
    """Return host and port of a service named as `scheme://host:port` (this port if none is given); None if unset.

    `by_number`: nobody could look up a name there, so the host is an IP address.
    """
    expected = f"expected {scheme}://{'address' if by_number else 'host'}:port"
    value = read(name, env.str, "", expected)
    if not value:
        return None
    found = split(name, value, expected)
    if found.scheme != scheme or not found.hostname or found.path or found.query or found.username is not None:
        refuse(name, expected)
    if by_number:
        try:
            ip_address(found.hostname)
        except ValueError:
            refuse(name, expected)
    return found.hostname, found.port or port


def number(name: str, *, default: int, least: int) -> int:
    """Return a whole number that is at least `least`."""
    expected = f"expected a whole number of at least {least}"
    value = read(name, env.int, default, expected)
    if value < least:
        refuse(name, expected)
    return value


def rate(name: str) -> float:
    """Return a number a second; 0, the default, means no limit."""
    return _rate(name, read(name, env.str, "0", "expected a number") or "0")


def rates(name: str) -> dict[str, float]:
    """Return numbers a second by domain, written as `example.org=5,example.net=0.5`."""
    found = {}
    for entry in filter(None, map(str.strip, read(name, env.str, "", "expected a text").split(","))):
        domain, equals, value = entry.partition("=")
        if not equals or not domain:
            refuse(name, "expected domain=mails a second, several separated by commas")
        found[domain.strip().lower()] = _rate(name, value)
    return found


def _rate(name: str, text: str) -> float:
    expected = "expected a number of mails a second, 0 for no limit"
    try:
        value = float(text)
    except ValueError:
        refuse(name, expected)
    if not 0 <= value < 1_000_000:
        refuse(name, expected)
    return value


# What the address of a mail server may say about it (see newsletter/sending/servers.py), and the least of each.
_MAIL_SERVER_OPTIONS = {"WEIGHT": 0.001, "RATE": 0.0, "CONNECTIONS": 1.0, "MESSAGES": 1.0}


def mail_server(url: str) -> dict[str, object]:
    """Return Django's settings for a mail server.

    Raises ValueError for one without host, and for an option that is unknown or out of range.
    """
    found: dict[str, object] = environ.Env.email_url_config(url.strip())
    if "smtp" in urlsplit(url.strip()).scheme and not found["EMAIL_HOST"]:
        raise ValueError("host")
    options = found.get("OPTIONS", {})
    assert isinstance(options, dict)  # noqa: S101 - django-environ makes one of the query.
    for name, value in options.items():
        if name not in _MAIL_SERVER_OPTIONS or not _MAIL_SERVER_OPTIONS[name] <= float(value) < 1_000_000:
            raise ValueError(name)
    return found


def directory(name: str, *, default: Path) -> Path:
    """Return an absolute directory; it need not exist yet."""
    return Path(read(name, env.str, str(default), "expected a directory")).expanduser().resolve()


def secret_key(*, debug: bool) -> str:
    """Return SECRET_KEY. Only development (DEBUG=1) may do without one."""
    value = read("SECRET_KEY", env.str, "", "expected a text")
    if value:
        return value
    if debug:
        return "development-only-key-that-protects-nothing-at-all-00000000"
    refuse("SECRET_KEY", "expected at least 50 random characters (or SECRET_KEY_FILE); it is required unless DEBUG=1")
