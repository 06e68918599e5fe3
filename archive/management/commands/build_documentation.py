"""`build_documentation EDITION [--variant public,internal,short] [--output FILE]`: needs neither broker nor worker."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from wagtail.models import Locale

from archive.documentation.building import LEVELS, BuildRefused, State, request_build, run_build
from archive.documentation.checking import count_pages
from archive.documentation.requesting import LOST, give_up_lost
from archive.indexing import read_version
from archive.models import DocumentationBuild
from home.events.models import EditionPage
from home.templatetags.german import counted

USAGE, FAILED = 2, 1
_BAR = 20


class Command(BaseCommand):
    help = "Erstellt die PDF-Dokumentation einer Ausgabe und legt sie im Archiv ab."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("edition", metavar="EDITION", help="13 (Ideenwerkstatt) oder <Reihe>/<Nummer oder Kürzel>")
        parser.add_argument("--variant", default="public", help=f"mit Komma getrennt: {', '.join(LEVELS)}")
        parser.add_argument("--output", metavar="FILE", type=Path, help="die PDF-Datei zusätzlich hierhin schreiben")

    def handle(self, *args: Any, edition: str, variant: str, output: Path | None, **options: Any) -> None:
        variants = [name.strip() for name in variant.split(",") if name.strip()]
        unknown = [name for name in variants if name not in LEVELS]
        if unknown or not variants:
            names = ", ".join(LEVELS)
            raise CommandError(
                f"Unbekannte Variante: {', '.join(unknown) or '(leer)'}. Es gibt: {names}.", returncode=USAGE
            )
        if output and len(variants) > 1:
            raise CommandError("--output geht nur mit einer einzigen Variante.", returncode=USAGE)
        if output and not output.resolve().parent.is_dir():
            raise CommandError(f"Das Verzeichnis {output.parent} gibt es nicht.", returncode=USAGE)
        page = find_edition(edition)
        for name in variants:
            self._build(page, name, output)

    def _build(self, page: EditionPage, variant: str, output: Path | None) -> None:
        try:
            build = self._built(page, variant)
        except BuildRefused as error:
            raise CommandError(str(error), returncode=FAILED) from error
        if build.state == State.FAILED or build.version is None:
            raise CommandError(build.reason, returncode=FAILED)
        if build.state == State.STORED:
            read_version(build.version.pk)
        with build.version.file.open("rb") as file:
            content = file.read()
        if output:
            output.write_bytes(content)
        address = settings.BASE_URL + build.version.document.url
        # Not what the archive knows: another process may still be reading the version for it.
        pages = counted(count_pages(content), "Seite,Seiten")
        note = "unverändert, nichts Neues abgelegt" if build.state == State.UNCHANGED else "abgelegt"
        self.stdout.write(f"{page.heading}, {build.get_variant_display()}: {pages}, {note}: {output or address}")

    def _built(self, page: EditionPage, variant: str) -> DocumentationBuild:
        """The build of this process, or the one that a worker has begun: then its end is waited for."""
        while True:
            build = run_build(request_build(page, variant), on_state=self._show)
            while not build.finished_at:
                give_up_lost()
                time.sleep(0.5)
                build.refresh_from_db()
                self._show(build)
            if build.reason != LOST:
                return build

    def _show(self, build: DocumentationBuild) -> None:
        done = round(_BAR * build.progress / 100)
        line = f"[{'#' * done}{'.' * (_BAR - done)}] {build.progress:3d} % {build.get_state_display()}"
        end = "\n" if build.finished_at or not sys.stderr.isatty() else "\r"
        self.stderr.write(line.ljust(60), ending=end)


def find_edition(name: str) -> EditionPage:
    """The edition called `13` (of the Ideenwerkstatt) or `<series>/<number or slug>`. Raises CommandError."""
    series, _, rest = name.rpartition("/")
    editions = EditionPage.objects.filter(locale=Locale.get_default(), series__slug=series or "ideenwerkstatt")
    found = editions.filter(number=int(rest)).first() if rest.isdecimal() and len(rest) < 5 else None
    found = found or editions.filter(slug=rest).select_related("series").first()
    if found is None:
        raise CommandError(f"Die Ausgabe „{name}“ gibt es nicht.", returncode=USAGE)
    return found
