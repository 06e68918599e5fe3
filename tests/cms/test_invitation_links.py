"""The link in the mail of an invitation makes the account, or gives one that exists its office; once."""

from __future__ import annotations

import datetime
from functools import partial

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.accounts import invitations
from cms.accounts.errors import LinkGone, Refused
from home.models import Invitation, OfficeMembership
from home.roles import Role
from tests.accounts_content import OURS, TOTP_SECRET, client_of, make_office, member, text_of, token_of
from tests.threads import at_once, several_writers

pytestmark = pytest.mark.django_db
User = get_user_model()


def test_link_scanners_change_nothing(invite, client):
    link = invite()

    for _visit in range(3):
        page = client.get(link)
        assert page.status_code == client.head(link).status_code == 200

    assert "Einladung annehmen" in text_of(page) and "Landkreis Harz" in text_of(page)
    assert not page.cookies
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"
    assert not User.objects.filter(email="nora@example.org").exists()


def test_button_makes_the_account_and_logs_in(invite, office, client):
    answer = client.post(invite(), **OURS)

    assert answer.url == reverse("account")
    user = User.objects.get(email="nora@example.org")
    assert (user.first_name, user.last_name, user.is_staff, user.is_superuser) == ("Nora", "Neu", False, False)
    assert [group.name for group in user.groups.all()] == [Role.COORDINATOR]
    assert OfficeMembership.objects.get(user=user).office == office
    assert not user.has_usable_password()
    page = text_of(client.get(answer.url))
    assert "Landkreis Harz" in page and "für die Koordinierungsstellen" in page
    assert client.get("/admin/").status_code == 403


def test_second_use_leads_to_a_friendly_page(invite, client):
    link = invite()
    client.post(link, **OURS)

    assert client.post(link, **OURS).url == reverse("account"), "a second press is harmless"
    stranger = Client()
    for answer in (stranger.get(link), stranger.post(link, **OURS)):
        assert answer.status_code == 404
        assert "Zugang anfragen" in text_of(answer)
        assert "_auth_user_id" not in stranger.session
    assert User.objects.filter(email="nora@example.org").count() == 1


def test_used_expired_withdrawn_and_unknown_links_look_alike(invite, client):
    used, late, withdrawn = (invite(f"{name}@example.org") for name in ("a", "b", "c"))
    Client().post(used, **OURS)
    Invitation.objects.filter(email="b@example.org").update(expires_at=timezone.now())
    invitations.withdraw(Invitation.objects.get(email="c@example.org"))

    pages = set()
    for link in (used, late, withdrawn, "/konto/einladung/erfunden/", "/konto/einladung/%00ä/"):
        for answer in (client.get(link), client.post(link, **OURS)):
            assert answer.status_code == 404
            pages.add(text_of(answer))

    assert len(pages) == 1


def test_link_is_good_for_fourteen_days(invite):
    link = invite()

    with time_machine.travel(timezone.now() + datetime.timedelta(days=13, hours=23)):
        assert invitations.find(token_of(link))
    with time_machine.travel(timezone.now() + datetime.timedelta(days=14, minutes=1)), pytest.raises(LinkGone):
        invitations.accept(token_of(link))


@pytest.mark.parametrize(
    "headers", [{}, {"HTTP_SEC_FETCH_SITE": "cross-site"}, {"HTTP_ORIGIN": "https://evil.example"}]
)
def test_post_from_another_site_is_refused(invite, headers):
    answer = Client().post(invite(), **headers)

    assert answer.status_code == 403
    assert not User.objects.filter(email="nora@example.org").exists()


# Accounts that exist


def test_existing_account_gets_the_membership_and_keeps_what_it_has(invite, office):
    user = member(Role.STEERING_GROUP, email="Nora@Example.org", first_name="Eleonore")
    client = Client()

    client.post(invite("NORA@example.org"), **OURS)

    user.refresh_from_db()
    assert user.first_name == "Eleonore"
    assert {group.name for group in user.groups.all()} == {Role.STEERING_GROUP, Role.COORDINATOR}
    assert user.check_password("sieben-zwerge-im-harz")
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.CHIEF_EDITOR, Role.ADMINISTRATION])
def test_staff_gets_the_membership_but_has_to_log_in(invite, role):
    user = member(role, email="nora@example.org")
    client = Client()

    answer = client.post(invite(), **OURS)

    assert answer.url == reverse("account_login")
    assert "_auth_user_id" not in client.session
    assert [group.name for group in user.groups.all()] == [role]
    assert user.office_memberships.count() == 1


def test_second_factor_is_asked_for(invite):
    user = member(Role.COORDINATOR, email="nora@example.org")
    TOTP.activate(user, TOTP_SECRET)
    client = Client()

    answer = client.post(invite(), **OURS)

    assert answer.url.startswith(reverse("mfa_authenticate"))
    assert "_auth_user_id" not in client.session


def test_deactivated_coordinator_comes_back(invite):
    user = member(Role.COORDINATOR, email="nora@example.org", is_active=False)

    Client().post(invite(), **OURS)

    user.refresh_from_db()
    assert user.is_active and user.reviewed_on == timezone.localdate()


def test_deactivated_staff_does_not_come_back_by_invitation(office, editor, invite):
    user = member(Role.CHIEF_EDITOR, email="nora@example.org", is_active=False)
    with pytest.raises(Refused, match="Verwaltung"):
        invitations.invite("nora@example.org", office, by=editor)
    user.groups.clear()
    link = invite()
    user.groups.set(member(Role.ADMINISTRATION, email="x@example.org").groups.all())

    assert Client().post(link, **OURS).status_code == 404

    user.refresh_from_db()
    assert not user.is_active and not user.office_memberships.exists()


def test_somebody_else_who_is_logged_in_accepts_nothing(invite, editor):
    client = client_of(editor)
    link = invite()

    for answer in (client.get(link), client.post(link, **OURS)):
        assert "gilt für ein anderes Konto" in text_of(answer)

    assert not OfficeMembership.objects.exists()
    assert client.session["_auth_user_id"] == str(editor.pk)


# Several at once


def test_two_offices_make_two_invitations_and_one_account(invite):
    links = [invite(), invite(to=make_office("Saalekreis", "15088", 3))]

    for link in links:
        Client().post(link, **OURS)

    assert User.objects.get(email="nora@example.org").office_memberships.count() == 2


@several_writers
@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_make_one_account(invite):
    token = token_of(invite())

    def press():
        try:
            return invitations.accept(token).email
        except LinkGone:
            return "gone"

    results = at_once(press, press)

    assert sorted(results) == ["gone", "nora@example.org"]
    assert OfficeMembership.objects.count() == 1


@several_writers
@pytest.mark.django_db(transaction=True)
def test_invitations_to_two_offices_accepted_at_the_same_moment_make_one_account(invite):
    tokens = [token_of(invite()), token_of(invite(to=make_office("Saalekreis", "15088", 3)))]

    at_once(*(partial(invitations.accept, token) for token in tokens))

    assert User.objects.get(email="nora@example.org").office_memberships.count() == 2
