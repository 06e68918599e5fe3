"""No address of a person reaches the log: what the site logs in any test of the suite is looked at.

Looked for is every e-mail address of the domains for examples (RFC 2606) in what the handlers of the site would write,
traceback included. Addresses of the organisation itself, which stand in the settings, name nobody.
"""

from __future__ import annotations

import logging
import re

# Loggers of the site and of what it logs through. Others belong to the tools of the tests.
OURS = ("cms", "newsletter", "archive", "home", "django", "allauth", "wagtail", "celery", "root")
ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@(?:[a-z0-9-]+\.)*(?:example\.(?:org|com|net)|example|test)\b", re.IGNORECASE)
ORGANISATION = {"ikoe@example.org"}


class Witness(logging.Handler):
    """Keeps the records that name somebody."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.named: list[str] = []
        self._format = logging.Formatter("%(levelname)s %(name)s %(message)s")

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.partition(".")[0] not in OURS:
            return
        text = self._format.format(record)
        for address in ADDRESS.findall(text):
            if address.lower() not in ORGANISATION:
                self.named.append(f"{address}: {text.splitlines()[0][:200]}")
                return
