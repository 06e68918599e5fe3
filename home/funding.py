"""Which funding holds when: the same sentence on every page, in every mail and in the PDF."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import F, FilteredRelation, Q
from django.utils import timezone

from home.people import Funder, FundingPeriod


@dataclass(frozen=True)
class Funding:
    """Who pays, and in which words funders want that said."""

    wording: str
    funders: list[Funder]


def funding_on(day: datetime.date | None = None) -> Funding | None:
    """The funding that holds on `day` (today if left out), or None between two periods.

    A period without a known beginning or end is open on that side; of several the youngest wins. One query, as this
    stands on every page: each row is a period with one of its funders and one rendition of that funder's logo.
    """
    day = day or timezone.localdate()
    rows = list(
        FundingPeriod.objects.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gte=day)
        )
        .annotate(funder=FilteredRelation("funders"), rendition=FilteredRelation("funders__logo__renditions"))
        .select_related("funder__logo", "rendition")
        .order_by(F("starts_on").desc(nulls_last=True), "pk", "funder__name")
    )
    return Funding(rows[0].wording, _funders([row for row in rows if row.pk == rows[0].pk])) if rows else None


def _funders(rows: list[FundingPeriod]) -> list[Funder]:
    """The funders in `rows`, each once; Wagtail takes renditions from `prefetched_renditions` without asking."""
    found: dict[int, Funder] = {}
    for row in rows:
        # Django leaves out the attribute of a join that found nothing.
        funder, rendition = getattr(row, "funder", None), getattr(row, "rendition", None)
        if funder is None:
            continue
        funder = found.setdefault(funder.pk, funder)
        if funder.logo:
            known = funder.logo.__dict__.setdefault("prefetched_renditions", [])
            if rendition is not None:
                rendition.image = funder.logo
                known.append(rendition)
    return list(found.values())
