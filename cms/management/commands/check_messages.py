"""`manage.py check_messages`: are the texts of the site translated and compiled? Part of `make lint`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms import catalogue


class Command(BaseCommand):
    help = "Checks the catalogues in locale/; --write updates and compiles them instead."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="take over new texts, drop unused ones, compile")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["write"]:
            # Django has read the old files by now, so the check itself is for the next call.
            catalogue.write()
            return
        found = catalogue.problems()
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write("The catalogues are complete.")
