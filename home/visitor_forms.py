"""Forms for visitors, who get no cookie: what stands in for a CSRF token, and what keeps robots out.

There is no token to compare, but browsers tell where a request comes from in a header that scripts of other sites
cannot set (Fetch Metadata `Sec-Fetch-Site`, and `Origin` of RFC 6454). Robots fill a field that people do not see, and
they are faster than people.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, QueryDict
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt

if TYPE_CHECKING:
    from django.http import HttpRequest

FASTEST_FILL = timedelta(seconds=3)
SLOWEST_FILL = timedelta(hours=12)

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate["HttpRequest", Arguments], HttpResponse]


def same_origin_only(view: View[Arguments]) -> View[Arguments]:
    """Let a view take POST requests of our own pages without a CSRF cookie; others get 403."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        if request.method == "POST" and not comes_from_here(request):
            raise PermissionDenied("The form was not sent from a page of this site.")
        return view(request, *args, **kwargs)

    return csrf_exempt(guarded)


def comes_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this site sent the request. No word about it counts as no."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    base = urlsplit(settings.BASE_URL)
    return request.headers.get("Origin") in (
        f"{base.scheme}://{base.netloc}",
        f"{request.scheme}://{request.get_host()}",
    )


def keep_private(response: HttpResponse) -> HttpResponse:
    """Mark a page of a form: no cache keeps it, no search engine lists it, no other site sees its address."""
    patch_cache_control(response, no_store=True, private=True)
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


class VisitorForm(forms.Form):
    """Base of the forms: two fields keep robots out, an invisible one and the time.

    A form is good from FASTEST_FILL to SLOWEST_FILL after it was shown. After an error call `restart_clock()` before it
    is shown again; before acting ask `filled_by_robot`, and answer robots like people.
    """

    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}))
    shown = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["website"].label = "Dieses Feld bitte leer lassen"
        self.fields["shown"].initial = time_token

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            shown = int(_signer().unsign(cleaned.get("shown", "")))
        except (signing.BadSignature, ValueError):
            shown = 0
        age = timedelta(milliseconds=_milliseconds() - shown)
        if age > SLOWEST_FILL:
            raise ValidationError("Das Formular war zu lange offen. Bitte senden Sie es noch einmal ab.")
        if age < FASTEST_FILL:
            raise ValidationError("Das ging sehr schnell. Bitte senden Sie das Formular noch einmal ab.")
        return cleaned

    def restart_clock(self) -> None:
        """Show the form again with a new time: the old one may have run out."""
        if isinstance(self.data, QueryDict):
            self.data = self.data.copy()
            self.data["shown"] = time_token()

    @property
    def filled_by_robot(self) -> bool:
        """Whether the field that people do not see has content. Robots get the same answer as people."""
        return bool(self.cleaned_data.get("website"))


def time_token() -> str:
    """Return a signed token that tells when a form was shown."""
    return _signer().sign(str(_milliseconds()))


def _milliseconds() -> int:
    return round(time.time() * 1000)


def _signer() -> signing.Signer:
    keys = settings.TOKEN_KEYS
    return signing.Signer(key=keys[0], fallback_keys=keys[1:], salt="home.form", sep=".")
