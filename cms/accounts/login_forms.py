"""Forms of allauth that look at a guess, with the limits of `cms.accounts.limits` around them."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.core import context
from allauth.mfa.base import forms as factor_forms
from allauth.mfa.webauthn import forms as key_forms
from django import forms
from django.core.exceptions import ValidationError

from cms.accounts import limits
from cms.accounts.login import count_attempt


class _LimitedCode:
    """A code of the app, or a recovery code: counted before it is looked at."""

    user: Any

    def clean_code(self) -> str:
        attempt = count_attempt(limits.SECOND_FACTOR, context.request, str(self.user.pk))
        code: str = super().clean_code()  # type: ignore[misc]
        attempt.take_back()
        return code


class AuthenticateForm(_LimitedCode, factor_forms.AuthenticateForm):
    """The second factor at the login."""


class ReauthenticateForm(_LimitedCode, factor_forms.ReauthenticateForm):
    """The second factor once more, before something important."""


class ChangePasswordForm(AllauthChangePasswordForm):
    """Whoever finds a browser open could guess the old password here."""

    def clean_oldpassword(self) -> str:
        attempt = count_attempt(limits.PASSWORD, context.request, self.user.email.lower())
        password: str = super().clean_oldpassword()
        attempt.take_back()
        return password


class CredentialField(forms.JSONField):
    """What a browser says about a passkey. Django's field lets out what Python cannot read: brackets without end."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (RecursionError, ValueError) as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class LoginWebAuthnForm(key_forms.LoginWebAuthnForm):
    credential = CredentialField()


class AuthenticateWebAuthnForm(key_forms.AuthenticateWebAuthnForm):
    credential = CredentialField()


class ReauthenticateWebAuthnForm(key_forms.ReauthenticateWebAuthnForm):
    credential = CredentialField()


class AddWebAuthnForm(key_forms.AddWebAuthnForm):
    credential = CredentialField()
