"""What an account may do, seen from the administration of accounts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from cms.models import User
from home.roles import Role

INVITING = "home.add_invitation"
MANAGING = "cms.change_user"
ERASING = "cms.delete_user"
DECIDING = "home.change_accessrequest"
REVIEWED_EVERY = timedelta(days=365)


def readers() -> QuerySet[User]:
    """Accounts without any permission in the admin: coordinators, members of the steering group, people without role.

    Deactivated accounts count by what they could do if they were active.
    """
    with_rights = User.objects.filter(Q(groups__permissions__isnull=False) | Q(user_permissions__isnull=False))
    return User.objects.filter(is_superuser=False, is_staff=False).exclude(pk__in=with_rights.values("pk"))


def is_reader(user: User) -> bool:
    """Whether somebody is one of the `readers`."""
    return readers().filter(pk=user.pk).exists()


def reviewable_by(user: Any) -> QuerySet[User]:
    """The active accounts that `user` looks after: editors those of readers, the administration all but administrators.

    One's own account is left out: that is for somebody else to confirm.
    """
    if user.is_superuser:
        accounts = User.objects.all()
    elif user.has_perm(MANAGING):
        accounts = User.objects.filter(is_superuser=False)
    elif user.has_perm(INVITING):
        accounts = readers()
    else:
        return User.objects.none()
    return accounts.filter(is_active=True).exclude(pk=user.pk)


def due_for_review(accounts: QuerySet[User]) -> QuerySet[User]:
    """Those that nobody has confirmed for a year; a new account counts from the day it was made."""
    checked = Coalesce("reviewed_on", TruncDate("date_joined"))
    return accounts.annotate(checked_on=checked).filter(checked_on__lte=timezone.localdate() - REVIEWED_EVERY)


def colleagues(*roles: Role) -> QuerySet[User]:
    """Active accounts with one of these roles; without any the administrators of the site."""
    found = User.objects.filter(is_active=True, groups__name__in=roles).distinct()
    return found if found.exists() else User.objects.filter(is_active=True, is_superuser=True)
