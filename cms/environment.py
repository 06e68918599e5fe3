"""Reads the environment for `cms.settings`; a missing or wrong value ends the process with one sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, TypeVar
from urllib.parse import urlsplit

import environ

Value = TypeVar("Value")

# Every variable can also be given as NAME_FILE, the way containers hand over secrets.
env = environ.FileAwareEnv()


def refuse(name: str, expected: str) -> NoReturn:
    """End the process with status 1 and say which variable is wrong and what was expected.

    The value itself is not repeated: it may be a secret.
    """
    raise SystemExit(f"{name}: {expected}")


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
