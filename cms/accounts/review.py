"""The yearly review of accounts: who still works here is confirmed, who does not is locked out."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from cms.models import User
from home.models import Invitation

CONFIRMED = "cms.account_confirmed"
DEACTIVATED = "cms.account_deactivated"


@transaction.atomic
def confirm(accounts: Iterable[User], *, by: User) -> int:
    """Note that these people still work here; returns how many."""
    return sum(_confirm(user, by) for user in accounts)


@transaction.atomic
def deactivate(accounts: Iterable[User], *, by: User) -> int:
    """Lock accounts and end their sessions; returns how many.

    What the people have written stays. They belong to no office any more, and open invitations to them are withdrawn:
    a person who comes back is invited anew.
    """
    return sum(_deactivate(user, by) for user in accounts)


def end_sessions(user: User) -> None:
    """Log a person out everywhere."""
    for session in UserSession.objects.filter(user=user):
        session.end()


def _confirm(user: User, by: User) -> int:
    user.reviewed_on = timezone.localdate()
    user.save(update_fields=["reviewed_on"])
    log(instance=user, action=CONFIRMED, user=by)
    return 1


def _deactivate(user: User, by: User) -> int:
    user.is_active = False
    user.save(update_fields=["is_active"])
    user.office_memberships.all().delete()
    Invitation.objects.filter(email=user.email, accepted_at=None).delete()
    end_sessions(user)
    log(instance=user, action=DEACTIVATED, user=by)
    return 1
