"""What the upkeep puts on the first page of the admin: one line for links that fail, one for pages to be reviewed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count, Max
from django.urls import reverse
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from home.editing.desk import Failure
from home.templatetags.german import counted
from home.upkeep.models import ExternalLink
from home.upkeep.reviewing import pages_due

if TYPE_CHECKING:
    from django.http import HttpRequest


def failing_links(request: HttpRequest) -> Iterator[Failure]:
    """Links to other websites that have failed on two days."""
    if not request.user.has_perm("home.view_externallink"):
        return
    failing = ExternalLink.objects.filter(state=ExternalLink.State.FAILING)
    found = failing.aggregate(count=Count("pk"), newest=Max("failing_since"))
    if found["count"]:
        yield Failure(
            found["newest"],
            counted(found["count"], "Link führt ins Leere,Links führen ins Leere"),
            "Andere Websites haben Seiten verschoben oder gelöscht. Bitte ändern oder entfernen Sie die Links.",
            f"{reverse('home_links')}?state={ExternalLink.State.FAILING}",
        )


def pages_to_review(request: HttpRequest) -> Iterator[Failure]:
    """Pages without review for long, of those that the person may change."""
    if not request.user.has_perm("home.add_pagereview"):
        return
    editable = PagePermissionPolicy(Page).instances_user_has_permission_for(request.user, "change")
    due = pages_due().filter(pk__in=editable.values("pk")).order_by()
    found = due.aggregate(count=Count("pk"), newest=Max("last_published_at"))
    if found["count"]:
        yield Failure(
            found["newest"] + timedelta(days=settings.PAGE_REVIEW_DAYS),
            counted(found["count"], "Seite ohne Prüfung,Seiten ohne Prüfung"),
            "Niemand hat sie im letzten Jahr geändert oder geprüft. Bitte sehen Sie nach, ob noch alles stimmt.",
            reverse("home_pages_due"),
        )
