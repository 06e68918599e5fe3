"""`import_documents DIR [--edition N] [--json]`: bulk intake without broker or worker."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from wagtail.models import Locale

from archive.file_types import FileRefused
from archive.indexing import read_version
from archive.intake import take_in
from archive.models import Document, DocumentVersion
from home.models import EditionPage

logger = logging.getLogger(__name__)

WORDS = {"stored": "aufgenommen", "duplicate": "schon vorhanden", "rejected": "abgelehnt", "failed": "fehlgeschlagen"}


class Command(BaseCommand):
    help = (
        "Nimmt alle Dateien eines Ordners ins Archiv auf, mit den Prüfungen des Hochladens. Jede Datei endet als "
        "stored, duplicate, rejected oder failed; keine hält die anderen auf."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path, help="Ordner, Unterordner eingeschlossen, oder eine einzelne Datei")
        parser.add_argument("--edition", type=int, metavar="N", help="Nummer der Ideenwerkstatt, zu der alles gehört")
        parser.add_argument("--json", action="store_true", help="ein JSON-Objekt je Datei auf der Standardausgabe")

    def handle(self, *args: Any, **options: Any) -> None:
        root: Path = options["directory"]
        if not root.exists():
            raise CommandError(f"Den Ordner „{root}“ gibt es nicht.", returncode=2)
        edition = self._edition(options["edition"])
        paths = [root] if root.is_file() else sorted(path for path in root.rglob("*") if path.is_file())
        for path in paths:
            result = take_in_path(path, path.name if root.is_file() else str(path.relative_to(root)), edition)
            self._report(result, as_json=options["json"])

    def _edition(self, number: int | None) -> EditionPage | None:
        if number is None:
            return None
        found = EditionPage.objects.filter(
            series__slug="ideenwerkstatt", number=number, locale=Locale.get_default()
        ).first()
        if found is None:
            raise CommandError(f"Eine Ideenwerkstatt mit der Nummer {number} gibt es nicht.", returncode=2)
        return found

    def _report(self, result: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            reason = f" ({result['reason']})" if result["reason"] else ""
            self.stdout.write(f"{result['file']}: {WORDS[result['status']]}{reason}")


def take_in_path(path: Path, shown: str, edition: EditionPage | None) -> dict[str, Any]:
    """Takes in one file; the result has the keys of the operator's contract and says in German why not."""
    result: dict[str, Any] = {
        # Names on disk are bytes; what is no UTF-8 is shown, not raised.
        "file": shown.encode("utf-8", "replace").decode(),
        "status": "stored",
        "reason": "",
        "pages": None,
        "characters": None,
        "sha256": None,
    }
    try:
        taken = take_in(path, result["file"].rpartition("/")[2], document=Document(edition=edition))
        version = read_version(taken.version.pk) if taken.is_new else taken.version
    except FileRefused as error:
        return result | {"status": "rejected", "reason": str(error)}
    except OSError as error:
        return result | {
            "status": "failed",
            "reason": f"Die Datei ließ sich nicht lesen oder ablegen: {error.strerror or error}.",
        }
    except Exception:
        # What went wrong with one file is no reason to lose the others.
        logger.exception("a file could not be taken in")
        return result | {
            "status": "failed",
            "reason": "Beim Aufnehmen der Datei ist ein unerwarteter Fehler aufgetreten.",
        }
    result |= {"pages": version.page_count, "sha256": version.sha256}
    result["characters"] = sum(len(text) for text in version.leaves.values_list("text", flat=True).iterator())
    if not taken.is_new:
        return result | {"status": "duplicate", "reason": f"Liegt schon im Archiv: {taken.document.get_absolute_url()}"}
    if version.extraction == DocumentVersion.Extraction.FAILED:
        return result | {"status": "failed", "reason": version.extraction_error}
    return result
