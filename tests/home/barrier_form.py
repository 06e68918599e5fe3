"""The form "Barriere melden" as a person fills it."""

from __future__ import annotations

import datetime
import re

import time_machine
from django.utils import timezone

from tests.accounts_content import OURS

ADDRESS = "/barrierefreiheit/melden/"
MESSAGE = "Das Menü lässt sich mit der Tastatur nicht öffnen."


def fill(client, **fields):
    """Open the form, wait as long as a person does, and send it."""
    html = client.get(ADDRESS).content.decode()
    token = re.search(r'name="shown" value="([^"]+)"', html)[1]
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=20), tick=True):
        return client.post(ADDRESS, {"message": MESSAGE, "shown": token} | fields, **OURS)
