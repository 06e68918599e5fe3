"""`export_subscribers`: everybody who gets the newsletter, as CSV on the standard output."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from newsletter.subscribing import exchange


class Command(BaseCommand):
    help = "Schreibt alle aktiven und pausierten Abonnements als CSV auf die Standardausgabe (Spalten wie beim Import)."

    def handle(self, *args: Any, **options: Any) -> None:
        for line in exchange.export_lines():
            self.stdout.write(line, ending="")
