"""`backup [--output FILE] [--json]`: one archive of database and files, while the site runs."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from cms.backup.errors import BackupError
from cms.backup.saving import save_to


class Command(BaseCommand):
    help = (
        "Sichert Datenbank und Dateien in ein Archiv (tar) mit Prüfsummen; die Website läuft dabei weiter. Ende mit "
        "Status 1, wenn das nicht gelingt oder eine Datei fehlt, die es geben müsste."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--output", type=Path, metavar="FILE", help="Datei oder Verzeichnis (sonst: VAR_DIR/backups/)"
        )
        parser.add_argument("--json", action="store_true", help="ein JSON-Objekt auf der Standardausgabe")

    def handle(self, *args: Any, **options: Any) -> None:
        path = _path(options["output"])
        try:
            saved = save_to(path)
        except BackupError as error:
            raise CommandError(str(error), returncode=1) from error
        rows = sum(saved.rows.values())
        if options["json"]:
            result = {
                "file": str(path), "rows": rows, "files": saved.files, "bytes": path.stat().st_size,
                "missing": saved.missing,
            }  # fmt: skip
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            self.stdout.write(f"{path}: {rows} Zeilen, {saved.files} Dateien, {filesizeformat(path.stat().st_size)}")
        for name in saved.missing:
            self.stderr.write(f"Fehlt im Speicher und deshalb in der Sicherung: {name}")
        if saved.missing:
            sys.exit(1)


def _path(output: Path | None) -> Path:
    name = f"ikoe-{timezone.localtime():%Y-%m-%dT%H%M%S}.tar"
    if output is None:
        return Path(settings.VAR_DIR) / "backups" / name
    return output / name if output.is_dir() else output
