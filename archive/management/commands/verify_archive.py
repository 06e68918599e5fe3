"""`verify_archive [--json]`: re-hashes every stored file."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from archive.fixity import INTACT, Finding, check_all, strays
from archive.storage import StorageUnavailable
from home.templatetags.german import counted

WORDS = {"changed": "Inhalt verändert", "missing": "Datei fehlt oder ist nicht lesbar"}


class Command(BaseCommand):
    help = (
        "Vergleicht jede Datei des Archivs mit ihrer Prüfsumme, die am längsten nicht geprüfte zuerst, und nennt "
        "Dateien, die zu keinem Dokument gehören. Ende mit Status 1, wenn eine Datei verändert ist oder fehlt."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="ein JSON-Objekt je Datei auf der Standardausgabe")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._check(**options)
        except StorageUnavailable as error:
            raise CommandError(f"{error} Was bis dahin geprüft ist, gilt; bitte später noch einmal.") from error

    def _check(self, **options: Any) -> None:
        checked = damaged = unknown = 0
        for finding in check_all():
            checked += 1
            damaged += finding.status != INTACT
            self._report(finding, as_json=options["json"])
        for name in strays():
            unknown += 1
            self._report_stray(name, as_json=options["json"])
        if not options["json"]:
            more = f" {counted(unknown, 'gehört,gehören')} zu keinem Dokument." if unknown else ""
            self.stdout.write(f"{counted(checked, 'Datei,Dateien')} geprüft, {damaged} beschädigt.{more}")
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
        elif finding.status != INTACT:
            self.stdout.write(f"Dokument {version.document_id}, Fassung {version.number}: {WORDS[finding.status]}")

    def _report_stray(self, name: str, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"file": name, "status": "stray"}))
        else:
            self.stdout.write(f"{name}: gehört zu keinem Dokument")
