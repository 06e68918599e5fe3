"""`verify_archive [--json]`: re-hashes every stored file."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from archive.fixity import Finding, check_all

WORDS = {"changed": "Inhalt verändert", "missing": "Datei fehlt"}


class Command(BaseCommand):
    help = (
        "Vergleicht jede Datei des Archivs mit ihrer Prüfsumme. Ende mit Status 1, wenn eine verändert ist oder fehlt."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="ein JSON-Objekt je Datei auf der Standardausgabe")

    def handle(self, *args: Any, **options: Any) -> None:
        checked = damaged = 0
        for finding in check_all():
            checked += 1
            damaged += finding.status != "intact"
            self._report(finding, as_json=options["json"])
        if not options["json"]:
            self.stdout.write(f"{checked} Dateien geprüft, {damaged} beschädigt.")
        if damaged:
            sys.exit(1)

    def _report(self, finding: Finding, *, as_json: bool) -> None:
        version = finding.version
        if as_json:
            result = {
                "document": version.document_id,
                "version": version.number,
                "status": finding.status,
                "sha256": version.sha256,
            }
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        elif finding.status != "intact":
            self.stdout.write(f"Dokument {version.document_id}, Fassung {version.number}: {WORDS[finding.status]}")
