"""What Wagtail's log does not write down by itself: logins, guesses that were stopped, changed roles (for exports see
`home.spreadsheets`).

Entries name rows by number and never hold an address or a network.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import LogActionRegistry, LogFormatter, log
from wagtail.models import ModelLogEntry, PageLogEntry

from cms.models import User
from home.keys import key_of
from home.spreadsheets import EXPORTED

if TYPE_CHECKING:
    from django.http import HttpRequest

LOGGED_IN = "cms.logged_in"
STOPPED = "cms.login_stopped"
ROLES = "cms.roles_changed"
# Of these the log needs no more than the last months: nobody looks further back for a break-in.
ABOUT_LOGINS = (LOGGED_IN, STOPPED)
_KINDS = {"password": "Passwort", "factor": "zweiter Faktor"}


def note_login(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Connected to allauth's `user_logged_in`, which comes after the second factor."""
    log(user, LOGGED_IN, user=user)


def note_stopped(account: str, kind: str) -> None:
    """Somebody has guessed so often at an account that it was stopped; `account` is its address or its number."""
    key = key_of(account)
    named = Q(pk=key) if key is not None else Q(email__iexact=account)
    for user in User.objects.filter(named):
        log(user, STOPPED, user=None, data={"kind": kind})


def note_roles(
    sender: Any, instance: User | Group, action: str, reverse: bool, pk_set: set[int] | None = None, **kwargs: Any
) -> None:
    """Connected to `m2m_changed` of the groups of accounts: which roles somebody got or lost, and by whom."""
    if action not in ("post_add", "post_remove", "pre_clear"):
        return
    verb = "added" if action == "post_add" else "removed"
    if isinstance(instance, Group):
        people = User.objects.filter(pk__in=pk_set or ()) if pk_set else User.objects.filter(groups=instance)
        changes: Iterable[tuple[User, list[str]]] = [(user, [instance.name]) for user in people]
    else:
        groups = instance.groups.all() if action == "pre_clear" else Group.objects.filter(pk__in=pk_set or ())
        changes = [(instance, sorted(group.name for group in groups))]
    for user, names in changes:
        if names:
            log(user, ROLES, data={verb: names})


def forget_old() -> tuple[int, int]:
    """Delete old entries about logins; take the name from old entries of what was done. Returns how many of each.

    What was done stays: it is the history of a page or a mailing. Lists that somebody has exported, and roles, are
    deleted like logins, but only when the rest loses its names.
    """
    now = timezone.now()
    old_logins = Q(action__in=ABOUT_LOGINS, timestamp__lt=now - timedelta(days=settings.LOGIN_LOG_DAYS))
    limit = Q(timestamp__lt=now - timedelta(days=settings.ADMIN_LOG_DAYS))
    about_people = limit & Q(action__in=(ROLES, EXPORTED))
    deleted, _rows = ModelLogEntry.objects.filter(old_logins | about_people).delete()
    models = (ModelLogEntry, PageLogEntry)
    return deleted, sum(model.objects.filter(limit, user__isnull=False).update(user=None) for model in models)


def register(actions: LogActionRegistry) -> None:
    """Give the entries of this module their words in the log of the site."""
    actions.register_action(LOGGED_IN, "Anmelden", "Angemeldet")

    @actions.register_action(STOPPED)
    class Stopped(LogFormatter):
        label = "Anmeldung gebremst"

        def format_message(self, log_entry: ModelLogEntry) -> str:
            kind = _KINDS.get(log_entry.data.get("kind", ""), "")
            return f"Nach zu vielen falschen Versuchen gebremst ({kind})"

    @actions.register_action(ROLES)
    class Roles(LogFormatter):
        label = "Rollen ändern"

        def format_message(self, log_entry: ModelLogEntry) -> str:
            added, removed = (", ".join(log_entry.data.get(verb, [])) for verb in ("added", "removed"))
            return f"Rolle erhalten: {added}" if added else f"Rolle verloren: {removed}"
