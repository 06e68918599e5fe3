"""Keeps tokens out of the log: an address with one is a key, and Django names the address of every failed request."""

from __future__ import annotations

import logging
import re
from typing import Any

_TOKEN = re.compile(
    r"(/(?:archiv/teilen|konto/einladung|konto/password/reset/key|newsletter/(?:bestaetigen|einstellungen|abmelden))/)"
    r"[^/\s?]+"
)


class TokenFilter(logging.Filter):
    """Replaces the token in addresses of a record by "…"; drops nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_without_token(value) for value in record.args)
        record.msg = _without_token(record.msg)
        return True


def _without_token(value: Any) -> Any:
    return _TOKEN.sub(r"\1…", value) if isinstance(value, str) else value
