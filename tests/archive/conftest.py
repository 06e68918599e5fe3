"""Real files for the archive: made once, taken in as editors would."""

from io import BytesIO

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from PIL import Image

from archive.demo_files import write_demo_files
from home.roles import Role
from tests.archive.library import take_text
from tests.contents import made_once


@pytest.fixture(scope="session")
def demo_files(tmp_path_factory):
    """The example files of the demo by name."""
    directory = tmp_path_factory.mktemp("demo-files")
    return {path.name: path for path in write_demo_files(directory)}


@pytest.fixture(scope="session")
def pdf(demo_files):
    """A PDF of six pages."""
    return demo_files["Neue Antragsformalitäten ab 2025.pdf"]


@pytest.fixture
def add_text(site):
    """Takes in a text file and reads it: `add_text("Titel", "Inhalt", level=Level.PUBLIC, kind=…)`."""
    return take_text


@made_once
def users(site):
    """One account for each role, by the name of its group; "" has none, "admin" is a superuser."""
    made = {}
    for role in ("", *Role.values):
        user = get_user_model().objects.create_user(f"konto-{len(made)}@example.org")
        if role:
            user.groups.add(Group.objects.get(name=role))
        made[role] = user
    made["admin"] = get_user_model().objects.create_superuser("admin@example.org")
    return made


@pytest.fixture(scope="session")
def png():
    data = BytesIO()
    Image.new("RGB", (40, 30), "#0b4250").save(data, "PNG")
    return data.getvalue()


@pytest.fixture
def bare_path(monkeypatch, tmp_path):
    """A machine without LibreOffice and text recognition, whatever is installed here."""
    directory = tmp_path / "bare-path"
    directory.mkdir()
    monkeypatch.setenv("PATH", str(directory))
