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
