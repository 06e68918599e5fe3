"""An editor invites a coordinator: who may, what is written, and the mail, which is sent whatever is away meanwhile."""

from __future__ import annotations

import datetime
import logging
import re

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms import tasks
from cms.accounts import invitations, mails
from cms.accounts.errors import Refused
from home.models import Invitation, OfficeMembership
from home.roles import Role
from tests.accounts_content import LINK, OURS, client_of, member, text_of, token_of
from tests.queues import waiting

pytestmark = pytest.mark.django_db
User = get_user_model()


# The button and the mail


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


# Twice, again, back


def test_inviting_twice_renews_the_invitation(invite, office):
    first = invite()
    second = invite("Nora@example.org", name="Nora Neumann")

    assert Invitation.objects.count() == 1
    assert Client().post(first, **OURS).status_code == 404
    assert Client().post(second, **OURS).status_code == 302
    assert User.objects.get(email="nora@example.org").last_name == "Neumann"


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
