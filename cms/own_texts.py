"""Finds our own texts: what is marked for translation, and what public templates forgot to mark.

A bare machine has no xgettext. Python is read as a syntax tree; templates go through Django's `templatize`, as in
`makemessages`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.template.base import Lexer, Token, TokenType
from django.utils.translation.template import templatize

PACKAGES = ("cms", "newsletter", "archive", "home")
# Not ours: these replace templates of allauth and use its texts.
REPLACED = ("account", "mfa", "usersessions", "allauth")
# What readers of a translated page can see. Forms and the pages beside Wagtail are German only (cms/urls.py).
TRANSLATED = ("base.html", "404.html", "components/*.html", "home/*_page*.html", "blocks/web/*.html")
GERMAN_ONLY = {"errors.html", "field.html", "field_hints.html", "fields.html", "viewing.html"}
NAMES = re.compile(r"\b(IKOE|AGSA|Auslandsgesellschaft|Sachsen-Anhalt e\. V\.|einewelt haus, Magdeburg)")

_FUNCTION = re.compile(r"(n?)(p?)gettext(?:_lazy|_noop)?|(_)")
_STRING = r"""u?("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
_TEMPLATE_CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*{_STRING}(?:\s*,\s*{_STRING})?(?:\s*,\s*{_STRING})?")
_WORD = re.compile(r"[^\W\d_]{3,}")
_CONSTANT = re.compile(r"""(?<!_\()"([^"]*)"|(?<!_\()'([^']*)'""")
_READ_ALOUD = {"aria-label", "alt", "title", "placeholder"}


class Message(NamedTuple):
    """A text as catalogues know it. `plural` and `context` are "" where there is none."""

    text: str
    plural: str = ""
    context: str = ""


def own_messages() -> dict[Message, list[str]]:
    """Every text that our code and templates mark, with the files it stands in, relative to the project."""
    base = Path(settings.BASE_DIR)
    found: dict[Message, set[str]] = {}
    for package in PACKAGES:
        for path in (base / package).rglob("*.py"):
            for message in python_messages(path.read_text()):
                found.setdefault(message, set()).add(path.relative_to(base).as_posix())
    for path in (base / "templates").rglob("*.*"):
        if path.relative_to(base / "templates").parts[0] not in REPLACED:
            for message in template_messages(path.read_text()):
                found.setdefault(message, set()).add(path.relative_to(base).as_posix())
    return {message: sorted(places) for message, places in found.items()}


def python_messages(source: str) -> Iterator[Message]:
    """The translatable texts of a module."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        texts = [part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        yield from _message(name, texts)


def template_messages(source: str) -> Iterator[Message]:
    """The translatable texts of a template."""
    for name, *strings in _TEMPLATE_CALL.findall(templatize(source)):
        yield from _message(name, [ast.literal_eval(string) for string in strings if string])


def _message(name: str, texts: list[str]) -> Iterator[Message]:
    match = _FUNCTION.fullmatch(name)
    if not match or not texts:
        return
    context = texts.pop(0) if match[2] and len(texts) > 1 else ""
    plural = texts[1] if match[1] and len(texts) > 1 else ""
    yield Message(texts[0], plural, context)


def unmarked_texts() -> Iterator[tuple[str, str]]:
    """Words of templates for translated pages that no catalogue can reach: the template and the words."""
    templates = Path(settings.BASE_DIR, "templates")
    for pattern in TRANSLATED:
        for path in sorted(templates.glob(pattern)):
            if path.name not in GERMAN_ONLY:
                yield from ((path.relative_to(templates).as_posix(), text) for text in unmarked(path.read_text()))


def unmarked(source: str) -> Iterator[str]:
    """The words of a template that stand outside of `translate`, `blocktranslate` and `_()`."""
    reader = _TextReader()
    silent = ""
    for token in Lexer(source).tokenize():
        name = token.contents.split(" ")[0] if token.token_type == TokenType.BLOCK else ""
        if name in ("blocktranslate", "comment"):
            silent = f"end{name}"
        elif silent and name == silent:
            silent = ""
        elif silent:
            continue
        elif token.token_type == TokenType.TEXT:
            reader.feed(token.contents)
        else:
            # A tag may stand in an attribute, so the reader must see something in its place.
            reader.feed("x0" if token.token_type == TokenType.VAR else "")
            yield from _constants(token, name)
    reader.close()
    yield from reader.texts


def _constants(token: Token, name: str) -> Iterator[str]:
    """Strings that a tag or filter would print: they start like a German sentence, and are no name of a file."""
    if token.token_type == TokenType.COMMENT or name in ("translate", "load", "extends", "url", "static", "href"):
        return
    for double, single in _CONSTANT.findall(token.contents):
        text = double or single
        if text[:1].isupper() and _WORD.search(NAMES.sub("", text)):
            yield text


class _TextReader(HTMLParser):
    """Collects what people see or hear: text, and the attributes that are read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self._keep(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in _READ_ALOUD or (name == "content" and ("name", "description") in attrs):
                self._keep(value or "")

    def _keep(self, text: str) -> None:
        text = " ".join(text.split())
        if _WORD.search(NAMES.sub("", text)):
            self.texts.append(text)
