"""`load_demo [--json]`: the demo content of all apps, in the order of their imports."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

import archive.demo
import home.demo
import newsletter.demo
from cms.demo_users import load_users


class Command(BaseCommand):
    help = "Lädt die Demo-Inhalte. Ein zweiter Lauf ändert nichts; eine Website mit eigenen Inhalten bleibt unberührt."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Ergebnis als eine Zeile JSON auf der Standardausgabe")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = home.demo.load()
        except home.demo.SiteHasOtherContent as error:
            raise CommandError(str(error)) from error
        # Before the archive: protocols name who has worked on them.
        users, password = load_users()
        archive.demo.load()
        issue = newsletter.demo.load()
        if options["json"]:
            result = {"issue": issue.slug, "edition": 13, "users": users, "password": password}
            self.stdout.write(json.dumps(result, ensure_ascii=False))
            return
        self.stdout.write(
            f"Demo geladen: {loaded.pages} Seiten, davon {loaded.editions} Ausgaben und {loaded.reports} Berichte."
        )
