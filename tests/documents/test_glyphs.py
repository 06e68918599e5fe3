"""Characters that no bundled font has."""

import pytest

from home.rendering.glyphs import printable


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Danke 😀", "Danke [Emoji: grinsendes gesicht]"),
        ("👩🏽‍💻", "[Emoji: it-expertin mittlere hautfarbe]"),
        ("☎️", "[Emoji: telefon]"),
        ("© ™ € → „Ş“", "© ™ € → „Ş“"),
        ("©️", "©"),
        ("★", "[black star]"),
        ("① ﬀ Ａ", "1 ff A"),
        ("a\x07b\ufeffc\u2028d", "abc d"),
        ("＜b＞ ＆", "[fullwidth less-than sign]b[fullwidth greater-than sign] [fullwidth ampersand]"),
        ("<b>Wort</b>\n\tWort", "<b>Wort</b>\n\tWort"),
        # Letters of another script stay, for the writer to report.
        ("שלום", "שלום"),
    ],
)
def test_character_without_glyph_is_named_or_spelt(text, printed):
    assert printable(text) == printed
