"""`forget_subscribers [--json]`: what the task of the same name does every night."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from newsletter.subscribing import retention

WORDS = {
    "unconfirmed": "nie bestätigte Anmeldungen gelöscht",
    "anonymised": "Abgemeldete anonymisiert",
    "proofs": "Nachweise nach Ablauf der Frist gelöscht",
    "changes": "nie bestätigte neue Adressen gelöscht",
}


class Command(BaseCommand):
    help = "Löscht und anonymisiert, was der Newsletter nicht mehr braucht (Fristen: NEWSLETTER_…_DAYS)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="ein JSON-Objekt mit den Zahlen")

    def handle(self, *args: Any, **options: Any) -> None:
        numbers = asdict(retention.forget())
        if options["json"]:
            self.stdout.write(json.dumps(numbers))
        else:
            for name, words in WORDS.items():
                self.stdout.write(f"{words}: {numbers[name]}")
