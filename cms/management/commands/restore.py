"""`restore FILE [--replace] [--json]`: brings a backup back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cms.backup.errors import BackupError
from cms.backup.restoring import restore


class Command(BaseCommand):
    help = (
        "Prüft eine Sicherung und bringt sie in ein leeres System zurück, auf SQLite oder PostgreSQL. Website, Worker "
        "und Beat müssen so lange stehen."
    )
    # It makes the tables itself.
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--replace", action="store_true", help="Inhalte, die es schon gibt, werden ersetzt")
        parser.add_argument("--json", action="store_true", help="ein JSON-Objekt auf der Standardausgabe")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            restored = restore(options["file"], replace=options["replace"])
        except BackupError as error:
            raise CommandError(str(error), returncode=1) from error
        except OSError as error:
            raise CommandError(f"Die Sicherung ist nicht lesbar: {error.strerror or error}.", returncode=1) from error
        made = timezone.localtime(restored.manifest.created_at)
        if options["json"]:
            result = {
                "created_at": made.isoformat(), "rows": restored.rows, "files": restored.files,
                "held_back": restored.held_back,
            }  # fmt: skip
            self.stdout.write(json.dumps(result))
            return
        self.stdout.write(
            f"Der Stand vom {made:%d.%m.%Y, %H:%M} Uhr ist zurück: {restored.rows} Zeilen, {restored.files} Dateien. "
            "Alle müssen sich neu anmelden. Was danach kam, auch Abmeldungen vom Newsletter, ist nicht darin."
        )
        if restored.held_back:
            self.stdout.write(
                f"{restored.held_back} Zustellungen eines laufenden Versands sind als „unklar“ gekennzeichnet: Ob sie "
                "nach der Sicherung noch gesendet wurden, weiß niemand. Bitte im Admin entscheiden."
            )
