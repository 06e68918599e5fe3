"""What stands around every page and changes rarely: kept in the memory of the process for a few seconds.

Not in Redis: these are a handful of small values, asked for on every page, and they must be there when Redis is not.
Together with five seconds for whole pages (cms/page_memory.py) and the ten of the proxy a change is seen within twenty;
whoever is logged in sees it at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.core.cache import caches

if TYPE_CHECKING:
    from django.http import HttpRequest

SECONDS = 5
# The name under which Django's `{% cache %}` looks for a cache of its own.
CACHE = "template_fragments"
Value = TypeVar("Value")


def seconds_to_keep(request: HttpRequest | None) -> int:
    """How long parts of the frame may be reused for this reader: not at all with a login."""
    # The cookie and not the user: to ask for that would make every feed and calendar depend on cookies.
    return 0 if request is None or settings.SESSION_COOKIE_NAME in request.COOKIES else SECONDS


def _is_something(value: object) -> bool:
    return value is not None


def kept(
    request: HttpRequest, key: str, make: Callable[[], Value], *, is_worth_it: Callable[[Value], bool] = _is_something
) -> Value:
    """The value of `make()`, which may be some seconds old for readers without login.

    Kept is what `is_worth_it`: anything but None, if nothing else is said.
    """
    if not seconds_to_keep(request):
        return make()
    cache = caches[CACHE]
    value: Value | None = cache.get(key)
    if value is None:
        value = make()
        if is_worth_it(value):
            cache.set(key, value, SECONDS)
    return value
