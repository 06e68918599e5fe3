"""Rules of login that allauth leaves to the site."""

from __future__ import annotations

import io
import logging
import smtplib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cms.accounts import limits, log_book
from home.rate_limit import client_address

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from cms.models import User

logger = logging.getLogger(__name__)

ADMIN_PREFIX = "/admin/"
ADMIN_PERMISSION = "wagtailadmin.access_admin"
# What stands between a password and the admin. Recovery codes are no factor of their own.
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
# What staff without a second factor can still reach when they must have one: setting it up, and the way out.
OPEN_PREFIXES = ("/konto/", settings.STATIC_URL, settings.MEDIA_URL)
# Mails that anybody can have sent to an address, and the one that says that nobody has an account there.
UNKNOWN = "account/email/unknown_account"
MAILS_ON_REQUEST = {"account/email/login_code", "account/email/password_reset_key", UNKNOWN}
TOO_MANY = {
    limits.PASSWORD.name: _(
        "Zu viele Versuche. Bitte warten Sie einige Minuten, oder melden Sie sich mit einem Code per E-Mail an."
    ),
    limits.SECOND_FACTOR.name: _("Zu viele falsche Codes. Bitte warten Sie einige Minuten."),
}
TOO_MANY_MAILS = _("An diese Adresse gingen zu viele E-Mails. Bitte warten Sie eine Viertelstunde.")
MAIL_FAILED = "Die E-Mail konnte gerade nicht verschickt werden. Bitte versuchen Sie es in einigen Minuten noch einmal."


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation or in the admin, never by sign-up; guesses are counted in the database."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that limits of login attempts count by."""
        return client_address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a password before it is looked at. allauth's own limit counts by account alone, in the cache."""
        address = credentials.get("email", "").lower()
        self._attempt = count_attempt(limits.PASSWORD, request, address)

    def _rollback_login_failed_rl_usage(self) -> None:
        self._attempt.take_back()

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """A new password does not make room for more guesses; the way in is open without that."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail; a lost mail server is told to the person in front of the page instead of an error page."""
        if template_prefix in MAILS_ON_REQUEST:
            try:
                limits.attempt(limits.MAIL, self.request, email.lower())
            except limits.TooMany:
                logger.warning("%s was not sent: too many mails", template_prefix)
                self._not_sent(TOO_MANY_MAILS)
                return
            # The page is the same as when it is sent.
            if template_prefix == UNKNOWN and not limits.may_tell_that_unknown():
                return
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, smtplib.SMTPException) as error:
            logger.error("%s was not sent: %s", template_prefix, type(error).__name__)
            self._not_sent(MAIL_FAILED)

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Leave out that a mail was sent when it was not."""
        if level != messages.SUCCESS or not getattr(request, "mail_not_sent", False):
            super().add_message(request, level, *args, **kwargs)

    def _not_sent(self, why: Any) -> None:
        self.request.mail_not_sent = True
        messages.error(self.request, why)


def count_attempt(rule: limits.Rule, request: HttpRequest, account: str) -> limits.Attempt:
    """Count a guess. Raises ValidationError when there were too many; the first time it stands in the log."""
    try:
        return limits.attempt(rule, request, account)
    except limits.TooMany as stopped:
        if stopped.first:
            logger.warning("too many attempts: %s", rule.name)
            log_book.note_stopped(account, rule.name)
        raise ValidationError(TOO_MANY[rule.name], code="too_many_login_attempts") from None


class SecondFactorAdapter(DefaultMFAAdapter):
    """Draws the QR code on white: allauth's is black on nothing, which a dark page swallows."""

    def build_totp_svg(self, url: str) -> str:
        # 10 MB for one page that is seen once an account.
        import segno

        picture = io.BytesIO()
        segno.make(url, error="m").save(picture, kind="svg", scale=5, light="#fff", xmldecl=False)
        return picture.getvalue().decode()


def keep_email_address(
    sender: type[User], instance: User, raw: bool = False, update_fields: Any = None, **kwargs: Any
) -> None:
    """Give every account, however it was made, the one confirmed address that allauth sends codes and resets to.

    The administration enters or changes addresses, hence they count as confirmed. Connected to `post_save` of `User`.
    """
    if raw or (update_fields is not None and "email" not in update_fields):
        return
    email = instance.email.lower()
    EmailAddress.objects.filter(user=instance).exclude(email=email).delete()
    EmailAddress.objects.update_or_create(user=instance, email=email, defaults={"primary": True, "verified": True})


class StaffMiddleware:
    """Guards `/admin/`, and sends staff without a second factor to set one up when STAFF_MFA is `required`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Without the cookie there is no session: visitors cost no look at it, and their pages do not vary by cookie.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            is_staff = request.user.has_perm(ADMIN_PERMISSION)
            if request.path.startswith(ADMIN_PREFIX) and not is_staff:
                # Wagtail would send them to the login page, which sends them back, for ever.
                raise PermissionDenied
            if is_staff and must_set_up_factor(request):
                messages.info(request, "Bitte richten Sie zuerst einen zweiten Faktor ein.")
                return redirect("mfa_index")
        return self.get_response(request)


def must_set_up_factor(request: HttpRequest) -> bool:
    """Whether a member of staff has to set up a second factor before this request is answered."""
    if settings.STAFF_MFA != "required" or is_mfa_enabled(request.user, SECOND_FACTORS):
        return False
    # The overview is not needed for that, and it is where a login leads.
    return request.path == reverse("account") or not request.path.startswith(OPEN_PREFIXES)
