"""Reads the environment for `cms.settings`; a missing or wrong value ends the process with one sentence."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path
from typing import NoReturn, TypeVar
from urllib.parse import urlsplit

import environ
from environ.fileaware_mapping import FileAwareMapping

Value = TypeVar("Value")


def refuse(name: str, expected: str) -> NoReturn:
    """End the process with status 1 and say which variable is wrong and what was expected.

    The value itself is not repeated: it may be a secret.
    """
    raise SystemExit(f"{name}: {expected}")


class _Variables(FileAwareMapping):
    """The variables of the process. Each can also be given as NAME_FILE, the way containers hand over secrets.

    An empty value counts as none, because a compose file cannot leave a variable out; and what ends a file is not part
    of its value.
    """

    def __getitem__(self, key: str) -> str:
        try:
            value: str = super().__getitem__(key).rstrip("\r\n")
        except (OSError, UnicodeDecodeError):
            refuse(f"{key}_FILE", "expected the path of a text file that can be read")
        if not value:
            raise KeyError(key)
        return value


class _Environment(environ.Env):
    ENVIRON = _Variables()


env = _Environment()


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


def url(name: str, *, default: str, schemes: tuple[str, ...]) -> str:
    """Return a URL whose scheme is one of `schemes`; an empty default stays empty."""
    value = read(name, env.str, default, "expected a URL")
    if value and urlsplit(value).scheme not in schemes:
        refuse(name, f"expected a URL that starts with {' or '.join(f'{scheme}://' for scheme in schemes)}")
    return value


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


def address(name: str, *, scheme: str, port: int) -> tuple[str, int] | None:
    """Return host and port of a service named as `scheme://host:port` (this port if none is given); None if unset."""
    expected = f"expected {scheme}://host:port"
    value = urlsplit(read(name, env.str, "", expected))
    if not value.geturl():
        return None
    try:
        found = value.port or port
    except ValueError:
        refuse(name, expected)
    if value.scheme != scheme or not value.hostname or value.path or value.query:
        refuse(name, expected)
    return value.hostname, found


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
    """Return Django's settings for a mail server; raises ValueError for an option that is unknown or out of range."""
    found: dict[str, object] = environ.Env.email_url_config(url.strip())
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
