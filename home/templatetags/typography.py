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
