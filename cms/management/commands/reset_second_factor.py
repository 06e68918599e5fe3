"""`reset_second_factor ADDRESS`: for the administrator who has lost their own and whom nobody may help in the admin."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.accounts import second_factor
from cms.accounts.errors import Refused
from cms.models import User


class Command(BaseCommand):
    help = "Entfernt App, Schlüssel und Wiederherstellungscodes eines Kontos und beendet seine Sitzungen."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="die E-Mail-Adresse des Kontos")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["address"].strip()).first()
        if user is None:
            raise CommandError("Zu dieser Adresse gibt es kein Konto.")
        try:
            second_factor.remove(user, by=None)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write("Der zweite Faktor ist entfernt. Beim nächsten Anmelden wird ein neuer eingerichtet.")
