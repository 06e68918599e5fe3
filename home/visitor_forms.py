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
        age = _age(cleaned.get("shown", ""))
        if age is None or age > SLOWEST_FILL:
            raise ValidationError("Das Formular war zu lange offen. Bitte senden Sie es noch einmal ab.")
        if age < FASTEST_FILL:
            raise ValidationError("Das ging sehr schnell. Bitte senden Sie das Formular noch einmal ab.")
        return cleaned

    def restart_clock(self) -> None:
        """Show the form again with a time that holds: whoever corrects a mistake may be quick.

        A time of ours that has run out is as old as a form must be at least; one that is not ours starts anew.
        """
        age = _age(self.data.get("shown", ""))
        if isinstance(self.data, QueryDict) and (age is None or age > SLOWEST_FILL):
            self.data = self.data.copy()
            self.data["shown"] = time_token(timedelta() if age is None else FASTEST_FILL)

    @property
    def filled_by_robot(self) -> bool:
        """Whether the field that people do not see has content. Robots get the same answer as people."""
        return bool(self.cleaned_data.get("website"))


def time_token(age: timedelta = timedelta()) -> str:
    """Return a signed token that tells when a form was shown: now, or `age` ago."""
    return _signer().sign(str(_milliseconds() - age // timedelta(milliseconds=1)))


def _age(token: str) -> timedelta | None:
    """How long ago a form with this token was shown; None if the token is not ours."""
    try:
        return timedelta(milliseconds=_milliseconds() - int(_signer().unsign(token)))
    except (signing.BadSignature, ValueError):
        return None


def _milliseconds() -> int:
    return round(time.time() * 1000)


def _signer() -> signing.Signer:
    keys = settings.TOKEN_KEYS
    return signing.Signer(key=keys[0], fallback_keys=keys[1:], salt="home.form", sep=".")
