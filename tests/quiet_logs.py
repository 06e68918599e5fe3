"""No address of a person reaches the log: what the site logs in any test of the suite is looked at.

Here, what the process of the tests itself logs; `tests.child_logs` has what others log that the tests start.

Looked for is every e-mail address of the domains for examples (RFC 2606) in what the handlers of the site would write,
traceback included. Addresses of the organisation itself, which stand in the settings, name nobody.
"""

from __future__ import annotations

import logging
import re

# Loggers of the site and of what it logs through. Others belong to the tools of the tests.
OURS = ("cms", "newsletter", "archive", "home", "django", "allauth", "wagtail", "celery", "root")
# "@" is percent-encoded in the query of an address. No part is without an end: a log has lines of any length.
ADDRESS = re.compile(
    r"([a-z0-9._%+-]{1,64})(@|%40)((?:[a-z0-9-]{1,63}\.){0,9}(?:example\.(?:org|com|net)|example|test)\b)",
    re.IGNORECASE,
)
ORGANISATION = {"ikoe@example.org"}


def addresses_in(text: str) -> set[str]:
    """Addresses of people, in lower case."""
    found = {f"{person}@{domain}".lower() for person, _at, domain in ADDRESS.findall(text)}
    return found - ORGANISATION


def masked(text: str) -> str:
    """The text with nothing but the first letter of an address: enough to find it, too little to repeat it."""
    return ADDRESS.sub(lambda found: f"{found[1][0]}…@…", text)


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
        if addresses_in(text):
            self.named.append(masked(text.splitlines()[0])[:200])
