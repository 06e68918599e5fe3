"""Inviting a coordinator: an editor names an address and an office, a link in a mail makes the account.

Whoever holds the link has the mailbox, like with a login code. It is good for one use within `VALID`. Only its hash is
kept, and it is written when the mail is: an invitation whose mail could not leave has no link that anybody knows.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from cms.accounts.errors import LinkGone, Refused
from cms.accounts.standing import is_reader
from cms.models import User
from home.models import CoordinationOffice, Invitation, OfficeMembership
from home.roles import Role
from newsletter import addresses

VALID = timedelta(days=14)
KEPT = timedelta(days=90)


def invite(email: str, office: CoordinationOffice, *, by: User, name: str = "") -> Invitation:
    """Invite an address to an office, or renew the invitation it has; links sent before are good no more.

    Raises Refused if the person works there already, or has a deactivated account that could do more than read;
    InvalidAddress if nobody can be written to there. The mail is sent apart (`cms.tasks.send_invitation`).
    """
    address = addresses.normalise(email).lower()
    user = User.objects.filter(email__iexact=address).first()
    if user is not None and user.is_active and user.office_memberships.filter(office=office).exists():
        raise Refused(f"{user} hat schon ein Konto und gehört zu dieser Stelle.")
    if user is not None and not user.is_active and not is_reader(user):
        raise Refused("Zu dieser Adresse gibt es ein gesperrtes Konto der Redaktion. Bitte fragen Sie die Verwaltung.")
    now = timezone.now()
    invitation, _ = Invitation.objects.update_or_create(
        email=address,
        office=office,
        accepted_at=None,
        defaults={
            "name": name.strip(),
            "invited_by": by,
            "expires_at": now + VALID,
            "mailed_at": None,
            "mail_error": "",
            # Nobody knows what this is the hash of: the link is made together with the mail.
            "token_hash": _hash(secrets.token_urlsafe(32)),
        },
    )
    return invitation


def renew(invitation: Invitation, *, by: User) -> Invitation:
    """Send an invitation once more, with a new link and a new term. Raises Refused like `invite`."""
    if invitation.accepted_at is not None:
        raise Refused("Diese Einladung ist schon angenommen.")
    return invite(invitation.email, invitation.office, by=by, name=invitation.name)


def withdraw(invitation: Invitation) -> None:
    """Take an invitation back. Raises Refused if it was accepted in the meantime."""
    deleted, _ = Invitation.objects.filter(pk=invitation.pk, accepted_at=None).delete()
    if not deleted:
        raise Refused("Diese Einladung ist schon angenommen. Das Konto sperren Sie unter „Konten prüfen“.")


def new_token(invitation: Invitation) -> str:
    """Make the link of an invitation; one made before is good no more."""
    token = secrets.token_urlsafe(32)
    invitation.token_hash = _hash(token)
    invitation.save(update_fields=["token_hash"])
    return token


def find(token: str) -> Invitation:
    """The invitation behind a link that is still good. Raises LinkGone."""
    invitation = (
        _open().filter(token_hash=_hash(token)).select_related("office", "invited_by").first() if token else None
    )
    if invitation is None:
        raise LinkGone
    return invitation


@transaction.atomic
def accept(token: str) -> User:
    """Make or find the account of the invited address and let it work for the office; a link does this once.

    An account that exists keeps all it has. A deactivated one comes back, unless it could do more than read. Raises
    LinkGone.
    """
    invitation = _open().filter(token_hash=_hash(token)).select_for_update().first()
    if invitation is None:
        raise LinkGone
    user = _account(invitation)
    OfficeMembership.objects.get_or_create(
        user=user, office_id=invitation.office_id, defaults={"since": timezone.localdate()}
    )
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    return user


def was_accepted_by(token: str, user: User) -> bool:
    """Whether this person has used this link: a second press of the button is no reason for a warning."""
    return Invitation.objects.filter(token_hash=_hash(token), accepted_by=user).exists()


def open_invitations(office: CoordinationOffice | None = None) -> QuerySet[Invitation]:
    """Invitations that nobody has accepted, the newest first; those whose term is over too, for they can be renewed."""
    found = Invitation.objects.filter(accepted_at=None).select_related("office", "invited_by")
    return found.filter(office=office) if office else found


def forget_old() -> int:
    """Delete invitations 90 days after their term; returns how many."""
    return Invitation.objects.filter(expires_at__lt=timezone.now() - KEPT).delete()[0]


def _open() -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted_at=None, expires_at__gt=timezone.now())


def _account(invitation: Invitation) -> User:
    user = User.objects.filter(email__iexact=invitation.email).first() or _new_account(invitation)
    if not is_reader(user):
        if not user.is_active:
            raise LinkGone
        return user
    if not user.is_active:
        user.is_active, user.reviewed_on = True, timezone.localdate()
        user.save(update_fields=["is_active", "reviewed_on"])
    user.groups.add(Group.objects.get(name=Role.COORDINATOR))
    return user


def _new_account(invitation: Invitation) -> User:
    first_name, _, last_name = invitation.name.rpartition(" ")
    try:
        with transaction.atomic():
            return User.objects.create_user(invitation.email, first_name=first_name.strip(), last_name=last_name)
    except IntegrityError:
        # The person accepts the invitation to another office at this moment.
        return User.objects.get(email__iexact=invitation.email)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
