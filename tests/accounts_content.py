"""People and offices for the tests of accounts."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import re
import struct
import time

import time_machine
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from home.models import CoordinationOffice
from home.roles import Role
from home.visitor_forms import time_token

PASSWORD = "sieben-zwerge-im-harz"
TOTP_SECRET = "JBSWY3DPEHPK3PXP"
OURS = {"HTTP_SEC_FETCH_SITE": "same-origin"}
LINK = re.compile(r"http://testserver(/konto/einladung/[^/\s]+/)")


def member(*roles: Role, email: str = "person@example.org", password: str | None = PASSWORD, **fields):
    """Somebody with an account, by default Erika Beispiel, in the groups of these roles."""
    names = {"first_name": "Erika", "last_name": "Beispiel"}
    user = get_user_model().objects.create_user(email, password, **(names | fields))
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def client_of(user) -> Client:
    """The browser of somebody who has logged in."""
    client = Client()
    client.force_login(user)
    return client


def cookie_of(user) -> str:
    """What that browser sends with each request."""
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client_of(user).cookies[name].value}"


def totp(secret: str) -> str:
    """The code of this moment by RFC 6238, calculated apart from allauth."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1)
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def make_office(name: str = "Harz", ags: str = "15085", column: int = 1, **fields) -> CoordinationOffice:
    """The office of a district, and its tile on the map of offices."""
    values = {
        "name": name, "slug": name.lower(), "kind": "district", "ags": ags, "code": f"{name[0]}{ags[-2:]}",
        "tile_column": column, "tile_row": 2,
    }  # fmt: skip
    return CoordinationOffice.objects.create(**(values | fields))


def shown_before(seconds: int = 10) -> str:
    """The time token of a form that somebody has looked at for a while."""
    with time_machine.travel(timezone.now() - datetime.timedelta(seconds=seconds), tick=False):
        return time_token()


def text_of(response) -> str:
    """The words of a page, as somebody sees them."""
    html = re.sub(r"<(script|style|template|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", strip_tags(html))


def desk_of(user) -> str:
    """What stands below the greeting on the first page of the admin."""
    return text_of(client_of(user).get("/admin/")).partition("Guten Tag")[2]


def token_of(link: str) -> str:
    """The secret in the link of an invitation."""
    return link.rstrip("/").rpartition("/")[2]
