"""The texts of allauth that can reach people here, and what is wrong with their German."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import allauth
from django.conf import settings
from django.utils import translation

from cms.own_texts import python_messages, template_messages

PACKAGE = Path(allauth.__file__).parent
PARTS = ("account", "mfa", "usersessions")
# The site has no telephone numbers, no sign-up, and addresses are changed by the administration (cms/urls.py).
UNREACHABLE = re.compile(r"email|phone|signup|verif|already_exists")
SAME_IN_GERMAN = {"Code", "MFA", "TOTP Authenticator", "WebAuthn"}
INFORMAL = re.compile(r"\b(du|dir|dich|dein\w*|gib|habe Geduld|versuche es|wähle|bestätige)\b", re.IGNORECASE)


def used_texts() -> Iterator[str]:
    """Every msgid of allauth that can reach people here."""
    for part in PARTS:
        for path in (PACKAGE / part).rglob("*.py"):
            if not {"tests", "management"} & set(path.parts) and path.name != "admin.py":
                yield from (message.text for message in python_messages(path.read_text()))
        for path in (PACKAGE / "templates" / part).rglob("*.*"):
            ours = Path(settings.BASE_DIR, "templates", path.relative_to(PACKAGE / "templates"))
            if not ours.exists() and not UNREACHABLE.search(path.name):
                yield from (message.text for message in template_messages(path.read_text()))


def problems() -> Iterator[str]:
    """Sentences about every text of the login that is not German or says "du"."""
    with translation.override("de"):
        for text in sorted(set(used_texts())):
            german = translation.gettext(text)
            if german == text and text not in SAME_IN_GERMAN:
                yield f"not translated: {text}"
            elif INFORMAL.search(german):
                yield f"not polite: {text} -> {german}"
