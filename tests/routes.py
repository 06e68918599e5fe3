"""Every address of the site, for tests that leave none out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from django.urls import URLResolver, get_resolver

# A named group of a regular expression.
_NAMED = r"\(\?P(<\w+>)[^()]*\)"


def views(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, Callable]]:
    """Each route, as it is written in the modules of addresses, with its view."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from views(pattern, route)
        else:
            yield route, pattern.callback


def plain_paths() -> set[str]:
    """The paths of those that have no variable part."""
    paths = {"/" + route.replace("^", "").rstrip("$") for route, _view in views()}
    return {path.replace("//", "/") for path in paths if not re.search(r"[<(\\\[]", path)}


def example_of(route: str, value: Callable[[str], str]) -> str:
    """A path that leads to a route: `value` says what stands for a variable part of a name."""
    path = re.sub(r"<([^<>]+)>", lambda part: value(part[1].rpartition(":")[2]), re.sub(_NAMED, r"\1", route))
    path = path.replace(r"(\d+)", "1").replace(r"(live|earliest|\d+)\.\.\.(live|latest|\d+)", "live...latest")
    return "/" + re.sub(r"\(\?:[^()]*\)|[\^$]|\.\*/", "", path)
