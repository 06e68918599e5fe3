"""`import_subscribers FILE.csv [--dry-run] [--json]`."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsletter.subscribing import exchange
from newsletter.subscribing.csv_files import UnusableFile, csv_text


class Command(BaseCommand):
    help = (
        "Nimmt Abonnements aus einer CSV-Datei auf. Spalten: email, name, topics (Kürzel, getrennt durch |), "
        "consent_origin, consent_at (ISO 8601 mit Zeitzone). Ohne Herkunft der Einwilligung wird niemand aufgenommen."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE.csv", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="nur prüfen, nichts speichern")
        parser.add_argument("--json", action="store_true", help="ein JSON-Objekt je Zeile der Datei")

    def handle(self, *args: Any, **options: Any) -> None:
        counted: Counter[str] = Counter()
        try:
            with options["file"].open("rb") as file, csv_text(file) as lines:
                for outcome in exchange.import_rows(lines, dry_run=options["dry_run"]):
                    counted[outcome.status] += 1
                    self._report(outcome, as_json=options["json"])
        except UnusableFile as error:
            raise CommandError(str(error), returncode=2) from error
        except FileNotFoundError as error:
            raise CommandError(f"Die Datei {options['file']} gibt es nicht.", returncode=2) from error
        except OSError as error:
            raise CommandError(f"Die Datei ist nicht lesbar: {error}") from error
        if not options["json"]:
            summary = ", ".join(f"{word}: {counted[status]}" for status, word in exchange.WORDS.items())
            self.stdout.write(summary + (" (nur geprüft)" if options["dry_run"] else ""))

    def _report(self, outcome: exchange.Outcome, *, as_json: bool) -> None:
        if as_json:
            line = {"line": outcome.line, "status": outcome.status, "reason": outcome.reason}
            self.stdout.write(json.dumps(line, ensure_ascii=False))
        elif outcome.status != "added":
            self.stdout.write(f"Zeile {outcome.line}: {exchange.WORDS[outcome.status]}. {outcome.reason}".rstrip())
