"""Fields of forms that other libraries bring along."""

from __future__ import annotations

from django import template
from django.forms import BaseForm

register = template.Library()


@register.filter
def without_placeholders(form: BaseForm) -> BaseForm:
    """The form without faint texts inside of its fields: they repeat the label, and people take them for an entry."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form
