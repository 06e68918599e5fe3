"""Who pays for the work: the same sentence on every page, in every mail and in the PDF."""

from datetime import date

from django import template
from django.db.models import Q
from django.utils import timezone

from home.models import FundingPeriod

register = template.Library()


@register.simple_tag
def funding_period(day: date | None = None) -> FundingPeriod | None:
    """The funding period that holds on `day` (today if left out) with its funders, or None between two periods."""
    day = day or timezone.localdate()
    return (
        FundingPeriod.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)
        .prefetch_related("funders__logo")
        .order_by("-starts_on")
        .first()
    )
