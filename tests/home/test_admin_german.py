"""The admin speaks German throughout: what Wagtail has not translated stands in our own catalogue."""

from pathlib import Path

import polib
import pytest
import wagtail
from django.utils import translation

CATALOGUES = sorted(Path(wagtail.__file__).parent.glob("**/locale/en/LC_MESSAGES/django.po"))


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.parents[3].name))
def test_every_text_of_wagtail_is_translated(path):
    german = {
        entry.msgid
        for entry in polib.pofile(str(path.parents[2] / "de" / "LC_MESSAGES" / "django.po"))
        if entry.translated()
    }

    with translation.override("de"):
        missing = [
            entry.msgid
            for entry in polib.pofile(str(path))
            if entry.msgid not in german and translation.gettext(entry.msgid) == entry.msgid
        ]

    assert missing == []
