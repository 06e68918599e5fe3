"""`forget_person ADDRESS [--dry-run]`: erase somebody in all apps, and say what stays without a name and why."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.accounts.errors import Refused
from cms.privacy import persons


class Command(BaseCommand):
    help = "Löscht alles, was zu einer E-Mail-Adresse gespeichert ist (Art. 17 DSGVO); --dry-run ändert nichts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="die E-Mail-Adresse der Person")
        parser.add_argument("--dry-run", action="store_true", help="nichts ändern")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            steps = persons.forget(options["address"], dry_run=options["dry_run"])
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        for step in steps:
            self.stdout.write(f"{step.what} ({step.number}): {step.done}")
        if not steps:
            self.stdout.write("Zu dieser Adresse ist nichts gespeichert.")
