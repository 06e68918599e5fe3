"""Who invites, and to which office."""

from home.roles import Role
from tests.accounts_content import make_office, member
from tests.contents import made_once


@made_once
def office(site):
    return make_office()


@made_once
def editor(site):
    return member(Role.EDITOR, email="redaktion@example.org")
