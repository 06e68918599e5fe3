"""Pages that will come or go by themselves (`publish_scheduled` does it every minute)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Revision

from home.editing.desk import LINES, Scheduled
from home.editing.policies import page_policy

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


def scheduled_pages(request: HttpRequest) -> Iterator[Scheduled]:
    """Pages that the person may edit: approved for a time, waiting for approval in spite of a time, about to go."""
    approved = Revision.page_revisions.filter(
        approved_go_live_at__isnull=False, object_id=Cast(OuterRef("pk"), output_field=CharField())
    ).order_by("approved_go_live_at")
    pages = (
        page_policy()
        .instances_user_has_any_permission_for(request.user, {"change", "publish"})
        .annotate(approved_for=Subquery(approved.values("approved_go_live_at")[:1]))
    )
    now = timezone.now()
    for page in _first(pages.filter(approved_for__isnull=False), "approved_for"):
        yield Scheduled(page.approved_for, *_line(page, "wird veröffentlicht"))
    # An editor who entered a time, but only saved, would wait in vain.
    for page in _first(pages.filter(approved_for=None, live=False, go_live_at__gt=now), "go_live_at"):
        yield Scheduled(page.go_live_at, *_line(page, "noch nicht freigegeben: bleibt ein Entwurf"))
    for page in _first(pages.filter(live=True, expire_at__gt=now), "expire_at"):
        yield Scheduled(page.expire_at, *_line(page, "wird von der Website genommen"))


def _first(pages: QuerySet[Page], order: str) -> QuerySet[Page]:
    return pages.order_by(order, "pk")[: LINES + 1]


def _line(page: Page, kind: str) -> tuple[str, str, str]:
    return page.get_admin_display_title(), kind, reverse("wagtailadmin_pages:edit", args=[page.pk])
