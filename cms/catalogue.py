"""The catalogues in `locale/`. Our own texts are German in the source.

`de` translates what allauth and Wagtail have not translated, or say with "du"; `en` translates our own texts for the
English pages, all of them; `de_Simple` words some of them for the pages in Leichte Sprache, the rest falls back to
German. A bare machine has neither xgettext nor msgfmt, hence `check_messages` does their work and the compiled files
are committed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation

from cms import login_texts
from cms.own_texts import Message, own_messages, unmarked_texts

if TYPE_CHECKING:
    from polib import POEntry, POFile

LOCALES = Path(settings.BASE_DIR, "locale")
LOGIN, ENGLISH, SIMPLE = "de", "en", "de_Simple"
# `djangojs` completes what Wagtail's scripts say.
COMPILED = ((LOGIN, "django"), (LOGIN, "djangojs"), (ENGLISH, "django"), (SIMPLE, "django"))
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|<[^>]+>")


def problems() -> list[str]:
    """Sentences about everything that is missing, left over, unmarked or not compiled; empty when all is well."""
    messages = own_messages()
    return [
        *_stale(),
        *login_texts.problems(),
        *_translated_by_others(messages),
        *(f"not marked for translation: {name}: {text}" for name, text in unmarked_texts()),
        *_incomplete(ENGLISH, messages),
        *_contradictory(ENGLISH, messages),
        *_contradictory(SIMPLE, messages),
    ]


def write() -> None:
    """Bring the catalogues into line with the sources and compile them: new texts are added to the English one, empty;
    texts that nobody uses any more leave both."""
    messages = own_messages()
    for locale in (ENGLISH, SIMPLE):
        catalogue = read(locale)
        entries = {_key(entry): entry for entry in catalogue}
        catalogue.clear()
        for message, places in sorted(messages.items(), key=lambda item: (item[1], item[0])):
            if message in entries or locale == ENGLISH:
                entry = entries.get(message) or _new_entry(message)
                entry.occurrences = [(place, "") for place in places]
                catalogue.append(entry)
        catalogue.save()
    for locale, domain in COMPILED:
        path(locale, domain).with_suffix(".mo").write_bytes(compiled(locale, domain))


def path(locale: str, domain: str = "django") -> Path:
    """Where the catalogue of a language is kept."""
    return LOCALES / locale / "LC_MESSAGES" / f"{domain}.po"


def read(locale: str, domain: str = "django") -> POFile:
    """The catalogue of a language; raises OSError if it is missing or broken."""
    import polib  # A tool for developers; the site runs without it.

    return polib.pofile(str(path(locale, domain)), wrapwidth=120)


def compiled(locale: str, domain: str = "django") -> bytes:
    """The content of the .mo file that belongs to the .po file."""
    content: bytes = read(locale, domain).to_binary()
    return content


def _stale() -> Iterator[str]:
    for locale, domain in COMPILED:
        binary = path(locale, domain).with_suffix(".mo")
        if not binary.exists() or binary.read_bytes() != compiled(locale, domain):
            yield f"locale/{locale}: {domain}.mo is out of date"


def _translated_by_others(messages: dict[Message, list[str]]) -> Iterator[str]:
    """A German text that is also an English one ("Start") would be replaced on German pages by somebody's catalogue."""
    with translation.override("de"):
        for message in messages:
            german = (
                translation.pgettext(message.context, message.text)
                if message.context
                else translation.gettext(message.text)
            )
            if german != message.text:
                yield f"translated by another catalogue: {message.text} -> {german}"


def _incomplete(locale: str, messages: dict[Message, list[str]]) -> Iterator[str]:
    translated = {_key(entry) for entry in read(locale) if entry.translated()}
    for message, places in messages.items():
        if message not in translated:
            yield f"locale/{locale}: not translated: {message.text} ({places[0]})"


def _contradictory(locale: str, messages: dict[Message, list[str]]) -> Iterator[str]:
    for entry in read(locale):
        if _key(entry) not in messages:
            yield f"locale/{locale}: not used any more: {entry.msgid}"
        singular, plural = entry.msgstr or entry.msgstr_plural.get(0, ""), entry.msgstr_plural.get(1, "")
        for original, text in [(entry.msgid, singular), (entry.msgid_plural, plural)]:
            if text and sorted(_PLACEHOLDER.findall(text)) != sorted(_PLACEHOLDER.findall(original)):
                yield f"locale/{locale}: other placeholders: {original} -> {text}"


def _key(entry: POEntry) -> Message:
    return Message(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def _new_entry(message: Message) -> POEntry:
    import polib

    plural = {"msgid_plural": message.plural, "msgstr_plural": {0: "", 1: ""}} if message.plural else {}
    return polib.POEntry(msgid=message.text, msgctxt=message.context or None, **plural)
