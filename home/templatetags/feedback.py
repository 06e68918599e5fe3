"""The way to the form "Barriere melden" from every page."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.urls import reverse

from home.feedback.places import NoPlace, place

register = template.Library()


@register.simple_tag(takes_context=True)
def barrier_form_url(context: dict[str, Any]) -> str:
    """The address of the form, with the path of the current page unless it holds a secret."""
    form = reverse("home:report_barrier")
    request = context.get("request")
    if not isinstance(request, HttpRequest) or request.path == form:
        return form
    try:
        path = place(request.path)
    except NoPlace:
        return form
    return f"{form}?{urlencode({'seite': path}, safe='/')}" if path else form
