"""Languages of documents by name."""

from __future__ import annotations

from django.utils.translation import get_language_info


def language_name(code: str) -> str:
    """The name of a language in the language of the reader; of one that Django does not know, its code."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
