"""People who log in with a password, and with a second factor."""

from __future__ import annotations

import re

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse

from home.roles import Role
from tests.accounts_content import PASSWORD, TOTP_SECRET, member

# Networks of two people.
ATTACKER, OWNER = "198.51.100.7", "203.0.113.9"


def make_user(email: str, role: Role | None = None, *, password: str | None = PASSWORD, factor: bool = False):
    """Somebody with an account; `factor` gives them an authenticator app with `TOTP_SECRET`, and recovery codes."""
    user = member(*([role] if role else []), email=email, password=password)
    if factor:
        TOTP.activate(user, TOTP_SECRET)
        RecoveryCodes.activate(user)
    return user


def log_in(client: Client, email: str, password: str = PASSWORD, **extra: str):
    """The answer to the form of the login."""
    return client.post(reverse("account_login"), {"login": email, "password": password, **extra})


def strip_tokens(html: str) -> str:
    """A page without what differs each time it is shown."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html)


def at(address: str) -> Client:
    """A browser in this network."""
    return Client(REMOTE_ADDR=address)


def is_in(client: Client) -> bool:
    """Whether somebody is logged in there."""
    return "_auth_user_id" in client.session
