"""An editor invites a coordinator; the link in the mail makes the account, once."""

from __future__ import annotations

import datetime
import logging
import re
from functools import partial

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms import tasks
from cms.accounts import invitations, mails
from cms.accounts.errors import LinkGone, Refused
from home.models import Invitation, OfficeMembership
from home.roles import Role
from tests.accounts_content import LINK, OURS, TOTP_SECRET, client_of, make_office, member, text_of
from tests.queues import waiting
from tests.threads import at_once, several_writers

pytestmark = pytest.mark.django_db
User = get_user_model()


@pytest.fixture
def invite(office, editor):
    """Invite somebody and return the address of the link in the mail."""

    def send(email="nora@example.org", *, name="Nora Neu", to=None):
        invitation = invitations.invite(email, to or office, by=editor, name=name)
        assert mails.send_invitation(invitation.pk)
        return LINK.search(mail.outbox[-1].body)[1]

    return send


def token_of(link: str) -> str:
    return link.rstrip("/").rpartition("/")[2]


# From the button to the account


def test_editor_invites_from_the_page_of_the_office(office, editor):
    client = client_of(editor)
    page = client.get(f"/admin/snippets/home/coordinationoffice/edit/{office.pk}/").content.decode()
    address = reverse("accounts_invite_office", args=[office.pk])
    # A button of its own, not an entry behind "…".
    assert re.search(rf'<a href="{address}"[^>]*class="[^"]*w-header-button', page)
    assert "Landkreis Harz" in text_of(client.get(address))

    answer = client.post(
        reverse("accounts_invite"), {"email": " Nora@Example.org", "name": "Nora Neu", "office": office.pk}
    )
    tasks.sweep_account_mails()

    assert answer.url == address
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.office, invitation.invited_by) == ("nora@example.org", office, editor)
    assert [message.to for message in mail.outbox] == [["nora@example.org"]]
    shown = text_of(client.get(address))
    assert "nora@example.org" in shown and "verschickt am" in shown


def test_mail_has_text_and_html_and_names_who_invites(office, editor, smtp_server):
    invitation = invitations.invite("nora@example.org", office, by=editor, name="Nora Neu")

    mails.send_invitation(invitation.pk)

    message = smtp_server.received[0].message
    plain = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    link = LINK.search(plain)[1]
    assert message["Auto-Submitted"] == "auto-generated"
    assert "Erika Beispiel" in plain and "Landkreis Harz" in plain and "Guten Tag Nora Neu" in plain
    assert link in html
    assert Invitation.objects.get(token_hash=invitations._hash(token_of(link)))


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


# Twice, again, back


def test_inviting_twice_renews_the_invitation(invite, office):
    first = invite()
    second = invite("Nora@example.org", name="Nora Neumann")

    assert Invitation.objects.count() == 1
    assert Client().post(first, **OURS).status_code == 404
    assert Client().post(second, **OURS).status_code == 302
    assert User.objects.get(email="nora@example.org").last_name == "Neumann"


def test_two_offices_make_two_invitations_and_one_account(invite):
    links = [invite(), invite(to=make_office("Saalekreis", "15088", 3))]

    for link in links:
        Client().post(link, **OURS)

    assert User.objects.get(email="nora@example.org").office_memberships.count() == 2


def test_who_works_there_already_is_not_invited(office, editor):
    user = member(Role.COORDINATOR, email="nora@example.org")
    OfficeMembership.objects.create(user=user, office=office)

    answer = client_of(editor).post(reverse("accounts_invite"), {"email": "nora@example.org", "office": office.pk})

    assert "gehört zu dieser Stelle" in text_of(answer)
    assert not Invitation.objects.exists()


def test_buttons_beside_an_invitation(invite, office, editor):
    client = client_of(editor)
    old = invite()
    key = Invitation.objects.get().pk

    client.post(reverse("accounts_step", args=[key, "erneut"]))
    tasks.sweep_account_mails()
    new = LINK.search(mail.outbox[-1].body)[1]
    assert new != old
    assert client.get(reverse("accounts_step", args=[key, "zurueckziehen"])).status_code == 405
    client.post(reverse("accounts_step", args=[key, "zurueckziehen"]))

    assert not Invitation.objects.exists()
    assert Client().post(new, **OURS).status_code == 404
    assert client.post(reverse("accounts_step", args=[key, "erneut"])).status_code == 404


def test_accepted_invitation_is_neither_renewed_nor_withdrawn(invite, editor):
    link = invite()
    invitation = Invitation.objects.get()
    Client().post(link, **OURS)
    invitation.refresh_from_db()

    with pytest.raises(Refused):
        invitations.withdraw(invitation)
    with pytest.raises(Refused):
        invitations.renew(invitation, by=editor)


# Who may, and what may be written


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.STEERING_GROUP])
def test_coordinators_cannot_invite(office, role):
    client = client_of(member(role))

    answer = client.post(reverse("accounts_invite"), {"email": "nora@example.org", "office": office.pk})

    assert answer.status_code == 403
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "Nora\r\nBcc: viele@example.org"},
        {"name": "Gewinn unter http://example.com/"},
        {"email": "nora@example.org\nBcc: viele@example.org"},
        {"email": '"nora@example.org, viele"@example.org'},
        {"email": "nora"},
        {"office": ""},
        {"office": "999999"},
    ],
)
def test_what_is_wrong_is_said_and_sends_nothing(office, editor, fields):
    data = {"email": "nora@example.org", "name": "Nora", "office": office.pk} | fields

    answer = client_of(editor).post(reverse("accounts_invite"), data)

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Invitation.objects.exists()


def test_names_are_escaped_in_mail_and_page(invite, client):
    link = invite(name="<b>Nora</b> & Co")

    html = mail.outbox[-1].alternatives[0][0]
    assert "&lt;b&gt;Nora" in html and "<b>Nora" not in html
    assert "<b>Nora</b> & Co" in mail.outbox[-1].body
    client.post(link, **OURS)
    assert "<b>Nora" not in client.get(reverse("account")).content.decode()


# Faults


def test_mail_waits_for_the_broker(office, editor, broker):
    client_of(editor).post(reverse("accounts_invite"), {"email": "nora@example.org", "office": office.pk})

    assert waiting(broker) == 1


def test_without_broker_the_sweep_sends(office, editor):
    answer = client_of(editor).post(reverse("accounts_invite"), {"email": "nora@example.org", "office": office.pk})
    assert answer.status_code == 302
    assert mail.outbox == []

    tasks.sweep_account_mails()
    tasks.sweep_account_mails()

    assert len(mail.outbox) == 1


def test_without_mail_server_the_row_stays_and_a_later_sweep_sends(office, editor, settings, caplog):
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    invitation = invitations.invite("nora@example.org", office, by=editor)
    with caplog.at_level(logging.DEBUG):
        tasks.send_invitation(invitation.pk)
        tasks.sweep_account_mails()
    invitation.refresh_from_db()
    assert (invitation.mailed_at, invitation.mail_error) == (None, "")
    assert "no mail server" in caplog.text
    assert "nora" not in caplog.text and "einladung/" not in caplog.text

    settings.EMAIL_BACKEND = backend
    tasks.sweep_account_mails()

    assert Client().post(LINK.search(mail.outbox[0].body)[1], **OURS).status_code == 302


def test_refused_address_is_shown_to_the_editors(office, editor, smtp_server):
    smtp_server.replies["nora@example.org"] = "550 5.1.1 No such user"
    invitations.invite("nora@example.org", office, by=editor)

    tasks.sweep_account_mails()
    tasks.sweep_account_mails()

    client = client_of(editor)
    assert "550 5.1.1 No such user" in text_of(client.get(reverse("accounts_invite_office", args=[office.pk])))
    assert "nimmt keine Post für diese Adresse an" in text_of(client.get("/admin/"))


def test_busy_server_is_asked_again(office, editor, smtp_server):
    smtp_server.replies["nora@example.org"] = "450 4.2.0 Greylisted"
    invitation = invitations.invite("nora@example.org", office, by=editor)
    tasks.sweep_account_mails()
    smtp_server.replies.clear()

    tasks.sweep_account_mails()

    invitation.refresh_from_db()
    assert len(smtp_server.received) == 1
    assert invitation.mailed_at and not invitation.mail_error


def test_old_invitations_are_forgotten(invite):
    invite()

    with time_machine.travel(timezone.now() + datetime.timedelta(days=103)):
        tasks.forget_old_requests()
        assert Invitation.objects.exists()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=105)):
        tasks.forget_old_requests()
        assert not Invitation.objects.exists()


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
