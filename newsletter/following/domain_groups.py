"""Providers that many readers share. Statistics go down to these groups, never to single domains.

A group of few people says something about each of them, so small ones are put together until they are large enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

SMALLEST = 5
OTHERS = "Übrige"

_GROUPS: dict[str, tuple[str, ...]] = {
    "Gmail": ("gmail.com", "googlemail.com"),
    "GMX und Web.de": ("gmx.de", "gmx.net", "gmx.at", "gmx.ch", "gmx.com", "gmx.org", "gmx.eu", "web.de"),
    "T-Online": ("t-online.de", "magenta.de"),
    "Microsoft (Outlook, Hotmail)": (
        "outlook.com", "outlook.de", "hotmail.com", "hotmail.de", "live.com", "live.de", "msn.com",
    ),
    # The Land, its districts and its cities without a district.
    "Verwaltungen in Sachsen-Anhalt": (
        "sachsen-anhalt.de", "altmarkkreis-salzwedel.de", "anhalt-bitterfeld.de", "landkreis-boerde.de",
        "boerdekreis.de", "blk.de", "burgenlandkreis.de", "dessau-rosslau.de", "halle.de", "kreis-hz.de", "lkjl.de",
        "magdeburg.de",
        "lkmsh.de", "mansfeldsuedharz.de", "saalekreis.de", "kreis-slk.de", "salzlandkreis.de", "landkreis-stendal.de",
        "landkreis-wittenberg.de",
    ),
}  # fmt: skip
_GROUP_OF = {domain: name for name, domains in _GROUPS.items() for domain in domains}
NAMES = (*_GROUPS, OTHERS)

Row = TypeVar("Row", bound=Mapping[str, int])


def group_of(domain: str) -> str:
    """Return the group of a domain: `poststelle.mi.sachsen-anhalt.de` belongs to the Land."""
    labels = domain.lower().strip(".").split(".")
    for start in range(len(labels)):
        if name := _GROUP_OF.get(".".join(labels[start:])):
            return name
    return OTHERS


def domains_of(group: str) -> tuple[str, ...]:
    """Return the domains of a group; none for the others."""
    return _GROUPS.get(group, ())


def merged(by_domain: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """Put the figures of domains together by group, so that none has a `total` under SMALLEST.

    Groups that are too small go to the others, then the next smallest until those are large enough. Nothing is left if
    all together are too few.
    """
    groups: dict[str, dict[str, int]] = {}
    for domain, figures in by_domain.items():
        _add(groups.setdefault(group_of(domain), dict.fromkeys(figures, 0)), figures)
    others = groups.pop(OTHERS, None)
    for name, figures in sorted(groups.items(), key=lambda item: item[1]["total"]):
        enough = others is None or others["total"] >= SMALLEST
        if figures["total"] >= SMALLEST and enough:
            continue
        others = others or dict.fromkeys(figures, 0)
        _add(others, groups.pop(name))
    if others is not None and others["total"] >= SMALLEST:
        groups[OTHERS] = others
    return {name: groups[name] for name in NAMES if name in groups}


def _add(target: dict[str, int], figures: Mapping[str, int]) -> None:
    for name, value in figures.items():
        target[name] = target.get(name, 0) + value
