"""Words that somebody meant to replace before the mail goes out."""

from __future__ import annotations

import re

# Merge fields of templates and of other newsletter systems, notes to oneself, sample text. Each has a greatest length,
# so that a text full of opening brackets is read once and not once a bracket.
_PLACEHOLDER = re.compile(
    r"\{\{[^{}]{0,200}\}\}|\{%[^%]{0,200}%\}|\[\[[^\[\]]{0,200}\]\]|\$\{[^{}]{0,200}\}|\*\|[^|]{0,200}\|\*"
    r"|%%\w{1,200}%%|%\(\w{1,200}\)s|slot-[0-9a-f]{16}"
    r"|\b(?:TODO|TBD|FIXME|XXX+)\b|\blorem ipsum\b|\[\.\.\.\]|\[…\]",
    re.IGNORECASE,
)
LONGEST = 60


def placeholders_in(text: str) -> list[str]:
    """What in `text` looks like a placeholder, each once and cut to a readable length."""
    found = dict.fromkeys(match[0] for match in _PLACEHOLDER.finditer(text))
    return [one if len(one) <= LONGEST else f"{one[: LONGEST - 1]}…" for one in found]
