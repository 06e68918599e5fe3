"""`ingest_bounces PATH... [--imap] [--json]`: reads what came back, without broker or worker."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsletter.bounces import acting, files, mailbox
from newsletter.bounces.acting import Outcome

WORDS = {
    "hard": "dauerhaft unzustellbar", "soft": "vorübergehend unzustellbar", "policy": "Regeln des Empfängers",
    "complaint": "Beschwerde", "auto_reply": "automatische Antwort", "not_a_bounce": "kein Rückläufer",
}  # fmt: skip
ACTIONS = {
    "stopped": "Adresse gestoppt", "recorded": "vermerkt", "paused": "Versand angehalten", "unsubscribed": "abgemeldet",
    "duplicate": "schon bekannt", "ignored": "nichts zu tun", "failed": "nicht lesbar",
}  # fmt: skip
UNREADABLE = Outcome("not_a_bounce", "", "", "failed")


class Command(BaseCommand):
    help = (
        "Liest zurückgekommene Mails: Dateien (.eml), Ordner, maildir, mbox oder mit --imap das Postfach aus "
        "BOUNCE_IMAP_URL. Nur Rückläufer mit gültigem Kennzeichen ändern etwas; zweimal gelesen zählt einmal."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", metavar="PATH", nargs="*", type=Path, help="Datei, Ordner, maildir oder mbox")
        parser.add_argument("--imap", action="store_true", help="das Postfach aus BOUNCE_IMAP_URL lesen")
        parser.add_argument("--json", action="store_true", help="ein JSON-Objekt je Nachricht auf der Standardausgabe")

    def handle(self, *args: Any, **options: Any) -> None:
        paths: list[Path] = options["paths"]
        self._check(paths, imap=options["imap"])
        self._as_json = options["json"]
        self._counted: Counter[str] = Counter()
        for path in paths:
            for found in files.messages_in(path):
                self._report(found.file, UNREADABLE if found.content is None else acting.take_in(found.content))
        if options["imap"]:
            try:
                for taken in mailbox.read_mailbox():
                    self._report(taken.file, taken.outcome)
            except mailbox.MailboxUnavailable as error:
                raise CommandError(f"Das Postfach für Rückläufer ist nicht lesbar. {error}") from error
        if not self._as_json:
            self.stdout.write(", ".join(f"{ACTIONS[key]}: {count}" for key, count in self._counted.items()) or "nichts")
        if self._counted["failed"]:
            raise CommandError(f"Nicht lesbar: {self._counted['failed']}. Die übrigen sind verarbeitet.")

    def _check(self, paths: list[Path], *, imap: bool) -> None:
        if not paths and not imap:
            raise CommandError("Bitte geben Sie Dateien oder Ordner an, oder --imap.", returncode=2)
        for path in paths:
            if not (path.is_file() or path.is_dir()):
                raise CommandError(f"„{path}“ gibt es nicht.", returncode=2)
        if imap and not settings.BOUNCE_IMAP_URL:
            raise CommandError("--imap braucht die Umgebungsvariable BOUNCE_IMAP_URL.", returncode=2)

    def _report(self, file: str, outcome: Outcome) -> None:
        self._counted[outcome.action] += 1
        if self._as_json:
            self.stdout.write(json.dumps({"file": file} | asdict(outcome), ensure_ascii=False))
        else:
            code = f" ({outcome.code})" if outcome.code else ""
            self.stdout.write(f"{file}: {WORDS[outcome.kind]}{code}. {ACTIONS[outcome.action].capitalize()}.")
