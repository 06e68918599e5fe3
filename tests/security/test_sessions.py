"""Sessions: a new key at every step of the login, and an end for all of them that their owner can rely on."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from home.roles import Role
from tests.accounts_content import PASSWORD, TOTP_SECRET, member, totp
from tests.security.logging_in import ATTACKER, OWNER, at, is_in, log_in, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.attack("CWE-384")
def test_cwe_384_session_gets_a_new_key_at_every_step_of_the_login(site):
    user = make_user("person@example.org", Role.EDITOR, factor=True)
    client = Client()
    session = client.session
    session["planted"] = 1
    session.save()
    planted, token = session.session_key, client.get(reverse("account_login")).cookies["csrf"].value
    client.cookies["session"] = planted

    log_in(client, user.email)
    client.post(reverse("mfa_authenticate"), {"code": totp(TOTP_SECRET)})

    assert is_in(client)
    assert client.session.session_key != planted
    assert client.cookies["csrf"].value != token
    stolen = Client()
    stolen.cookies["session"] = planted
    assert not is_in(stolen)


@pytest.mark.attack("CWE-613")
def test_cwe_613_new_password_ends_all_other_sessions(owner):
    thief, client = at(ATTACKER), at(OWNER)
    for one in (thief, client):
        log_in(one, owner.email, PASSWORD)
        assert one.get(reverse("account")).status_code == 200
    before, new = client.session.session_key, "acht-zwerge-im-harz"

    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert thief.get(reverse("account")).status_code == 302
    assert client.get(reverse("account")).status_code == 200
    assert client.session.session_key != before


@pytest.mark.attack("CWE-639")
def test_cwe_639_nobody_sees_or_ends_sessions_of_others(owner):
    log_in(Client(HTTP_USER_AGENT="Browser der Besitzerin"), owner.email, PASSWORD)
    other = Client()
    other.force_login(member(Role.COORDINATOR, email="andere@example.org"))

    page = other.get(reverse("usersessions_list")).text
    other.post(reverse("usersessions_list"))

    assert "Besitzerin" not in page and OWNER not in page
    assert UserSession.objects.filter(user=owner).count() == 1


def test_logout_ends_the_session_in_the_database(owner):
    client = Client()
    log_in(client, owner.email, PASSWORD)
    key = client.session.session_key

    client.post(reverse("account_logout"))

    stolen = Client()
    stolen.cookies["session"] = key
    assert not is_in(stolen)
