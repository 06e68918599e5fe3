"""Where a line must not break."""

import pytest

from home.templatetags.typography import bound

NO_BREAK = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("am 21. November 2024", "am 21._November 2024"),
        ("30. November bis 1. Dezember", "30._November bis 1._Dezember"),
        ("nach § 16 BGG", "nach §_16 BGG"),
        ("PDF, 1,8 MB", "PDF, 1,8_MB"),
        ("13. Ideenwerkstatt", "13._Ideenwerkstatt"),
        ("Auslandsgesellschaft e. V. (AGSA)", "Auslandsgesellschaft e._V. (AGSA)"),
        ("Dr. Katja Michalak", "Dr._Katja Michalak"),
        ("Landkreise und -städte", "Landkreise und -\N{WORD JOINER}städte"),
        ("Halle - eine Stadt", "Halle - eine Stadt"),
        ("Es waren 12. Novembertage", "Es waren 12. Novembertage"),
        ("", ""),
    ],
)
def test_bound_keeps_together_what_belongs_together(text, expected):
    assert bound(text) == expected.replace("_", NO_BREAK)


def test_bound_keeps_the_days_of_a_period_together():
    assert bound("21.–22. November") == f"21.–\N{WORD JOINER}22.{NO_BREAK}November"
