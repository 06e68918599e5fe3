"""How the log is written: one line a record, as text or as JSON, and never with a token or the address of a person.

An address of the site with a token is a key, and Django names that of every failed request. Nothing of ours logs an
e-mail address, but an error of a library may hold one: PostgreSQL repeats the value that is there twice, a mail server
the recipient it refuses.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

_TOKEN = re.compile(
    r"(/(?:archiv/teilen|konto/einladung|konto/password/reset/key|newsletter/(?:bestaetigen|einstellungen|abmelden))/)"
    r"[^/\s?]+"
)
# A local part has 64 characters at the most (RFC 5321, 4.5.3.1.1): so a long path is not searched for ever.
_ADDRESS = re.compile(r"[\w.%+-]{1,64}(?:@|%40)(?:[\w-]{1,63}\.){1,10}[^\W\d_][\w-]+")


def discreet(text: str) -> str:
    """The text with "…" for every token and "…@…" for every e-mail address, also where "@" is percent-encoded."""
    return _ADDRESS.sub("…@…", _TOKEN.sub(r"\1…", text))


class LineFormatter(logging.Formatter):
    """A line of text, and the traceback below it."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        return discreet(super().format(record))


class JsonFormatter(logging.Formatter):
    """One JSON object a line (RFC 8259): time (RFC 3339, UTC), level, logger, process, message, and the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": discreet(record.getMessage()),
        }
        if record.exc_info:
            said["exception"] = discreet(self.formatException(record.exc_info))
        return json.dumps(said, ensure_ascii=False)
