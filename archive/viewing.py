"""Looking at the site as somebody with fewer rights: editors check what the public, a coordinator or the steering
group gets to see.

The choice is kept in the session. It can only take away: as the public, an editor is a visitor without login for the
public pages, so that every rule answers the way it answers visitors; at the levels between, `level_of` stops there. The
admin and the account know nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from archive.access import Level, level_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser
    from django.http import HttpRequest, HttpResponse

SESSION_KEY = "viewed_as"
LEVELS = (Level.PUBLIC, Level.COORDINATION, Level.STEERING_GROUP)
LABELS = {Level.PUBLIC: "Öffentlichkeit", Level.COORDINATION: "Koordination", Level.STEERING_GROUP: "Steuerungsgruppe"}
ADMIN = "/admin/"
ACCOUNT = "/konto/"


@dataclass(frozen=True)
class Viewing:
    """On a request as `request.viewing`: who is really there, and as whom they look."""

    user: AbstractUser | AnonymousUser
    level: Level

    @property
    def label(self) -> str:
        """As whom they look, in German."""
        return LABELS[self.level]


def may_view_as(user: AbstractUser | AnonymousUser) -> bool:
    """Only who sees everything has something to compare with."""
    return level_of(user) >= Level.EDITORS


def start(request: HttpRequest, level: Level) -> None:
    """Look at the public pages as a reader of `level`, until `stop` or logout."""
    request.session[SESSION_KEY] = int(level)


def stop(request: HttpRequest) -> None:
    """End the view as somebody else."""
    request.session.pop(SESSION_KEY, None)


def chosen_level(request: HttpRequest) -> Level | None:
    """The level in the session; whatever else stands there is no choice."""
    value = request.session.get(SESSION_KEY)
    return Level(value) if value in LEVELS else None


class ViewingMiddleware:
    """Takes rights away for the public pages, and keeps every cache from what is shown then.

    Stands behind whatever has to know the person who is really logged in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        level = _applies(request)
        if level is None:
            return self.get_response(request)
        request.viewing = Viewing(request.user, level)  # type: ignore[attr-defined]
        if not request.path.startswith(ACCOUNT):
            if level == Level.PUBLIC:
                request.user = AnonymousUser()
            else:
                request.user.level_ceiling = level  # type: ignore[union-attr]
        response = self.get_response(request)
        response.headers["Cache-Control"] = "private, no-store"
        return response


def _applies(request: HttpRequest) -> Level | None:
    # Without the cookie there is no session: visitors cost no look at it. A preview belongs to the admin.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or getattr(request, "is_dummy", False):
        return None
    if request.path.startswith(ADMIN) or not request.user.is_authenticated:
        return None
    return chosen_level(request)
