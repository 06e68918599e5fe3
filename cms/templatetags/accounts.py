"""What the pages below /konto/ say in words."""

from __future__ import annotations

import re

from allauth.mfa.models import Authenticator
from django import template

from cms.models import User

register = template.Library()

# The first that fits: browsers call themselves by the names of others too.
BROWSERS = (
    ("Edg|EdgA|EdgiOS", "Edge"),
    ("OPR|Opera", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS|Chromium|HeadlessChrome", "Chrome"),
    ("Version/[0-9.]+ (?:Mobile/[^ ]+ )?Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone|iPad", "iOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh|Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux|X11", "Linux"),
)


@register.filter
def device(user_agent: str) -> str:
    """A browser's description of itself in words: "Firefox auf Windows"; "unbekannter Browser" if it says nothing."""
    browser, system = _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)
    return f"{browser or 'unbekannter Browser'} auf {system}" if system else browser or "unbekannter Browser"


@register.filter
def has_security_key(user: User | None) -> bool:
    """Whether a security key or passkey is set up: to others the button would be a dead end."""
    keys = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN)
    return user is not None and keys.filter(user=user).exists()


def _first(names: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for pattern, name in names if re.search(rf"\b(?:{pattern})\b", text)), "")
