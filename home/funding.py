"""Which funding holds when: the same sentence on every page, in every mail and in the PDF."""

from __future__ import annotations

import datetime

from django.db.models import F, Q
from django.utils import timezone

from home.people import FundingPeriod


def funding_on(day: datetime.date | None = None) -> FundingPeriod | None:
    """The funding period that holds on `day` (today if left out) with its funders, or None between two periods.

    A period without a known beginning or end is open on that side; of several the youngest wins.
    """
    day = day or timezone.localdate()
    return (
        FundingPeriod.objects.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gte=day)
        )
        .prefetch_related("funders__logo")
        .order_by(F("starts_on").desc(nulls_last=True))
        .first()
    )
