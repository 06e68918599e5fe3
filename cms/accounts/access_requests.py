"""Asking for an account: a visitor asks, an editor decides, the answer is an invitation or a refusal."""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from cms.accounts import invitations
from cms.accounts.errors import Refused
from cms.models import User
from home.models import AccessRequest, CoordinationOffice, Invitation
from newsletter import addresses

KEPT = timedelta(days=90)
State = AccessRequest.State


def ask(name: str, email: str, office: CoordinationOffice, reason: str = "") -> AccessRequest | None:
    """Write down that somebody asks for an account; None if the same request is open already.

    Whether the address has an account makes no difference here: it is shown to the editor who decides. Raises
    InvalidAddress.
    """
    address = addresses.normalise(email).lower()
    try:
        with transaction.atomic():
            return AccessRequest.objects.create(name=name, email=address, office=office, reason=reason)
    except IntegrityError:
        return None


@transaction.atomic
def invite(request: AccessRequest, *, by: User) -> Invitation:
    """Say yes. Raises Refused if somebody has decided already, or like `invitations.invite`."""
    _decide(request, State.INVITED, by=by)
    return invitations.invite(request.email, request.office, by=by, name=request.name)


def decline(request: AccessRequest, *, by: User, answer: str = "") -> None:
    """Say no, with a reason that the person gets to read. Raises Refused if somebody has decided already."""
    _decide(request, State.DECLINED, by=by, answer=answer.strip())


def forget_old() -> int:
    """Delete requests 90 days after they were decided; returns how many."""
    return AccessRequest.objects.filter(decided_at__lt=timezone.now() - KEPT).delete()[0]


def _decide(request: AccessRequest, state: AccessRequest.State, *, by: User, answer: str = "") -> None:
    decided = AccessRequest.objects.filter(pk=request.pk, state=State.OPEN).update(
        state=state, decided_at=timezone.now(), decided_by=by, answer=answer
    )
    if not decided:
        raise Refused("Über diese Anfrage ist schon entschieden.")
    request.refresh_from_db()
