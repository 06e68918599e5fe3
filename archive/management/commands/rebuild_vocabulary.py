"""`rebuild_vocabulary`: counts the words of all documents anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from archive.wordstock import rebuild
from home.templatetags.german import counted


class Command(BaseCommand):
    help = (
        "Zählt den Wortschatz der Suche neu, aus dem sie zusammengesetzte Wörter und „Meinten Sie …?“ kennt. Solange "
        "nimmt das Archiv nichts auf; bei 10.000 Dokumenten dauert das etwa eine Minute."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{counted(rebuild(), 'Wort,Wörter')} im Wortschatz.")
