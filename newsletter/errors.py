"""What the newsletter refuses to do. The messages are German sentences for editors."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsletter.models import Mailing


class Refused(Exception):
    """Something is not allowed now; the message says why and what to do next."""


class AlreadyStarted(Refused):
    """The issue has a mailing; sending it again would reach people twice."""

    def __init__(self, mailing: Mailing) -> None:
        self.mailing = mailing
        super().__init__(f"Diese Ausgabe hat schon einen Versand (Nummer {mailing.pk}). Niemand bekommt sie doppelt.")


class RenderingFailed(Refused):
    """The issue cannot be turned into a mail."""


class GateClosed(Refused):
    """The check before sending found something that must be put right first."""


class SamePerson(Refused):
    """Whoever wrote the issue last must not release it."""
