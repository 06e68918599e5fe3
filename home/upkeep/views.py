"""What editors do in the reports: vouch for a page, have a link checked now."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.models import Page

from home.rate_limit import is_allowed
from home.upkeep import tasks
from home.upkeep.models import ExternalLink
from home.upkeep.reviewing import may_review, review

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


# Nobody needs an answer about the same link sooner, nor about more links by hand: every night asks them all.
LINK_REST = timedelta(minutes=1)
MOST_LINKS, WITHIN = 30, timedelta(hours=1)
# A run asks many links and takes its time; two at once would be one for nothing.
RUN_REST = timedelta(minutes=5)
LATER = "Das geht gerade nicht. Alle Links werden heute Nacht wieder geprüft."


@require_http_methods(["GET", "HEAD", "POST"])
def review_page(request: HttpRequest, page: int) -> HttpResponse:
    """Say that a page still holds: GET asks, POST notes it."""
    found = get_object_or_404(Page.objects.select_related("review__reviewed_by"), pk=page)
    if not may_review(request.user, found):
        raise PermissionDenied
    after = get_valid_next_url_from_request(request) or reverse("wagtailadmin_pages:edit", args=[page])
    if request.method != "POST":
        return render(request, "home/admin/review_page.html", {"page": found, "next_url": after})
    review(found, request.user)
    messages.success(request, f"Die Seite „{found.get_admin_display_title()}“ ist als geprüft vermerkt.")
    return redirect(after)


@require_POST
def check_link_now(request: HttpRequest, link: int) -> HttpResponse:
    """Have a link asked by the background work, for an editor who has just repaired something."""
    if not request.user.has_perm("home.view_externallink"):
        raise PermissionDenied
    found = get_object_or_404(ExternalLink, pk=link)
    if not is_allowed("link", str(link), most=1, within=LINK_REST):
        messages.warning(request, "Dieser Link wurde gerade erst geprüft. Bitte warten Sie eine Minute.")
    elif not is_allowed("links", str(request.user.pk), most=MOST_LINKS, within=WITHIN):
        messages.warning(request, "Sie haben gerade viele Links prüfen lassen. Alle werden heute Nacht wieder geprüft.")
    elif tasks.check_soon(found.pk):
        messages.success(request, "Der Link wird geprüft. Laden Sie diese Seite in einer halben Minute neu.")
    else:
        messages.error(request, LATER)
    return redirect(get_valid_next_url_from_request(request) or reverse("home_links"))


@require_POST
def check_new_links(request: HttpRequest) -> HttpResponse:
    """Have all links asked that came with the latest pages, and find those that nobody has collected yet."""
    if not request.user.has_perm("home.view_externallink"):
        raise PermissionDenied
    if not is_allowed("links", "new", most=1, within=RUN_REST):
        messages.warning(request, "Die neuen Links werden gerade geprüft. Bitte warten Sie einige Minuten.")
    elif tasks.check_new_soon():
        messages.success(request, "Die neuen Links werden geprüft. Laden Sie diese Seite in ein paar Minuten neu.")
    else:
        messages.error(request, LATER)
    return redirect("home_links")
