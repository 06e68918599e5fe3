"""The pages of the admin about accounts: inviting, requests for access, the yearly review, lost second factors."""

from __future__ import annotations

import logging
import smtplib
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages

from cms import tasks
from cms.accounts import access_requests, invitations, mails, review, second_factor
from cms.accounts.errors import Refused
from cms.accounts.forms import DeclineForm, InvitationForm
from cms.accounts.standing import DECIDING, INVITING, MANAGING, due_for_review, reviewable_by
from cms.models import User
from home.editing.admin_pages import AdminPage
from home.keys import key_of
from home.models import AccessRequest, CoordinationOffice, Invitation
from home.templatetags.german import counted

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)


class AccountsView(AdminPage):
    """Base of the pages about accounts."""

    @property
    def person(self) -> User:
        """Who works here. The admin lets nobody else in."""
        return cast("User", self.request.user)


class InviteView(AccountsView):
    """Invite somebody; below the form who works for the office already and who is invited."""

    permissions = (INVITING,)
    page_title = "Zugang für eine Stelle einrichten"
    header_icon = "mail"
    template_name = "account/admin/invite.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        key = kwargs.get("office")
        self.office = get_object_or_404(CoordinationOffice, pk=key) if key else None

    def get_page_subtitle(self) -> str:
        return self.office.full_name if self.office else ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._show(InvitationForm(initial={"office": self.office}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = InvitationForm(request.POST)
        if not form.is_valid():
            return self._show(form)
        data = form.cleaned_data
        try:
            invitation = invitations.invite(data["email"], data["office"], by=self.person, name=data["name"])
        except Refused as refusal:
            form.add_error("email", str(refusal))
            return self._show(form)
        _say_sent(request, invitation)
        return redirect("accounts_invite_office", data["office"].pk)

    def _show(self, form: InvitationForm) -> HttpResponse:
        members = User.objects.filter(office_memberships__office=self.office).order_by("last_name", "email")
        return self.show(
            form=form,
            office=self.office,
            members=members if self.office else [],
            invitations=invitations.open_invitations(self.office),
        )


class InvitationStepView(AccountsView):
    """The buttons beside an open invitation."""

    permissions = (INVITING,)
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        invitation = get_object_or_404(Invitation.objects.select_related("office"), pk=kwargs["key"])
        try:
            if kwargs["step"] == "erneut":
                _say_sent(request, invitations.renew(invitation, by=self.person))
            elif kwargs["step"] == "zurueckziehen":
                invitations.withdraw(invitation)
                messages.success(request, "Die Einladung ist zurückgezogen. Der Link darin gilt nicht mehr.")
            else:
                raise Http404
        except Refused as refusal:
            messages.error(request, str(refusal))
        if request.POST.get("all"):
            return redirect("accounts_invite")
        return redirect("accounts_invite_office", invitation.office_id)


def _say_sent(request: HttpRequest, invitation: Invitation) -> None:
    tasks.hurry(tasks.send_invitation, invitation.pk)
    messages.success(request, f"Die Einladung an {invitation.email} geht gleich hinaus und gilt 14 Tage.")


class RequestsView(AccountsView):
    """Who asks for an account, and what became of the requests of the last weeks."""

    permissions = (DECIDING,)
    page_title = "Anfragen nach Zugang"
    header_icon = "user"
    template_name = "account/admin/requests.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = AccessRequest.objects.select_related("office", "decided_by")
        waiting = rows.filter(state=AccessRequest.State.OPEN).order_by("created_at")
        decided = rows.exclude(state=AccessRequest.State.OPEN).order_by("-decided_at")
        return self.show(waiting=waiting, decided=decided)


class RequestView(AccountsView):
    """One request: what we know about the person, and the decision."""

    permissions = (DECIDING,)
    page_title = "Anfrage nach Zugang"
    header_icon = "user"
    template_name = "account/admin/request.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        rows = AccessRequest.objects.select_related("office", "decided_by")
        self.object = get_object_or_404(rows, pk=kwargs["key"])

    def get_page_subtitle(self) -> str:
        return self.object.name

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._show(DeclineForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = DeclineForm(request.POST)
        if not form.is_valid():
            return self._show(form)
        try:
            if "invite" in request.POST:
                _say_sent(request, access_requests.invite(self.object, by=self.person))
            else:
                access_requests.decline(self.object, by=self.person, answer=form.cleaned_data["answer"])
                tasks.hurry(tasks.answer_request, self.object.pk)
                messages.success(request, f"{self.object.name} bekommt eine Absage per E-Mail.")
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("accounts_request", self.object.pk)
        return redirect("accounts_requests")

    def _show(self, form: DeclineForm) -> HttpResponse:
        account = User.objects.filter(email__iexact=self.object.email).first()
        memberships = account.office_memberships.select_related("office") if account else []
        return self.show(access_request=self.object, form=form, account=account, memberships=memberships)


class ReviewView(AccountsView):
    """The accounts one looks after; some or all can be confirmed or locked at once."""

    permissions = (MANAGING, INVITING)
    page_title = "Konten prüfen"
    header_icon = "check"
    template_name = "account/admin/review.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        mine = reviewable_by(request.user)
        due = due_for_review(mine)
        everybody = "alle" in request.GET
        accounts = (mine if everybody else due).order_by("last_name", "first_name", "email")
        rows = accounts.prefetch_related("groups", "office_memberships__office")
        return self.show(accounts=rows, everybody=everybody, due=due.count(), total=mine.count())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        keys = [key for text in request.POST.getlist("account") if (key := key_of(text)) is not None]
        chosen = list(reviewable_by(request.user).filter(pk__in=keys).order_by("last_name", "first_name", "email"))
        back = f"{reverse('accounts_review')}{'?alle' if request.POST.get('all') else ''}"
        if not chosen:
            messages.warning(request, "Bitte kreuzen Sie zuerst an, um welche Konten es geht.")
        elif "confirm" in request.POST:
            number = review.confirm(chosen, by=self.person)
            messages.success(request, f"{counted(number, 'Konto ist,Konten sind')} für ein Jahr bestätigt.")
        elif "lock" in request.POST and "sure" not in request.POST:
            self.template_name = "account/admin/review_lock.html"
            return self.show(accounts=chosen, back=back, everybody=bool(request.POST.get("all")))
        elif "lock" in request.POST:
            number = review.deactivate(chosen, by=self.person)
            messages.success(request, f"{counted(number, 'Konto ist,Konten sind')} gesperrt.")
        return redirect(back)


class ResetFactorView(AccountsView):
    """Somebody has lost the second factor: take it off, after a look at who asks."""

    permissions = (MANAGING,)
    page_title = "Zweiten Faktor zurücksetzen"
    header_icon = "key"
    template_name = "account/admin/reset_factor.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.object = get_object_or_404(User, pk=kwargs["key"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not second_factor.may_reset(self.object, by=self.person):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(account=self.object, factors=second_factor.factors(self.object))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            second_factor.reset(self.object, by=self.person)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Der zweite Faktor von {self.object} ist entfernt.")
            _tell(request, self.object)
        return redirect("wagtailusers_users:edit", self.object.pk)


def _tell(request: HttpRequest, user: User) -> None:
    try:
        told = mails.tell_second_factor_reset(user)
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("user %s: not told of the reset: %s", user.pk, type(error).__name__)
        told = False
    if not told:
        messages.warning(request, "Die Mail darüber ging nicht hinaus. Bitte sagen Sie der Person selbst Bescheid.")
