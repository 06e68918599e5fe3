"""Counters that stop a flood and forget by themselves."""

from datetime import timedelta

import time_machine
from django.core.cache import cache
from django.utils import timezone

from home.rate_limit import is_allowed

HOUR = timedelta(hours=1)


def test_limit_stops_one_key_and_leaves_others_and_other_purposes():
    answers = [is_allowed("form", "192.0.2.1", most=2, within=HOUR) for _attempt in range(4)]

    assert answers == [True, True, False, False]
    assert is_allowed("form", "192.0.2.2", most=2, within=HOUR)
    assert is_allowed("other", "192.0.2.1", most=2, within=HOUR)


def test_limit_ends_by_itself():
    for _attempt in range(2):
        is_allowed("form", "192.0.2.1", most=1, within=HOUR)

    with time_machine.travel(timezone.now() + HOUR + timedelta(seconds=1)):
        assert is_allowed("form", "192.0.2.1", most=1, within=HOUR)


def test_letters_and_spaces_make_no_second_key():
    assert is_allowed("form", "kim@example.org", most=1, within=HOUR)
    assert not is_allowed("form", " KIM@example.org ", most=1, within=HOUR)


def test_counter_does_not_name_anybody():
    is_allowed("form", "kim@example.org", most=1, within=HOUR)

    assert "kim" not in str(list(cache._cache))
