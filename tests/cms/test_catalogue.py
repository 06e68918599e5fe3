"""What people read is translated, polite and compiled; nothing on translated pages escapes the catalogues."""

from io import StringIO

import polib
import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from cms import catalogue, login_texts, own_texts
from cms.own_texts import Message


@pytest.fixture
def locales(monkeypatch, tmp_path):
    """Catalogues of their own, with one English text."""
    monkeypatch.setattr(catalogue, "LOCALES", tmp_path)
    for locale, domain in catalogue.COMPILED:
        source = catalogue.path(locale, domain)
        source.parent.mkdir(parents=True, exist_ok=True)
        file = polib.POFile()
        file.metadata = {"Language": locale, "Content-Type": "text/plain; charset=UTF-8"}
        file.save(str(source))
        source.with_suffix(".mo").write_bytes(catalogue.compiled(locale, domain))
    monkeypatch.setattr(login_texts, "problems", list)
    monkeypatch.setattr(catalogue, "unmarked_texts", list)
    return tmp_path


def texts(monkeypatch, *messages: Message) -> None:
    monkeypatch.setattr(catalogue, "own_messages", lambda: {message: ["templates/x.html"] for message in messages})


def test_catalogues_are_complete():
    output = StringIO()

    call_command("check_messages", stdout=output)

    assert "complete" in output.getvalue()


def test_texts_of_the_login_come_from_forms_and_messages():
    found = set(login_texts.used_texts())

    assert {"You have signed out.", "Authenticator code", "Remember Me", "Incorrect code."} <= found


def test_missing_and_informal_texts_of_the_login_are_named(monkeypatch):
    monkeypatch.setattr(login_texts, "used_texts", lambda: ["A new English text", "Please Confirm Your Email Address"])

    assert list(login_texts.problems()) == [
        "not translated: A new English text",
        "not polite: Please Confirm Your Email Address -> Bitte bestätige deine E-Mail-Adresse",
    ]


def test_own_texts_come_from_templates_code_and_models():
    found = own_texts.own_messages()

    assert "templates/404.html" in found[Message("Seite nicht gefunden")]
    assert "home/events/models.py" in found[Message("kollegiale Fallberatung")]
    assert "home/templatetags/documents.py" in found[Message("Folie,Folien")]
    assert Message("You have signed out.") not in found


def test_every_way_to_mark_a_text_in_a_template_is_found():
    source = """{% load i18n %}{% translate "eins" %}{% translate "zwei" context "Kontext" %}
        {% blocktranslate with name=x trimmed %}
            drei {{ name }}
        {% endblocktranslate %}
        {% blocktranslate count n=x %}{{ n }} vier{% plural %}{{ n }} viere{% endblocktranslate %}
        {% section _("fünf") note=_("sechs") %}{{ 3|counted:_("sieben,sieben") }}
        {% comment %}{% translate "nie" %}{% endcomment %}"""

    assert set(own_texts.template_messages(source)) == {
        Message("eins"),
        Message("zwei", context="Kontext"),
        Message("drei %(name)s"),
        Message("%(n)s vier", plural="%(n)s viere"),
        Message("fünf"),
        Message("sechs"),
        Message("sieben,sieben"),
    }


def test_every_way_to_mark_a_text_in_python_is_found():
    source = """
from django.utils.translation import gettext, gettext_lazy as _, ngettext, npgettext, pgettext
from django.utils import translation
A = _("eins"), gettext("zwei"), translation.gettext("drei"), pgettext("Kontext", "vier")
B = ngettext("fünf", "fünfe", 3), npgettext("Kontext", "sechs", "sechse", 3), gettext(name), other("nie")
"""

    assert set(own_texts.python_messages(source)) == {
        Message("eins"),
        Message("zwei"),
        Message("drei"),
        Message("vier", context="Kontext"),
        Message("fünf", plural="fünfe"),
        Message("sechs", plural="sechse", context="Kontext"),
    }


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Guten Tag</p>", ["Guten Tag"]),
        ('<p>{% translate "Guten Tag" %}</p>', []),
        ("<p>{% blocktranslate %}Guten Tag{% endblocktranslate %}, IKOE {{ name }}</p>", []),
        ('<a aria-label="Zum Archiv" href="/archiv/">{{ x }}</a>', ["Zum Archiv"]),
        ('<meta name="description" content="Alle Termine">', ["Alle Termine"]),
        ('<meta name="viewport" content="width=device-width">', []),
        ('{% section "Programm" anchor="programm" %}{% endsection %}', ["Programm"]),
        ('{% section _("Programm") anchor="programm" %}{% endsection %}', []),
        ('{{ count|counted:"Seite,Seiten" }}', ["Seite,Seiten"]),
        ('<time datetime="{{ day|date:"Y-m-d" }}">{{ day|time:"H:i" }}</time>', []),
        ('<{{ tag }} class="title">{{ x }}</{{ tag }}>{# Ein Kommentar #}', []),
    ],
)
def test_words_that_no_catalogue_reaches_are_found(source, found):
    assert list(own_texts.unmarked(source)) == found


def test_untranslated_unused_and_contradictory_texts_are_named(monkeypatch, locales):
    texts(monkeypatch, Message("Guten Tag"), Message("%(number)s Seiten"))
    file = catalogue.read(catalogue.ENGLISH)
    file.append(polib.POEntry(msgid="%(number)s Seiten", msgstr="%(count)s pages"))
    file.append(polib.POEntry(msgid="Vorbei", msgstr="Over"))
    file.save()

    with pytest.raises(CommandError) as failure:
        call_command("check_messages")

    assert str(failure.value).splitlines() == [
        "locale/en: django.mo is out of date",
        "locale/en: not translated: Guten Tag (templates/x.html)",
        "locale/en: other placeholders: %(number)s Seiten -> %(count)s pages",
        "locale/en: not used any more: Vorbei",
    ]


def test_a_german_text_that_another_catalogue_would_change_is_named(monkeypatch, locales):
    texts(monkeypatch, Message("Page"))
    with translation.override("de"):
        foreign = translation.gettext("Page")

    found = catalogue.problems()

    assert foreign != "Page"
    assert f"translated by another catalogue: Page -> {foreign}" in found


def test_writing_adds_new_texts_drops_unused_ones_and_compiles(monkeypatch, locales):
    texts(monkeypatch, Message("Guten Tag"), Message("eine Seite", plural="%(n)s Seiten"))
    file = catalogue.read(catalogue.ENGLISH)
    file.append(polib.POEntry(msgid="Guten Tag", msgstr="Hello"))
    file.append(polib.POEntry(msgid="Vorbei", msgstr="Over"))
    file.save()

    call_command("check_messages", write=True)

    entries = {entry.msgid: entry for entry in catalogue.read(catalogue.ENGLISH)}
    assert set(entries) == {"Guten Tag", "eine Seite"}
    assert entries["Guten Tag"].msgstr == "Hello"
    assert not entries["eine Seite"].translated()
    assert [entry.msgid for entry in catalogue.read(catalogue.SIMPLE)] == []
    assert catalogue.problems() == ["locale/en: not translated: eine Seite (templates/x.html)"]
