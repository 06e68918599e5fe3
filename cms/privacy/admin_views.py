"""The page of the admin with the data of one person: shown, handed over, erased."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponse
from django.urls import URLPattern, path
from wagtail.admin import messages
from wagtail.log_actions import log

from cms.accounts.admin_views import AccountsView
from cms.accounts.errors import Refused
from cms.accounts.standing import ERASING
from cms.models import User
from cms.privacy import persons
from home.spreadsheets import note_export
from newsletter.subscribing.forms import AddressField

if TYPE_CHECKING:
    from django.http import HttpRequest

FORGOTTEN = "cms.person_forgotten"


class PersonForm(forms.Form):
    address = AddressField(label="E-Mail-Adresse", help_text="Alles, was zu ihr gespeichert ist, in allen Bereichen.")


class PersonView(AccountsView):
    """First the address, then what would be erased; from there the file, or the erasing after one more question."""

    permissions = (ERASING,)
    page_title = "Daten einer Person"
    header_icon = "user"
    template_name = "account/admin/person.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=PersonForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = PersonForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        address = form.cleaned_data["address"]
        try:
            if "export" in request.POST:
                note_export(request, "Daten einer Person")
                return _file(persons.export_text(address))
            if "forget" in request.POST and "sure" in request.POST:
                return self._forget(request, form, address)
            return self._answer(form, address)
        except Refused as refusal:
            form.add_error("address", str(refusal))
            return self.show(form=form)

    def _answer(self, form: PersonForm, address: str) -> HttpResponse:
        steps = persons.forget(address, dry_run=True)
        asked = "forget" in self.request.POST
        return self.show(form=form, address=address, steps=steps, asked=asked, parts=list(persons.export(address))[1:])

    def _forget(self, request: HttpRequest, form: PersonForm, address: str) -> HttpResponse:
        for user in User.objects.filter(email__iexact=address):
            if user == self.person or (user.is_superuser and not self.person.is_superuser):
                raise Refused("Dieses Konto dürfen Sie nicht löschen. Bitte fragen Sie jemand anderen.")
        steps = persons.forget(address)
        # Whose data it was is what must not be written down.
        log(self.person, FORGOTTEN, user=self.person)
        messages.success(request, "Die Daten sind gelöscht. Was bleibt, nennt die Person nicht mehr.")
        return self.show(form=PersonForm(), steps=steps, done=True)


def _file(text: str) -> HttpResponse:
    headers = {"Content-Disposition": 'attachment; filename="daten-einer-person.json"'}
    return HttpResponse(text, content_type="application/json", headers=headers)


def urls() -> list[URLPattern]:
    """The addresses of this module below the admin."""
    return [path("zugaenge/person/", PersonView.as_view(), name="privacy_person")]
