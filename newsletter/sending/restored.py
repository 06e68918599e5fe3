"""What a restored database does not know: which mails left after the backup was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from newsletter.models import Delivery, Mailing
from newsletter.sending.claiming import OPEN

if TYPE_CHECKING:
    from django.apps.registry import Apps

FROM_BACKUP = "Aus einer Sicherung wiederhergestellt: Ob die Mail danach noch gesendet wurde, ist nicht bekannt."


def hold_back(apps: Apps) -> int:
    """Keep a restored system from sending what the lost one may have sent after the backup.

    Deliveries of a mailing that was on its way become uncertain, and the mailing is paused; a mailing whose time came
    in the meantime waits for an editor. `apps` holds the models of the restored tables. Returns the number of
    deliveries that somebody has to decide about.
    """
    mailings = apps.get_model("newsletter", "Mailing").objects
    on_their_way = mailings.filter(state__in=[Mailing.State.SENDING, Mailing.State.PAUSED])
    open_rows = apps.get_model("newsletter", "Delivery").objects.filter(
        mailing__in=on_their_way.values("pk"), state__in=OPEN
    )
    held_back: int = open_rows.update(state=Delivery.State.UNCERTAIN, reply=FROM_BACKUP, claim=None, lease_until=None)
    on_their_way.update(state=Mailing.State.PAUSED)
    mailings.filter(state=Mailing.State.SCHEDULED, scheduled_at__lte=timezone.now()).update(state=Mailing.State.OVERDUE)
    return held_back
