"""The admin speaks German throughout: what Wagtail has not translated stands in our own catalogue."""

import datetime
import re
from pathlib import Path

import polib
import pytest
import wagtail
from django.contrib.auth import get_user_model
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import strip_tags
from django.views.i18n import JavaScriptCatalog
from wagtail.admin.templatetags.wagtailadmin_tags import timesince_simple

from home.models import EditionPage
from tests.editions_content import make_edition, make_series

CATALOGUES = sorted(Path(wagtail.__file__).parent.glob("**/locale/en/LC_MESSAGES/django.po"))
SCRIPTS = Path(wagtail.__file__).parent / "admin" / "locale" / "en" / "LC_MESSAGES" / "djangojs.po"
# German uses the same word, or there is no word in it.
SAME_IN_GERMAN = {
    "(optional)", "Admin", "Administrator", "Alias", "App", "Breadcrumb", "Checkbox", "Code", "Filter", "Format", "ID",
    "Import", "Layout", "Link", "Maximum", "Minimum", "Name", "Status", "Status %(status)s", "System", "URL",
    "Wagtail API v2", "Workflow", "Workflows",
    # Two that nobody here sees: the apps are not part of the menus.
    "URL Generator", "Wagtail embeds",
    "%(field_label)s:", "%(range_start)s - %(range_end)s", "%(related_model_name)s %(field_label)s",
    "%(status_display)s %(task_name)s %(started_at)s", "%(time_zone_option)s: %(localized_time_zone_label)s",
}  # fmt: skip


def german_of(path):
    return polib.pofile(str(path.parents[2] / "de" / "LC_MESSAGES" / path.name))


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.parents[3].name))
def test_every_text_of_wagtail_is_translated(path):
    different = {entry.msgid for entry in german_of(path) if entry.translated() and entry.msgstr != entry.msgid}

    with translation.override("de"):
        missing = [
            entry.msgid
            for entry in polib.pofile(str(path))
            if entry.msgid not in different | SAME_IN_GERMAN and translation.gettext(entry.msgid) == entry.msgid
        ]

    assert missing == []


def test_every_text_of_wagtails_scripts_is_translated(rf):
    texts = {entry.msgid for entry in polib.pofile(str(SCRIPTS)) if not entry.msgid_plural and not entry.msgctxt}

    with translation.override("de"):
        view = JavaScriptCatalog(packages=["wagtail.admin"])
        view.get(rf.get("/"))
        catalogue = view.get_catalog()

    assert [text for text in sorted(texts - SAME_IN_GERMAN) if catalogue.get(text, text) == text] == []


@pytest.mark.parametrize("text", ["Locale", "Switch locales", "Available in %(translations_total)s locales"])
def test_languages_are_called_languages(text):
    with translation.override("de"):
        assert "ocale" not in translation.gettext(text)


def test_time_that_has_passed_is_said_in_german():
    with translation.override("de"):
        assert naturaltime(timezone.now() - datetime.timedelta(seconds=7)) == "vor 7\xa0Sekunden"


@pytest.mark.parametrize(("value", "word"), [(True, "Ja"), (False, "Nein"), (None, "Unbekannt")])
def test_yes_and_no_are_read_in_german(value, word):
    html = render_to_string("wagtailadmin/tables/boolean_cell.html", {"value": value, "column": {}})

    assert strip_tags(html).strip() == word


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        ({"minutes": 32}, "vor 32\xa0Minuten"),
        ({"days": 2}, "vor 2\xa0Tagen"),
        ({"days": 70}, "vor 2\xa0Monaten"),
        ({"days": 800}, "vor 2\xa0Jahren"),
    ],
)
def test_how_long_ago_something_was_is_said_in_the_dative(passed, words):
    with translation.override("de"):
        assert timesince_simple(timezone.now() - datetime.timedelta(**passed)) == words


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.parents[3].name))
def test_what_editors_read_of_their_pages_is_no_word_of_programmers(path):
    """What stands on the desk every day: locks, approval, deleting, addresses. Words of other places may stay."""
    with translation.override("de"):
        clumsy = [
            entry.msgid
            for entry in polib.pofile(str(path))
            if re.search(r"Moderationsphase|Kurztitel '|Kurztitel ‚", translation.gettext(entry.msgid))
            or (
                re.search(r"anyone|reviewers|submitted|sure you want|is locked", entry.msgid, re.I)
                and "-Objekt" in translation.gettext(entry.msgid)
            )
        ]

    assert clumsy == []


def test_the_desk_has_the_name_of_the_site(site, client):
    client.force_login(get_user_model().objects.create_superuser("person@example.org"))

    new_account = client.get(reverse("wagtailusers_users:add")).content.decode()
    new_edition = client.get(reverse("wagtailadmin_pages:edit", args=[add_edition(site).pk])).content.decode()

    assert "IKOE-Redaktion</title>" in new_account
    assert "Leer lassen" not in new_account
    assert "Fotos hinzufügen" in new_edition
    assert "foto hinzufügen" not in new_edition


def add_edition(site) -> EditionPage:
    return make_edition(make_series(site.root_page))


def test_upload_of_documents_says_plainly_what_to_do(admin_client):
    page = admin_client.get(reverse("wagtaildocs:add_multiple")).content.decode()

    assert "Oder Dateien auswählen …" in page
    assert "Bitte sehen Sie die Angaben durch und speichern Sie sie." in page
    assert "wenn der Upload nicht notwendig war" not in page
