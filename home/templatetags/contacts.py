"""How to reach people: addresses that telephones understand."""

from __future__ import annotations

import re

from django import template

register = template.Library()


@register.filter
def dial(phone: str) -> str:
    """A number as people write it, as `tel:` wants it (RFC 3966): "0391 5371-271" -> "+493915371271".

    Numbers without an area code stay as they are; what is no number gives "".
    """
    digits = re.sub(r"[^\d+]", "", phone.replace("(0)", ""))
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    return f"+49{digits[1:]}" if digits.startswith("0") else digits


def international(number: str) -> str:
    """A German telephone number as the world reads it (ITU-T E.123): "0391 5371-271" -> "+49 391 5371-271"."""
    number = number.replace("(0)", "").strip()
    if number.startswith("00"):
        return f"+{number[2:].lstrip()}"
    return f"+49 {number[1:]}" if number.startswith("0") else number
