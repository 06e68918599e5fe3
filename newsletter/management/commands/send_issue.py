"""`send_issue ISSUE [--at ISO8601] [--wait] [--json]`: start the mailing of an issue."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime

from newsletter import tasks
from newsletter.errors import AlreadyStarted, Refused
from newsletter.models import Mailing, NewsletterIssuePage
from newsletter.sending import delivering, mailings, sweeping

# A worker that is alive takes its first claim well within this time.
PATIENCE = 5.0
STEP = 0.2
ENDED = (Mailing.State.COMPLETE, Mailing.State.CANCELLED, Mailing.State.PAUSED, Mailing.State.OVERDUE)
BAR = 30


class Command(BaseCommand):
    help = "Versendet eine Ausgabe des Newsletters. Eine Ausgabe, die schon versendet wird, bleibt wie sie ist."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("issue", metavar="ISSUE", help="Nummer der Seite oder ihr Kürzel in der Adresse")
        parser.add_argument(
            "--at", metavar="ISO8601", help="Zeitpunkt mit Zeitzone, zum Beispiel 2025-01-15T08:30+01:00"
        )
        parser.add_argument("--wait", action="store_true", help="warten, bis der Versand abgeschlossen ist")
        parser.add_argument("--json", action="store_true", help="Ergebnis als JSON Lines auf der Standardausgabe")

    def handle(self, *args: Any, **options: Any) -> None:
        at = _time(options["at"])
        issue = find_issue(options["issue"])
        try:
            mailing = mailings.start_mailing(issue, at=at)
        except AlreadyStarted as again:
            mailing = again.mailing
            self.stderr.write(str(again))
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(json.dumps({"mailing": mailing.pk}) if options["json"] else f"Versand {mailing.pk}")
        self.stdout.flush()
        asked = mailing.state == Mailing.State.SENDING and tasks.wake(mailing.pk)
        if options["wait"]:
            self._wait(mailing, patience=PATIENCE if asked else 0.0)

    def _wait(self, mailing: Mailing, *, patience: float) -> None:
        """Show the progress until the mailing ends; do the work here when nobody else does for `patience` seconds."""
        before, since = None, time.monotonic()
        while True:
            sweeping.sweep()
            mailing.refresh_from_db()
            now = mailings.figures(mailing)
            if now != before:
                self.stderr.write(f"\r{progress(now)}", ending="")
                self.stderr.flush()
            if mailing.state in ENDED:
                break
            if now != before:
                before, since = now, time.monotonic()
            if time.monotonic() - since >= patience and sweeping.has_due(mailing.pk):
                delivering.deliver(mailing.pk, limit=timedelta(seconds=1))
            time.sleep(STEP)
        self.stderr.write("")
        if mailing.state != Mailing.State.COMPLETE:
            raise CommandError(f"Der Versand ist nicht abgeschlossen: {mailing.get_state_display()}.")


def progress(figures: dict[str, int]) -> str:
    """One line: a bar and the figures in words."""
    done = figures["total"] - figures["pending"]
    filled = BAR * done // figures["total"] if figures["total"] else BAR
    words = f"{done} von {figures['total']}, gesendet {figures['sent']}"
    for name, word in (("failed", "abgelehnt"), ("uncertain", "unklar"), ("skipped", "übersprungen")):
        if figures[name]:
            words += f", {word} {figures[name]}"
    return f"[{'#' * filled}{'.' * (BAR - filled)}] {words}"


def find_issue(name: str) -> NewsletterIssuePage:
    """The issue with this page id or slug; ends the command if there is none or more than one."""
    issues = (
        NewsletterIssuePage.objects.filter(pk=int(name)) if name.isdecimal() else NewsletterIssuePage.objects.none()
    )
    issues = issues if issues else NewsletterIssuePage.objects.filter(slug=name)
    try:
        return issues.get()
    except NewsletterIssuePage.DoesNotExist as error:
        raise CommandError(f"Es gibt keine Ausgabe „{name}“.", returncode=2) from error
    except NewsletterIssuePage.MultipleObjectsReturned as error:
        raise CommandError(
            f"Mehrere Ausgaben heißen „{name}“. Bitte die Nummer der Seite angeben.", returncode=2
        ) from error


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = parse_datetime(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise CommandError(
            "--at: erwartet wird eine Zeit mit Zeitzone, zum Beispiel 2025-01-15T08:30+01:00.", returncode=2
        )
    return at
