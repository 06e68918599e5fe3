"""People and offices for the tests of accounts."""

from __future__ import annotations

import datetime
import re

import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from home.models import CoordinationOffice
from home.roles import Role
from home.visitor_forms import time_token

PASSWORD = "sieben-zwerge-im-harz"
OURS = {"HTTP_SEC_FETCH_SITE": "same-origin"}
LINK = re.compile(r"http://testserver(/konto/einladung/[^/\s]+/)")


def member(*roles: Role, email: str = "person@example.org", **fields):
    names = {"first_name": "Erika", "last_name": "Beispiel"}
    user = get_user_model().objects.create_user(email, PASSWORD, **(names | fields))
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def make_office(name: str = "Harz", ags: str = "15085", column: int = 1) -> CoordinationOffice:
    return CoordinationOffice.objects.create(
        name=name,
        slug=name.lower(),
        kind="district",
        ags=ags,
        code=f"{name[0]}{ags[-2:]}",
        tile_column=column,
        tile_row=2,
    )


def shown_before(seconds: int = 10) -> str:
    """The time token of a form that somebody has looked at for a while."""
    with time_machine.travel(timezone.now() - datetime.timedelta(seconds=seconds), tick=False):
        return time_token()


def text_of(response) -> str:
    html = re.sub(r"<(script|style|template|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", strip_tags(html))
