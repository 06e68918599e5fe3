"""Puts pages and people where the words of the demo name them: the words know no primary keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from wagtail.models import Page

from home.demo_content.people import PEOPLE
from home.models import Person

_LINK = re.compile(r'id="path:([^"]+)"')
FindPage = Callable[[str], Page]


def person(key: str) -> Person:
    """The person of the demo with this key of `PEOPLE`."""
    return Person.objects.get(name=PEOPLE[key][0])


def resolved(name: str, value: Any, find: FindPage) -> tuple[str, Any]:
    """The block `name` with objects for the paths and keys in `value`; `find` gives the page at a path."""
    if name == "people":
        return name, {"people": [person(key) for key in value["people"]]}
    if name == "contact":
        return name, value | {"person": person(value["person"])}
    if name == "dates":
        return name, value | {"editions": [find(path) for path in value["editions"]]}
    if name == "call_to_action" and value["page"]:
        return name, value | {"page": find(value["page"])}
    return name, with_links(value, find)


def with_links(value: Any, find: FindPage) -> Any:
    """`value` with the key of the page in every link that names its path, however deep the text stands."""
    if isinstance(value, str):
        return _LINK.sub(lambda found: f'id="{find(found[1]).pk}"', value)
    if isinstance(value, list):
        return [with_links(one, find) for one in value]
    if isinstance(value, dict):
        return {key: with_links(one, find) for key, one in value.items()}
    return value
