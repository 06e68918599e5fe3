"""Real files for the archive: made once, taken in as editors would."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse
from pptx import Presentation

from archive.models import Document
from home.roles import Role
from tests.archive.forms import upload
from tests.archive.library import take_text
from tests.archive.made_files import SECRET, write_demo_files
from tests.contents import made_once
from tests.pictures import picture


@pytest.fixture(scope="session")
def demo_files(tmp_path_factory):
    """The example files of the demo by name."""
    return write_demo_files(tmp_path_factory.mktemp("demo-files"))


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
    """A small picture."""
    return picture(40, 30).getvalue()


@pytest.fixture
def bare_path(monkeypatch, tmp_path):
    """A machine without LibreOffice and text recognition, whatever is installed here."""
    directory = tmp_path / "bare-path"
    directory.mkdir()
    monkeypatch.setenv("PATH", str(directory))


@pytest.fixture
def pptx(tmp_path):
    """Two slides: remarks and invisible words on the first, and the second hidden."""
    presentation = Presentation()
    slides = [presentation.slides.add_slide(presentation.slide_layouts[5]) for _ in range(2)]
    slides[0].shapes.title.text = "Offen"
    slides[0].notes_slide.notes_text_frame.text = f"{SECRET} notiert"
    box = slides[0].shapes.add_textbox(0, 0, 100, 100)
    box.text_frame.text = f"{SECRET} unsichtbar"
    box._element.nvSpPr.cNvPr.set("hidden", "1")
    slides[1].shapes.title.text = f"{SECRET} ausgeblendet"
    slides[1]._element.set("show", "0")
    presentation.save(tmp_path / "a.pptx")
    return tmp_path / "a.pptx"


@pytest.fixture
def editor(client, users):
    """The browser of somebody who may do everything."""
    client.force_login(users["admin"])
    return client


@pytest.fixture
def document(editor):
    """A text file that was uploaded in the admin."""
    editor.post(reverse("wagtaildocs:add"), {"title": "Protokoll", "file": upload()})
    return Document.objects.get()
