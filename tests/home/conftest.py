"""The demo content for tests that read much and change little."""

from __future__ import annotations

import pytest
from django.test import Client

from home import demo
from home.models import EditionPage, HomePage, NewsIndexPage, NewsPage
from home.roles import Role
from tests.accounts_content import member
from tests.contents import made_once


@made_once
def demo_pages() -> None:
    """The public demo site: loading it takes seconds, and so does scaling its pictures at the first look at a page."""
    demo.load()
    demo.publish_report()
    client = Client()
    for model in (HomePage, EditionPage, NewsPage):
        for page in model.objects.live():
            assert client.get(page.url).status_code == 200


@pytest.fixture
def editor(site, client):
    """An editor, whom `client` is logged in as."""
    user = member(Role.EDITOR)
    client.force_login(user)
    return user


@made_once
def news(site):
    """The page of reports, still without any."""
    return site.root_page.add_child(instance=NewsIndexPage(title="Aktuelles", slug="aktuelles"))
