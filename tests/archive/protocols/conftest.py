"""A protocol as a draft, and one that is released."""

import pytest

from archive.access import Level
from archive.protocols import workflow
from home.roles import Role
from tests.archive.library import take_text
from tests.contents import made_once


@made_once
def document(users):
    return take_text("Protokoll der Beratung", "Der Entwurf nennt Stendal.", kind="protocol", level=Level.COORDINATION)


@pytest.fixture
def editor(users):
    return users[Role.EDITOR.value]


@made_once
def released(document, users):
    workflow.submit(document.protocol, user=users[Role.EDITOR.value])
    workflow.release(document.protocol, user=users[Role.EDITOR.value])
    document.refresh_from_db()
    return document
