"""Attacks on the ways to a session: links with a token, cookies, the second factor."""

from __future__ import annotations

import json
import re

import pytest
from allauth.account.utils import user_pk_to_url_str
from django.core import mail
from django.core.signing import dumps as sign
from django.test import Client
from django.urls import NoReverseMatch, reverse

from cms.accounts import invitations
from home.models import Invitation
from home.roles import Role
from tests.accounts_content import OURS, PASSWORD, client_of, make_office, member

pytestmark = pytest.mark.django_db


@pytest.mark.attack("CWE-640")
def test_cwe_640_link_to_a_new_password_works_once_and_dies_with_the_old_one(site):
    user = member(Role.COORDINATOR)
    Client().post(reverse("account_reset_password"), {"email": user.email})
    link = re.search(r"https?://testserver(\S+)", mail.outbox[-1].body)[1]
    new = "acht-zwerge-im-harz"

    def use(password: str) -> None:
        client = Client()
        form = client.get(link, follow=True)
        target = form.redirect_chain[-1][0] if form.redirect_chain else link
        client.post(target, {"password1": password, "password2": password})

    use(new)
    use("fuenf-zwerge-im-harz")

    user.refresh_from_db()
    assert user.check_password(new)


@pytest.mark.attack("CWE-347")
def test_cwe_347_link_to_a_new_password_cannot_be_made_for_somebody_else(site):
    user, other = member(Role.COORDINATOR), member(Role.EDITOR, email="andere@example.org")
    Client().post(reverse("account_reset_password"), {"email": user.email})
    path, own, rest = re.search(r"testserver(/konto/password/reset/key/)([^-]+)-(\S+?)/", mail.outbox[-1].body).groups()
    foreign = user_pk_to_url_str(other)
    for key in (f"{foreign}-{rest}", f"{own}-{rest}x", f"{own}-set-password", f"{foreign}-set-password", "-", "0-0"):
        client = Client()
        client.post(f"{path}{key}/", {"password1": "neun-zwerge-im-harz", "password2": "neun-zwerge-im-harz"})

    for one in (user, other):
        one.refresh_from_db()
        assert one.check_password(PASSWORD)


@pytest.mark.attack("CWE-598")
def test_cwe_598_pages_with_a_token_in_their_address_tell_it_to_nobody(visitor):
    office = make_office()
    token = invitations.new_token(invitations.invite("neu@example.org", office, by=member(Role.EDITOR)))
    for path in (f"/konto/einladung/{token}/", "/newsletter/abmelden/x/", "/newsletter/einstellungen/x/",
                 "/newsletter/bestaetigen/x/", "/archiv/teilen/x/"):  # fmt: skip
        answer = visitor.get(path)
        assert answer["Referrer-Policy"] in ("same-origin", "no-referrer"), path
        assert "no-store" in answer["Cache-Control"], path
        assert not re.search(r'(?:src|href)="https?://(?!testserver)', answer.text), path


@pytest.mark.attack("CWE-287")
def test_cwe_287_invitation_is_no_login_for_somebody_else(site):
    office = make_office()
    editor = member(Role.EDITOR, email="redaktion@example.org")
    token = invitations.new_token(invitations.invite(editor.email, office, by=member(Role.ADMINISTRATION)))
    client = Client()

    client.post(f"/konto/einladung/{token}/", **OURS)

    assert "_auth_user_id" not in client.session, "whoever may do more than read logs in as always"
    assert Invitation.objects.get().accepted_by == editor


@pytest.mark.attack("CWE-565")
def test_cwe_565_session_is_nothing_that_a_browser_can_write(site):
    user = member(Role.ADMINISTRATION)
    session = {
        "_auth_user_id": str(user.pk),
        "_auth_user_backend": "allauth.account.auth_backends.AuthenticationBackend",
    }
    for value in (
        sign(session, salt="django.contrib.sessions.backends.signed_cookies"),
        json.dumps(session),
        "../" * 9,
        "\0",
    ):
        client = Client()
        client.cookies["session"] = value
        assert client.get("/admin/").status_code == 302


@pytest.mark.attack("CWE-841")
def test_cwe_841_second_step_of_the_login_is_none_without_the_first(site):
    member(Role.EDITOR)
    for name in ("mfa_authenticate", "account_confirm_login_code", "mfa_reauthenticate", "account_reauthenticate"):
        client = Client()
        client.post(reverse(name), {"code": "000000", "password": PASSWORD})
        assert "_auth_user_id" not in client.session, name


@pytest.mark.attack("CWE-306")
def test_cwe_306_second_factor_is_set_up_by_who_knows_the_password_only(site):
    """An open browser is not enough to add a factor of one's own, or to see the recovery codes."""
    client = client_of(member(Role.EDITOR))

    for name in ("mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"):
        try:
            answer = client.get(reverse(name))
        except NoReverseMatch:
            continue
        assert answer.status_code in (302, 403, 404), name
        assert "secret" not in answer.text
