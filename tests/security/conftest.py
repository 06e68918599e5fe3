"""A document for every reason why somebody may not have it, an account for every role, and somebody from outside."""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, Group
from django.core.files.base import ContentFile
from django.test import Client, TestCase

from archive.intake import take_in
from archive.models import Document, DocumentLeaf, Protocol
from home.roles import Role
from tests.accounts_content import member
from tests.conftest import find_tool
from tests.contents import made_once
from tests.pictures import picture
from tests.proxy import running_site
from tests.security.archive_roles import DOCUMENTS, STATES


@made_once
def documents(site):
    """The documents of `DOCUMENTS` by name. "Stammtisch" stands in each of them."""
    made = {}
    for name, (level, fields, deleted) in DOCUMENTS.items():
        document = Document(title=f"Titel-{name}", summary="Stammtisch", **{"level": level} | fields)
        taken = take_in(ContentFile(f"Inhalt {name}".encode()), f"{name}.txt", document=document)
        leaf = DocumentLeaf(version=taken.version, number=1, text="Stammtisch")
        leaf.image.save("1.webp", ContentFile(picture(8, 8).read()))
        if name in STATES:
            Protocol.objects.filter(document=taken.document).update(state=STATES[name])
        if deleted:
            with TestCase.captureOnCommitCallbacks(execute=True):
                taken.document.delete()
        made[name] = taken.document
    return made


@pytest.fixture
def owner(site):
    return member(Role.COORDINATOR, email="besitz@example.org")


@pytest.fixture
def log_in(site, client, django_user_model):
    """Makes `client` somebody of a role of `LEVELS`; returns the user."""

    def log_in(role):
        client.logout()
        if role == "anonymous":
            return AnonymousUser()
        email = f"konto-{django_user_model.objects.count()}@example.org"
        if role == "superuser":
            user = django_user_model.objects.create_superuser(email)
        else:
            user = django_user_model.objects.create_user(email, is_active=role != "deactivated")
        name = Role.EDITOR.value if role == "deactivated" else role
        if name in Role.values:
            user.groups.add(Group.objects.get(name=name))
        client.force_login(user)
        return user

    return log_in


@pytest.fixture
def visitor(site):
    """Somebody without a login, who gets an error page where something breaks."""
    return Client(raise_request_exception=False)


@pytest.fixture
def web(tmp_path, site):
    """The site with nginx in front of it; a test that uses it has the marker `nginx`."""
    with running_site(find_tool("nginx"), tmp_path, Path(settings.ARCHIVE_ROOT)) as running:
        yield running
