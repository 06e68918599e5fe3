"""How far a mailing is, how fast it goes, and how long it will take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from home.templatetags.german import counted, number
from newsletter.models import Delivery, Mailing
from newsletter.sending.mailings import figures

# The rate is that of the last minute: a mailing slows down when servers ask for it.
WINDOW = timedelta(seconds=60)


@dataclass(frozen=True)
class Progress:
    """The figures of a mailing at one moment; `rate` in mails a second."""

    state: str
    state_words: str
    figures: dict[str, int]
    rate: float

    @property
    def running(self) -> bool:
        """Whether it is being sent: not when paused, and not when done."""
        return self.state == Mailing.State.SENDING

    @property
    def settled(self) -> int:
        """How many mails are done with, however it ended."""
        return self.figures["total"] - self.figures["pending"]

    @property
    def percent(self) -> int:
        """Rounded down: 100 means that nothing is left."""
        return 100 * self.settled // self.figures["total"] if self.figures["total"] else 100

    @property
    def words(self) -> str:
        """One sentence for everybody, also for screen readers."""
        said = f"{number(self.settled)} von {counted(self.figures['total'], 'Mail,Mails')} erledigt ({self.percent} %)"
        if not self.running or not self.figures["pending"]:
            return f"{said}."
        if not self.rate:
            return f"{said}, in der letzten Minute keine gesendet."
        return f"{said}, {self.rate_words}, noch {self.left_words}."

    @property
    def rate_words(self) -> str:
        """The rate in German, per minute where it is less than one a second."""
        if self.rate >= 1:
            return f"{number(round(self.rate))} in der Sekunde"
        return f"{number(max(1, round(self.rate * 60)))} in der Minute"

    @property
    def left_words(self) -> str:
        """How long the rest takes at this rate, roughly: more would change with every look."""
        seconds = self.figures["pending"] / self.rate if self.rate else 0
        if seconds < 60:
            return "weniger als eine Minute"
        if seconds < 90 * 60:
            return f"etwa {counted(max(1, round(seconds / 60)), 'Minute,Minuten')}"
        if seconds < 36 * 3600:
            return f"etwa {counted(round(seconds / 3600), 'Stunde,Stunden')}"
        return f"etwa {counted(round(seconds / 86400), 'Tag,Tage')}"

    def as_json(self) -> dict[str, Any]:
        """What the page asks for while it is open."""
        return {
            "state": self.state,
            "running": self.running,
            "settled": self.settled,
            "percent": self.percent,
            "words": self.words,
            "figures": {name: number(value) for name, value in self.figures.items()},
        }


def progress_of(mailing: Mailing, counted: dict[str, int] | None = None) -> Progress:
    """Look at a mailing now; `counted` are its `figures` if the caller has just counted them."""
    rate = 0.0
    if mailing.state == Mailing.State.SENDING and mailing.started_at is not None:
        now = timezone.now()
        since = max(now - WINDOW, min(mailing.started_at, now))
        sent = mailing.deliveries.filter(state=Delivery.State.SENT, sent_at__gt=since).count()
        rate = sent / max((now - since).total_seconds(), 1.0)
    return Progress(mailing.state, mailing.get_state_display(), counted or figures(mailing), rate)
