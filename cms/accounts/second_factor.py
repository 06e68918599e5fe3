"""Help for somebody who has lost the second factor."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import QuerySet
from wagtail.log_actions import log

from cms.accounts.errors import Refused
from cms.accounts.login import SECOND_FACTORS
from cms.accounts.review import end_sessions
from cms.accounts.standing import MANAGING
from cms.models import User

RESET = "cms.second_factor_reset"


def factors(user: User) -> QuerySet[Authenticator]:
    """The app and the keys of an account; recovery codes are no factor of their own."""
    return Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS)


def may_reset(user: User, *, by: Any) -> bool:
    """The administration may, for everybody but itself; only administrators for administrators."""
    return by.has_perm(MANAGING) and user != by and (by.is_superuser or not user.is_superuser)


def reset(user: User, *, by: User) -> None:
    """Remove the second factor of an account for somebody of the administration. Raises Refused."""
    if not may_reset(user, by=by):
        raise Refused("Das dürfen Sie für dieses Konto nicht.")
    remove(user, by=by)


@transaction.atomic
def remove(user: User, *, by: User | None) -> None:
    """Remove app, keys and recovery codes of an account and end its sessions. Raises Refused if there are none.

    Staff has to set up a new factor at the next login, before anything else. `by` is None on the command line, which is
    for whoever runs the machine.
    """
    removed, _ = Authenticator.objects.filter(user=user).delete()
    if not removed:
        raise Refused("Zu diesem Konto ist kein zweiter Faktor eingerichtet.")
    end_sessions(user)
    log(instance=user, action=RESET, user=by)
