"""Releasing an issue from the admin: the last look, a test, a schedule; and what was sent, as it was sent."""

from __future__ import annotations

import logging
import smtplib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from home.rate_limit import is_allowed
from home.templatetags.german import counted
from newsletter import audit, tasks
from newsletter.composing import authorship, gate
from newsletter.composing.admin_pages import IssuePage, NewsletterPage
from newsletter.composing.admin_views import SENDER_CHECK
from newsletter.composing.rendering import render_issue, sample_values
from newsletter.errors import AlreadyStarted, Refused, RenderingFailed
from newsletter.models import Mailing, NewsletterIssuePage
from newsletter.sending import mailings, testing
from newsletter.sending.forms import RescheduleForm, SendForm, TrialMailForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)

# Step in the address -> the verb, and its name in the log.
STEPS = {
    "anhalten": (mailings.pause, "pause"),
    "fortsetzen": (mailings.resume, "resume"),
    "abbrechen": (mailings.cancel, "cancel"),
}
# More test mails of one person look like a mailing of its own.
TESTS, TESTS_WITHIN = 20, timedelta(hours=1)


class SendView(IssuePage):
    """Findings of the gate, a test mail, and for those who may: a last look at the recipients; POST releases."""

    page_title = "Prüfen und versenden"
    template_name = "newsletter/admin/send_issue.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._page()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_release:
            raise PermissionDenied
        form, recipients = SendForm(request.POST), mailings.audience(self.issue).count()
        if not form.is_valid():
            return self._page(form=form)
        if form.cleaned_data["recipients"] != recipients:
            messages.warning(
                request, "Die Zahl der Adressen hat sich gerade geändert. Bitte sehen Sie noch einmal hin."
            )
            at = form.cleaned_data["at"]
            return self._page(form=SendForm(initial={"recipients": recipients, "at": at}))
        return self._release(form)

    def _page(self, **context: Any) -> HttpResponse:
        mailing = mailings.mailing_of(self.issue)
        common: dict[str, Any] = {
            "mailing": mailing,
            "test_form": TrialMailForm(initial={"addresses": getattr(self.request.user, "email", "")}),
        }
        if mailing:
            return self.show(
                **common
                | {
                    "reschedule_form": RescheduleForm(initial={"at": _when(mailing)}),
                    "is_waiting": mailing.state in mailings.WAITING,
                    "spoiled": mailings.spoiled(mailing) if mailing.state in mailings.WAITING else [],
                    "changed": has_changed_since(mailing, self.issue),
                }
                | context
            )
        # Whoever writes wants to know what is wrong with the draft; what is released is the published page.
        checked = self.issue if self.issue.live and not self.issue.has_unpublished_changes else self.draft
        findings = gate.check(checked)
        recipients = mailings.audience(self.issue).count()
        return self.show(
            **common
            | {
                "blocking": [finding for finding in findings if finding.blocks],
                "warnings": [finding for finding in findings if not finding.blocks],
                "recipients": recipients,
                "by_topic": mailings.audience_by_topic(self.issue),
                "sender": settings.DEFAULT_FROM_EMAIL,
                "sender_report": cache.get(SENDER_CHECK),
                "refusal": self._refusal(),
                "form": SendForm(initial={"recipients": recipients}),
            }
            | context
        )

    def _refusal(self) -> str:
        try:
            authorship.refuse_author(self.issue, self.request.user)  # type: ignore[arg-type]
        except Refused as refusal:
            return str(refusal)
        return ""

    def _release(self, form: SendForm) -> HttpResponse:
        try:
            mailing = mailings.start_mailing(self.issue, at=form.cleaned_data["at"], user=self.request.user)  # type: ignore[arg-type]
        except AlreadyStarted as again:
            messages.warning(self.request, str(again))
            return redirect("mailing:inspect", again.mailing.pk)
        except Refused as refusal:
            messages.error(self.request, str(refusal))
            return redirect("newsletter_send_issue", self.issue.pk)
        audit.record_release(mailing, self.request.user)  # type: ignore[arg-type]
        if mailing.state == Mailing.State.SENDING:
            tasks.wake(mailing.pk)
            messages.success(self.request, "Der Versand hat begonnen.")
        else:
            messages.success(self.request, "Der Versand ist geplant.")
        return redirect("mailing:inspect", mailing.pk)


class TrialMailView(IssuePage):
    """POST sends the draft to a few addresses, marked as a test."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = TrialMailForm(request.POST)
        if not form.is_valid():
            messages.error(request, " ".join(map(str, form.errors["addresses"])))
            return redirect("newsletter_send_issue", self.issue.pk)
        addresses = form.cleaned_data["addresses"]
        if not is_allowed("newsletter.test", str(request.user.pk), most=TESTS, within=TESTS_WITHIN):
            messages.error(request, "Das waren viele Testmails. Bitte warten Sie eine Stunde.")
            return redirect("newsletter_send_issue", self.issue.pk)
        try:
            testing.send_test(self.draft, addresses)
        except RenderingFailed as failure:
            messages.error(request, str(failure))
        except (OSError, smtplib.SMTPException) as error:
            logger.warning("test mail of issue %s: %s", self.issue.pk, type(error).__name__)
            messages.error(
                request,
                "Der Mailserver hat die Testmail nicht angenommen. Stimmt die Adresse?",
            )
        else:
            audit.record_test(self.issue, request.user)  # type: ignore[arg-type]
            messages.success(request, f"Die Testmail ist unterwegs an {counted(len(addresses), 'Adresse,Adressen')}.")
        return redirect("newsletter_send_issue", self.issue.pk)


@require_POST
def reschedule(request: HttpRequest, mailing: int) -> HttpResponse:
    """Another time for a mailing that waits."""
    if not request.user.has_perm("newsletter.change_mailing"):
        raise PermissionDenied
    found = get_object_or_404(Mailing, pk=mailing)
    form = RescheduleForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["at"])))
        return redirect("newsletter_send_issue", found.issue_id)
    try:
        mailings.reschedule(found, form.cleaned_data["at"])
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Der Versand ist verschoben.")
    return redirect("newsletter_send_issue", found.issue_id)


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
    if name == "resume" and found.state in mailings.WAITING:
        name = "start"
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


class ProofView(NewsletterPage):
    """The mail as it was sent, whatever became of the page, and whether it is still what was released."""

    page_title = "Nachweis: die Mail, wie sie versandt wird"
    template_name = "newsletter/admin/proof.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        mailing = get_object_or_404(Mailing.objects.select_related("issue", "revision"), pk=kwargs["mailing"])
        may_edit = mailing.issue.permissions_for_user(request.user).can_edit()
        if not (may_edit or request.user.has_perm("newsletter.view_mailing")):
            raise PermissionDenied
        return self.show(
            mailing=mailing,
            rendered=mailings.released(mailing).personal(sample_values("")),
            unchanged=mailings.is_unchanged(mailing),
            changed=has_changed_since(mailing, mailing.issue),
            may_view=request.user.has_perm("newsletter.view_mailing"),
        )

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        first, *rest = super().get_breadcrumbs_items()
        return [first, {"url": reverse("mailing:index"), "label": "Versand"}, *rest]


def _when(mailing: Mailing) -> datetime | None:
    """The time that a mailing waits for; none that has passed, because it cannot be chosen again."""
    return mailing.scheduled_at if mailing.scheduled_at > timezone.now() else None


def has_changed_since(mailing: Mailing, issue: NewsletterIssuePage) -> bool:
    """Whether the page says something else now than what was released."""
    if mailing.revision is not None and issue.latest_revision is not None:
        return not authorship.same_content(mailing.revision, issue.latest_revision)
    # Old revisions are deleted after a time; the mailing itself remains.
    try:
        return mailings.content_hash(issue.subject, render_issue(issue)) != mailing.sha256
    except RenderingFailed:
        return True
