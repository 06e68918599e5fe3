"""Pages that nobody has looked after for long: finding them, and saying that one still holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail.query import PageQuerySet

from home.upkeep.models import PageReview

LOG_ACTION = "home.review"


def pages_due() -> PageQuerySet:
    """Live pages whose last change and last review are longer ago than PAGE_REVIEW_DAYS, the oldest first.

    Aliases are left out: they show the content of another page, which is listed itself.
    """
    now = timezone.localtime()
    limit = timedelta(days=settings.PAGE_REVIEW_DAYS)
    reviewed = PageReview.objects.filter(page=OuterRef("pk"), reviewed_on__gte=now.date() - limit)
    old = PageQuerySet(Page).live().filter(alias_of=None, last_published_at__lt=now - limit)
    return old.filter(~Exists(reviewed)).order_by("last_published_at", "pk")


def may_review(user: Any, page: Page) -> bool:
    """Whether the person may vouch for the page: whoever may change it and has the right to review."""
    return bool(page.live and user.has_perm("home.add_pagereview") and page.permissions_for_user(user).can_edit())


def review(page: Page, user: Any) -> PageReview:
    """Note that `user` has read the live page today and that it still holds; the history of the page shows it."""
    with transaction.atomic():
        found, _ = PageReview.objects.update_or_create(
            page_id=page.pk, defaults={"reviewed_on": timezone.localdate(), "reviewed_by": user}
        )
        log(instance=page, action=LOG_ACTION, user=user)
    return found
