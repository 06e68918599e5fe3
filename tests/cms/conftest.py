"""Who invites, and to which office."""

import pytest

from home.roles import Role
from tests.accounts_content import make_office, member


@pytest.fixture
def office(site):
    return make_office()


@pytest.fixture
def editor(site):
    return member(Role.EDITOR, email="redaktion@example.org")
