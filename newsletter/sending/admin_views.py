"""Sending an issue from the admin, and stopping or resuming a mailing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from newsletter import audit, tasks
from newsletter.errors import AlreadyStarted, Refused
from newsletter.models import Mailing, NewsletterIssuePage
from newsletter.sending import mailings
from newsletter.sending.forms import SendForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

# Step in the address -> the verb, and its name in the log.
STEPS = {
    "anhalten": (mailings.pause, "pause"),
    "fortsetzen": (mailings.resume, "resume"),
    "abbrechen": (mailings.cancel, "cancel"),
}


def send_issue(request: HttpRequest, issue: int) -> HttpResponse:
    """A last look at the number of recipients; POST starts or schedules the mailing."""
    if not request.user.has_perm("newsletter.add_mailing"):
        raise PermissionDenied
    page = get_object_or_404(NewsletterIssuePage, pk=issue)
    recipients = mailings.audience(page).count()
    form = SendForm(request.POST if request.method == "POST" else None, initial={"recipients": recipients})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["recipients"] != recipients:
            messages.warning(
                request, "Die Zahl der Adressen hat sich gerade geändert. Bitte sehen Sie noch einmal hin."
            )
            form = SendForm(initial={"recipients": recipients, "at": form.cleaned_data["at"]})
        else:
            return _start(request, page, form)
    context = {
        "issue": page,
        "form": form,
        "recipients": recipients,
        "sender": settings.DEFAULT_FROM_EMAIL,
        "mailing": page.mailings.exclude(state=Mailing.State.CANCELLED).first(),
    }
    return render(request, "newsletter/admin/send_issue.html", context)


def _start(request: HttpRequest, page: NewsletterIssuePage, form: SendForm) -> HttpResponse:
    try:
        mailing = mailings.start_mailing(page, at=form.cleaned_data["at"], user=request.user)  # type: ignore[arg-type]
    except AlreadyStarted as again:
        messages.warning(request, str(again))
        return redirect("mailing:inspect", again.mailing.pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("newsletter_send_issue", page.pk)
    if mailing.state == Mailing.State.SENDING:
        tasks.wake(mailing.pk)
        messages.success(request, "Der Versand hat begonnen.")
    else:
        messages.success(request, "Der Versand ist geplant.")
    return redirect("mailing:inspect", mailing.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def move_mailing(request: HttpRequest, mailing: int, step: str) -> HttpResponse:
    """Pause, resume or cancel by POST; GET asks before a mailing is cancelled, because there is no way back."""
    if not request.user.has_perm("newsletter.change_mailing"):
        raise PermissionDenied
    if step not in STEPS:
        raise Http404
    found = get_object_or_404(Mailing, pk=mailing)
    if request.method != "POST":
        if step != "abbrechen":
            return HttpResponseNotAllowed(["POST"])
        return _ask_before_cancelling(request, found)
    verb, name = STEPS[step]
    try:
        verb(found)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        audit.record_mailing(found, name, request.user, [])  # type: ignore[arg-type]
        messages.success(request, f"Der Versand ist jetzt: {found.get_state_display()}.")
        if found.state == Mailing.State.SENDING:
            tasks.wake(found.pk)
    return redirect("mailing:inspect", found.pk)


def _ask_before_cancelling(request: HttpRequest, mailing: Mailing) -> HttpResponse:
    context = {
        "mailing": mailing,
        "figures": mailings.figures(mailing),
        "breadcrumbs_items": [
            {"url": reverse("mailing:index"), "label": "Versand"},
            {"url": reverse("mailing:inspect", args=[mailing.pk]), "label": mailing.subject},
            {"url": "", "label": "Abbrechen"},
        ],
        "header_title": "Versand abbrechen",
        "header_icon": "mail",
    }
    return render(request, "newsletter/admin/cancel_mailing.html", context)
