"""A plain Wagtail site with the page of `web_content`: what `wagtail start` makes, and a page type as in its tutorial.

`peer_wagtail.py` beside this file runs inside of it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from bench import steps

SCRIPT = Path(__file__).with_name("peer_wagtail.py")
SETTINGS = """
import os

from .base import *

DEBUG = False
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["*"]
WAGTAIL_ENABLE_UPDATE_CHECK = False
import environ
DATABASES = {"default": environ.Env().db_url("PLAIN_DATABASE_URL")}
# As generous as ours: a connection is kept.
DATABASES["default"]["CONN_MAX_AGE"] = 60
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
"""
MODELS = """
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page


class HomePage(Page):
    pass


class ReportPage(Page):
    body = StreamField([
        ("heading", blocks.CharBlock()),
        ("text", blocks.RichTextBlock()),
        ("image", ImageChooserBlock()),
        ("quote", blocks.BlockQuoteBlock()),
    ], blank=True)
    content_panels = Page.content_panels + [FieldPanel("body")]

    def get_context(self, request):
        latest = ReportPage.objects.live().order_by("-first_published_at")[:5]
        menu = self.get_site().root_page.get_children().live().in_menu()
        return super().get_context(request) | {"latest": latest, "menu": menu}
"""
TEMPLATE = """{% extends "base.html" %}
{% load wagtailcore_tags wagtailimages_tags %}
{% block content %}
<nav><ul>{% for item in menu %}<li><a href="{% pageurl item %}">{{ item.title }}</a></li>{% endfor %}</ul></nav>
<main>
<h1>{{ page.title }}</h1>
{% for block in page.body %}
    {% if block.block_type == "heading" %}<h2>{{ block.value }}</h2>
    {% elif block.block_type == "image" %}<figure>{% image block.value width-800 %}</figure>
    {% else %}{% include_block block %}{% endif %}
{% endfor %}
<h2>Aktuelles</h2>
<ul>{% for item in latest %}<li><a href="{% pageurl item %}">{{ item.title }}</a></li>{% endfor %}</ul>
</main>
{% endblock %}
"""


def make(directory: Path, environment: Mapping[str, str], size: int) -> None:
    """Write the project into `directory` and fill it with a page of about `size` bytes at `/bericht/`."""
    directory.mkdir()
    wagtail = Path(sys.executable).with_name("wagtail")
    subprocess.run([wagtail, "start", "plain", str(directory)], env=environment, check=True, stdout=subprocess.DEVNULL)
    (directory / "plain" / "settings" / "bench.py").write_text(SETTINGS)
    (directory / "home" / "models.py").write_text(MODELS)
    # The first migrations of the template make its own model; ours come from the models above.
    for migration in (directory / "home" / "migrations").glob("0*.py"):
        migration.unlink()
    (directory / "home" / "templates" / "home" / "report_page.html").write_text(TEMPLATE)
    for command in (("makemigrations", "home"), ("migrate",)):
        subprocess.run(
            [sys.executable, "-W", "ignore", "manage.py", *command, "-v0"], cwd=directory, env=environment, check=True
        )
    run(directory, environment, "fill", "/bericht/", size)


def run(directory: Path, environment: Mapping[str, str], *arguments: str | int) -> int:
    """A step of this file inside of the project; what it printed."""
    return int(steps.run(SCRIPT, *arguments, environment=environment, directory=directory))
