"""Where a line must not break: the rules of DIN 5008 for dates, paragraphs, units and abbreviations."""

from __future__ import annotations

import re

from django import template
from django.template.defaultfilters import stringfilter

from home.templatetags.german import ENGLISH_MONTHS, MONTHS

register = template.Library()

_MONTH = "|".join(dict.fromkeys([*MONTHS, *ENGLISH_MONTHS]))
_UNIT = r"MB|KB|GB|km|Uhr|Euro|€|%|Prozent|Stunden|Tage|Personen"
_RULES = re.compile(
    rf"""
    (?<=\d\.)[ ](?=(?:{_MONTH})\b)          # 21. November
    | (?<=\d)[ ](?=(?:{_UNIT})(?!\w))       # 30 MB
    | (?<=§)[ ](?=\d)                       # § 16
    | (?<=\d\.)[ ](?=Ideenwerkstatt\b)      # 13. Ideenwerkstatt
    | (?<=\b[A-Za-z]\.)[ ](?=[A-Z]\.)       # e. V., z. B.
    | (?<=\bDr\.)[ ](?=[A-ZÄÖÜ])            # Dr. Muster
    """,
    re.VERBOSE,
)

_RANGE = re.compile(r"(?<=[\d.])–(?=\d)")
_OPEN_HYPHEN = re.compile(r"(?<=\s)-(?=\w)")


@register.filter(is_safe=True)
@stringfilter
def bound(text: str) -> str:
    """Put no-break spaces (U+00A0) where a reader would stumble over a break: "21. November", "§ 16", "1,8 MB".

    A word joiner (U+2060) holds the two days of "21.–22. November" together, and the hyphen of "und -koordinatoren".
    """
    text = _OPEN_HYPHEN.sub("-\N{WORD JOINER}", _RULES.sub("\N{NO-BREAK SPACE}", text))
    return _RANGE.sub("–\N{WORD JOINER}", text)


def international(number: str) -> str:
    """A German telephone number as the world reads it (ITU-T E.123): "0391 5371-271" -> "+49 391 5371-271"."""
    number = number.replace("(0)", "").strip()
    if number.startswith("00"):
        return f"+{number[2:].lstrip()}"
    return f"+49 {number[1:]}" if number.startswith("0") else number


@register.filter
@stringfilter
def dialled(number: str) -> str:
    """A German telephone number as `tel:` wants it (RFC 3966, global): "0391 5371-271" -> "+493915371271"."""
    digits = re.sub(r"[^\d+]", "", number.replace("(0)", ""))
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    return f"+49{digits[1:]}" if digits.startswith("0") else digits
