"""The demo content for tests that read much and change little."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction

from home import demo
from home.models import NewsIndexPage
from home.roles import Role
from tests.accounts_content import member


@pytest.fixture(scope="module")
def demo_loaded(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The demo, loaded once a module in a transaction that is rolled back: loading it takes seconds."""
    with django_db_blocker.unblock(), transaction.atomic():
        demo.load()
        demo.publish_report()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo_pages(demo_loaded, db) -> None:
    """The public demo site; what a test changes is gone after it."""


@pytest.fixture
def editor(site, client):
    """An editor, whom `client` is logged in as."""
    user = member(Role.EDITOR)
    client.force_login(user)
    return user


@pytest.fixture
def news(site):
    """The page of reports, still without any."""
    return site.root_page.add_child(instance=NewsIndexPage(title="Aktuelles", slug="aktuelles"))
