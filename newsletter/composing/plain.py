"""The text part of a mail: 72 columns, addresses of links as numbered notes at the end."""

from __future__ import annotations

import re
import textwrap

from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig

WIDTH = 72
# Private use characters around the address of a link; they never reach a mail.
FOOTNOTE_START, FOOTNOTE_END = "\ue010", "\ue011"
_FOOTNOTE = re.compile(f"{FOOTNOTE_START}([^{FOOTNOTE_END}]*){FOOTNOTE_END}")
_LINK = re.compile(r"<a\b[^>]*\bhref=\"([^\"]*)\"[^>]*>(.*?)</a>", re.DOTALL)
_ITEM = re.compile(r"(\s*(?:[-*]|\d+\.)\s+)")
_CONFIG = ParserConfig(css=CSS_PROFILES["relaxed"])


def rich_text_to_plain(markup: str) -> str:
    """Paragraphs and lists of rich text as plain text; links become `words` with a footnote."""
    marked = _LINK.sub(lambda match: f"{match[2]}{FOOTNOTE_START}{match[1]}{FOOTNOTE_END}", markup)
    # inscriptis reads entities a second time: what was written as "&amp;" would become "&".
    marked = marked.replace("&amp;", "&amp;amp;")
    lines = [line.rstrip() for line in get_text(marked, _CONFIG).strip("\n").split("\n")]
    return "\n".join(re.sub(r"^\s*\* ", "- ", line) for line in lines)


def lay_out(text: str, base_url: str) -> str:
    """Wrap to 72 columns, number the footnotes and list their addresses at the end.

    Addresses inside the site get `base_url` in front. Words longer than a line stay whole: an address that is broken
    cannot be clicked.
    """
    addresses: dict[str, int] = {}

    def numbered(match: re.Match[str]) -> str:
        address = f"{base_url}{match[1]}" if match[1].startswith("/") else match[1]
        return f" [{addresses.setdefault(address, len(addresses) + 1)}]"

    lines = [_wrap(line.rstrip()) for line in _FOOTNOTE.sub(numbered, text).split("\n")]
    body = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
    notes = "\n".join(f"[{number}] {address}" for address, number in addresses.items())
    return f"{body}\n\n{'-' * WIDTH}\nLinks\n\n{notes}\n" if notes else f"{body}\n"


def _wrap(line: str) -> str:
    if len(line) <= WIDTH:
        return line
    item = _ITEM.match(line)
    start = " " * len(item[0]) if item else line[: len(line) - len(line.lstrip())]
    return textwrap.fill(
        line,
        WIDTH,
        subsequent_indent=start,
        break_long_words=False,
        break_on_hyphens=False,
    )
