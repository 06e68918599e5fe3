"""The accounts of the demo: one a role, all with the same random password that is kept in VAR_DIR."""

from __future__ import annotations

import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group
from django.utils import timezone

from cms.models import User
from home.models import AccessRequest, CoordinationOffice, OfficeMembership
from home.roles import Role

# role in the output: (first name, last name, groups)
USERS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "admin": ("Alex", "Beispiel", ()),
    "chefredaktion": ("Charlie", "Beispiel", (Role.CHIEF_EDITOR,)),
    "redaktion": ("Robin", "Beispiel", (Role.EDITOR,)),
    "koordination": ("Kim", "Beispiel", (Role.COORDINATOR,)),
    "steuerungsgruppe": ("Sascha", "Beispiel", (Role.COORDINATOR, Role.STEERING_GROUP)),
    "verwaltung": ("Vanja", "Beispiel", (Role.ADMINISTRATION,)),
}


def load_users() -> tuple[dict[str, str], str]:
    """Make the missing accounts. Returns role → address, and the password of those that were made here."""
    password = _password()
    emails = {role: _user(role, password).email for role in USERS}
    _ask_for_access()
    return emails, password


def _ask_for_access() -> None:
    """One request waits for the editors. It counts as announced: the demo starts without mail."""
    AccessRequest.objects.get_or_create(
        email="vertretung@example.org",
        defaults={
            "name": "Toni Beispiel",
            "office": CoordinationOffice.objects.get(slug="halle"),
            "reason": "Ich vertrete Kim Beispiel bis zum Sommer.",
            "announced_at": timezone.now(),
        },
    )


def _password() -> str:
    path: Path = settings.VAR_DIR / "demo" / "password"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(12) + "\n")
    return path.read_text().strip()


def _user(role: str, password: str) -> User:
    first_name, last_name, groups = USERS[role]
    email = f"{role}@example.org"
    user = User.objects.filter(email=email).first()
    if user:
        return user
    user = User.objects.create_user(
        email,
        password,
        first_name=first_name,
        last_name=last_name,
        is_superuser=role == "admin",
        is_staff=role == "admin",
    )
    user.groups.set(Group.objects.filter(name__in=groups))
    if role == "koordination":
        OfficeMembership.objects.create(user=user, office=CoordinationOffice.objects.get(slug="halle"))
    return user
