"""Style sheets say what they seem to say: a bracket that is lost in a merge silences every rule after it."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
SHEETS = sorted(path for app in ("home", "archive", "newsletter") for path in (ROOT / app).glob("static/**/*.css"))


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_rule_that_begins_at_the_margin_stands_in_no_other_one(path):
    text = re.sub(r"/\*.*?\*/", lambda comment: re.sub(r"\S", " ", comment[0]), path.read_text(), flags=re.DOTALL)
    depth, inside = 0, []

    for line in text.splitlines():
        if depth and line[:1] not in ("", " ", "}"):
            inside.append(line)
        depth += line.count("{") - line.count("}")

    assert (depth, inside) == (0, [])
