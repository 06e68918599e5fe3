"""`manage.py check_messages`: is every text of the login German? Part of `make lint`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms import catalogue


class Command(BaseCommand):
    help = "Checks the German catalogue; --write compiles it instead."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="compile locale/de/LC_MESSAGES/django.po")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["write"]:
            # Django has read the old file by now, so the check itself is for the next call.
            catalogue.COMPILED.write_bytes(catalogue.compiled())
            return
        found = catalogue.problems()
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write("The German catalogue is complete.")
