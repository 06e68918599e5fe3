"""Every address of the site, for tests that leave none out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from django.urls import URLResolver, get_resolver


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
