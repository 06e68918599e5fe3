"""How many sign-ups and mails there may be: nobody can use the forms to flood somebody's mailbox.

Two kinds of limits. Requests are counted in the cache, under a keyed hash that goes away with its window, and without
Redis they are not counted: the forms go on working. Mails are counted in the database, where each of them is written
down anyway, so a lost Redis cannot let a thousand of them out. What is over a limit of mails is not thrown away: the
sweep tries again for a day.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from home.rate_limit import client_network, is_allowed
from newsletter import addresses
from newsletter.models import ConsentRecord, Subscriber

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# A whole administration, or everybody at a conference, reaches us from one address.
REQUESTS_FROM_A_PLACE = 30  # an hour
REQUESTS_FOR_AN_ADDRESS = 5  # a day
MAILS_TO_AN_ADDRESS = 3  # a day
MAILS_TO_A_DOMAIN = 40  # an hour; one organisation, or a domain that takes mail for every name
MAILS = ((150, HOUR), (400, DAY))
# Exports of one person: each PDF takes a second of a processor.
EXPORTS = 10  # an hour


def may_ask(request: HttpRequest) -> bool:
    """Count a sent form of the place a request comes from; False when too many came from there."""
    return is_allowed("newsletter-from", client_network(request), most=REQUESTS_FROM_A_PLACE, within=HOUR)


def may_ask_for(address: str) -> bool:
    """Count a request for an address; False when it is not worth writing down any more."""
    return is_allowed("newsletter-for", addresses.fold(address), most=REQUESTS_FOR_AN_ADDRESS, within=DAY)


def may_export(subscriber: Subscriber) -> bool:
    """Count an export that a person asked for; False when there were too many."""
    return is_allowed("newsletter-export", subscriber.key.hex, most=EXPORTS, within=HOUR)


def may_mail(subscriber: Subscriber, address: str) -> bool:
    """Whether one more mail that a form caused may go to this address now."""
    if not there_is_room() or _mails(DAY).filter(subscriber=subscriber).count() >= MAILS_TO_AN_ADDRESS:
        return False
    domain = f"@{addresses.domain(address)}"
    there = Q(subscriber__email__iendswith=domain) | Q(subscriber__new_email__iendswith=domain)
    return _mails(HOUR).filter(there).count() < MAILS_TO_A_DOMAIN


def there_is_room() -> bool:
    """Whether any more mail that a form caused may leave now."""
    return all(_mails(within).count() < most for most, within in MAILS)


def _mails(within: timedelta) -> QuerySet[ConsentRecord]:
    return ConsentRecord.objects.filter(event=ConsentRecord.Event.MAILED, at__gt=timezone.now() - within)
