"""How the log is written: one line a record, as text or as JSON, and never with a token.

An address with a token is a key, and Django names the address of every failed request.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
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


class JsonFormatter(logging.Formatter):
    """One JSON object a line (RFC 8259): time (RFC 3339, UTC), level, logger, process, message, and the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage(),
        }
        if record.exc_info:
            said["exception"] = _without_token(self.formatException(record.exc_info))
        return json.dumps(said, ensure_ascii=False)
