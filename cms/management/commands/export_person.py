"""`export_person ADDRESS`: everything that is stored about somebody, as JSON on the standard output."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cms.privacy import persons


class Command(BaseCommand):
    help = "Schreibt alles, was zu einer E-Mail-Adresse gespeichert ist, als JSON (Art. 15 DSGVO)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="die E-Mail-Adresse der Person")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(persons.export_text(options["address"]), ending="")
