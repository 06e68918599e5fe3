"""Characters that the bundled fonts do not have: named, spelt otherwise or left out. A smiley stops no document.

What remains (letters of scripts that Fira Sans does not have) is for people to write in Latin letters: the writer
reports it.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts" / "print"
# Marks that choose between two looks of a character, or join or order characters: nothing that anybody would miss.
_INVISIBLE = {"Cc", "Cf"}
_KEPT = frozenset("\t\n\r\f")
_MARKUP = frozenset("<>&\"'")


def printable(text: str) -> str:
    """`text` (HTML) with every character that no bundled font has replaced as well as it can be.

    Emoji become their German name in brackets (Unicode CLDR: "[Emoji: grinsendes gesicht]"), other symbols their
    Unicode name, compatibility characters what they stand for ("①" → "1"), odd spaces a space.
    """
    missing = frozenset(text) - _covered() - _KEPT
    if not missing:
        return text
    text = _with_named_emoji(text, missing)
    replaced = {ord(character): _replacement(character) for character in missing}
    return text.translate({code: spelt for code, spelt in replaced.items() if spelt is not None})


@cache
def _covered() -> frozenset[str]:
    """All characters for which some bundled font has a glyph."""
    # Only where something has to be looked up: most documents need none of it.
    from fontTools.ttLib import TTFont

    codes: set[int] = set()
    for path in sorted(FONTS.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            codes |= set(font.getBestCmap())
    return frozenset(map(chr, codes))


def _with_named_emoji(text: str, missing: frozenset[str]) -> str:
    import emoji

    emoji.config.load_language("de")

    def named(sequence: str, data: dict[str, Any]) -> str:
        # "©" is an emoji too, and every font has it.
        if not missing & frozenset(sequence.replace("\ufe0f", "")):
            return sequence
        return f"[Emoji: {_words(data.get('de') or data['en'])}]"

    return emoji.replace_emoji(text, replace=named)


def _words(name: str) -> str:
    """`:grinsendes_gesicht:` -> "grinsendes gesicht"; which of the words is a noun the name does not tell."""
    return " ".join(name.strip(":").split("_"))


def _replacement(character: str) -> str | None:
    """What to print instead; None if there is nothing sensible."""
    category = unicodedata.category(character)
    if category in _INVISIBLE or "\ufe00" <= character <= "\ufe0f":
        return ""
    if category.startswith("Z"):
        return " "
    alike = unicodedata.normalize("NFKC", character)
    if alike != character and frozenset(alike) <= _covered() - _MARKUP:
        return alike
    if category[0] in "SP":
        name = unicodedata.name(character, "")
        return f"[{name.lower()}]" if name else None
    return None
