"""Who may manage accounts must not become an administrator by it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.widgets.button import Button
from wagtail.users.views import users

from cms.accounts import second_factor


class LimitedFormMixin:
    """Only administrators make administrators; for everybody else the box is shown, but cannot be changed."""

    request: HttpRequest

    def get_form(self, *args: Any, **kwargs: Any) -> Form:
        form: Form = super().get_form(*args, **kwargs)  # type: ignore[misc]
        if "is_superuser" in form.fields and not self.request.user.is_superuser:
            form.fields["is_superuser"].disabled = True
        return form


class CreateView(LimitedFormMixin, users.CreateView):
    """Makes an account with a password, where an invitation by mail is no way."""

    def get_form(self, *args: Any, **kwargs: Any) -> Form:
        form = super().get_form(*args, **kwargs)
        # Wagtail says how to keep the old password, and there is none.
        form.fields["password1"].help_text = "Die Person kann es später in ihrem Konto ändern."
        return form


class EditView(LimitedFormMixin, users.EditView):
    """Changes an account and resets its second factor; administrators are changed by administrators only."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        # Else a new address or password would hand over the account.
        if self.object.is_superuser and not request.user.is_superuser:
            raise PermissionDenied

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons: list[Button] = super().header_more_buttons
        if second_factor.may_reset(self.object, by=self.request.user) and second_factor.factors(self.object).exists():
            url = reverse("accounts_reset_factor", args=[self.object.pk])
            buttons.append(Button("Zweiten Faktor zurücksetzen", url, icon_name="key", priority=15))
        return buttons


class UserViewSet(users.UserViewSet):
    add_view_class = CreateView
    edit_view_class = EditView
