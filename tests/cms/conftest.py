"""Who invites, and to which office."""

import pytest
from django.core import mail

from cms.accounts import invitations, mails
from home.roles import Role
from tests.accounts_content import LINK, make_office, member
from tests.contents import made_once


@made_once
def office(site):
    return make_office()


@made_once
def editor(site):
    return member(Role.EDITOR, email="redaktion@example.org")


@pytest.fixture
def invite(office, editor):
    """Invite somebody and return the address of the link in the mail."""

    def send(email="nora@example.org", *, name="Nora Neu", to=None):
        invitation = invitations.invite(email, to or office, by=editor, name=name)
        assert mails.send_invitation(invitation.pk)
        return LINK.search(mail.outbox[-1].body)[1]

    return send
