"""The page that a report is about: a path of this site, free of what is nobody's business."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

LONGEST = 500
# Arguments of addresses that open something for whoever knows them: links in mails, shared documents.
SECRETS = {"token", "key", "uidb36", "uidb64"}
STAFF = "/admin/"
CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")


class NoPlace(ValueError):
    """What was given is no address of this site."""


def place(address: str) -> str:
    """Return the path that an address of this site names: "https://…/termine/?seite=2" -> "/termine/".

    Accepted are a path and an address with the host of the site; query and fragment are left out. An empty address and
    one that holds a secret give "". Raises `NoPlace` for everything else.
    """
    address = address.strip()
    if not address:
        return ""
    if CONTROL.search(unquote(address)):
        raise NoPlace(address)
    try:
        found = urlsplit(address)
    except ValueError as error:
        raise NoPlace(address) from error
    own = urlsplit(settings.BASE_URL)
    if (found.netloc and found.netloc.lower() != own.netloc.lower()) or found.scheme not in ("", "http", "https"):
        raise NoPlace(address)
    if not found.path.startswith("/") and not (found.netloc and not found.path):
        raise NoPlace(address)
    path = found.path or "/"
    if path.startswith("//") or len(path) > LONGEST:
        raise NoPlace(address)
    return "" if holds_secret(path) else path


def holds_secret(path: str) -> bool:
    """Whether the path opens something by itself, or belongs to the admin."""
    if path.startswith(STAFF):
        return True
    try:
        return not SECRETS.isdisjoint(resolve(path).kwargs)
    except Resolver404:
        return False
