"""The German catalogue in `locale/`: what allauth shows to people is German and says "Sie".

Our own texts are German in the source. Only strings of allauth need a catalogue: those it has not translated, and
those that say "du". A bare machine has no msgfmt, hence the compiled file is committed beside its source.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import allauth
from django.conf import settings
from django.utils import translation
from django.utils.translation.template import templatize

SOURCE = Path(settings.BASE_DIR, "locale", "de", "LC_MESSAGES", "django.po")
COMPILED = SOURCE.with_suffix(".mo")
PACKAGE = Path(allauth.__file__).parent
PARTS = ("account", "mfa", "usersessions")
# The site has no telephone numbers, no sign-up, and addresses are changed by the administration (cms/urls.py).
UNREACHABLE = re.compile(r"email|phone|signup|verif|already_exists")
FUNCTIONS = {"gettext", "gettext_lazy", "gettext_noop", "ngettext", "pgettext", "_"}
TEMPLATE_CALL = re.compile(r"gettext\(u?(\"\"\"|'''|\"|')(.*?)(?<!\\)\1", re.DOTALL)
SAME_IN_GERMAN = {"Code", "MFA", "TOTP Authenticator", "WebAuthn"}
INFORMAL = re.compile(r"\b(du|dir|dich|dein\w*|gib|habe Geduld|versuche es|wähle|bestätige)\b", re.IGNORECASE)


def problems() -> list[str]:
    """Sentences about every string that is missing, informal or not compiled; empty when all is well."""
    found = [] if COMPILED.exists() and COMPILED.read_bytes() == compiled() else ["locale: django.mo is out of date"]
    with translation.override("de"):
        for text in sorted(set(used_texts())):
            german = translation.gettext(text)
            if german == text and text not in SAME_IN_GERMAN:
                found.append(f"not translated: {text}")
            elif INFORMAL.search(german):
                found.append(f"not polite: {text} -> {german}")
    return found


def compiled() -> bytes:
    """The content of the .mo file that belongs to the .po file."""
    import polib  # A tool for developers; the site runs without it.

    content: bytes = polib.pofile(str(SOURCE)).to_binary()
    return content


def used_texts() -> Iterator[str]:
    """Every msgid of allauth that can reach people here."""
    for part in PARTS:
        for path in (PACKAGE / part).rglob("*.py"):
            if not {"tests", "management"} & set(path.parts) and path.name != "admin.py":
                yield from _python_texts(path.read_text())
        for path in (PACKAGE / "templates" / part).rglob("*.*"):
            ours = Path(settings.BASE_DIR, "templates", path.relative_to(PACKAGE / "templates"))
            if not ours.exists() and not UNREACHABLE.search(path.name):
                yield from _template_texts(path.read_text())


def _python_texts(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
            texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            yield from (text for text in texts[-1 if node.func.id == "pgettext" else 0 :] if isinstance(text, str))


def _template_texts(source: str) -> Iterator[str]:
    for quote, text in TEMPLATE_CALL.findall(templatize(source)):
        yield str(ast.literal_eval(f"{quote}{text}{quote}"))
