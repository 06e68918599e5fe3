"""Style sheets as a browser takes them apart."""

from pathlib import Path

import pytest
import tinycss2  # comes with WeasyPrint
from django.conf import settings

SHEETS = sorted(
    path
    for place in ("home/static", "newsletter/static", "archive/static", "templates")
    for path in Path(settings.BASE_DIR, place).rglob("*.css")
)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_every_rule_is_closed(path):
    """A browser closes a forgotten brace at the end of the file: everything behind it belongs to the rule before."""
    source = path.read_text()
    tokens = tinycss2.parse_component_value_list(source)

    assert [token.message for token in tokens if token.type == "error"] == []
    # What it closes by itself would be a brace more.
    assert tinycss2.serialize(tokens).count("}") == source.count("}")
