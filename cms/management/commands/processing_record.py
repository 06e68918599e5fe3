"""`processing_record [--write]`: the processing record of Art. 30 GDPR as Markdown."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cms.privacy import record


class Command(BaseCommand):
    help = "Schreibt das Verzeichnis der Verarbeitungen auf die Standardausgabe, mit --write nach docs/datenschutz.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="docs/datenschutz.md auf den Stand bringen")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["write"]:
            record.DOCUMENT.write_text(record.rendered(record.DOCUMENT.read_text()))
        else:
            self.stdout.write(record.table(), ending="")
