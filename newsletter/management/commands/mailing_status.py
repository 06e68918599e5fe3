"""`mailing_status ID [--json]`: the figures of a mailing."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsletter.models import Mailing
from newsletter.sending.mailings import figures

KEYS = ("total", "sent", "failed", "uncertain", "pending", "skipped")
WORDS = {
    "total": "Adressen", "sent": "gesendet", "failed": "abgelehnt", "uncertain": "unklar",
    "pending": "noch offen", "skipped": "übersprungen",
}  # fmt: skip


class Command(BaseCommand):
    help = "Zeigt den Stand eines Versands."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", metavar="ID", type=int, help="Nummer des Versands")
        parser.add_argument("--json", action="store_true", help="Ergebnis als eine Zeile JSON auf der Standardausgabe")

    def handle(self, *args: Any, **options: Any) -> None:
        mailing = Mailing.objects.filter(pk=options["id"]).first()
        if mailing is None:
            raise CommandError(f"Es gibt keinen Versand {options['id']}.", returncode=2)
        counted = figures(mailing)
        if options["json"]:
            self.stdout.write(json.dumps({"state": mailing.state} | {key: counted[key] for key in KEYS}))
            return
        self.stdout.write(f"{mailing.subject}: {mailing.get_state_display()}")
        for key in KEYS:
            self.stdout.write(f"{WORDS[key]:>16} {counted[key]:>8}")
