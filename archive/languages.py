"""Languages of documents by name."""

from __future__ import annotations

from django.utils.translation import get_language_info

# What is spoken where the coordinators work; a document keeps any other code that it was stored with.
OFFERED = ("de", "de-simple", "en", "ar", "bg", "es", "fa", "fr", "pl", "ro", "ru", "tr", "uk", "vi")


def language_choices(stored: str = "") -> list[tuple[str, str]]:
    """Codes and names for a form, German first; with the code that is `stored`, whatever it is."""
    codes = [*OFFERED, *([stored] if stored and stored not in OFFERED else [])]
    return [(code, language_name(code)) for code in codes]


def language_name(code: str) -> str:
    """The name of a language in the language of the reader; of one that Django does not know, its code."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
