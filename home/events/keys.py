"""How an edition is named in the addresses of the archive."""

from __future__ import annotations

MAIN_SERIES = "ideenwerkstatt"


def edition_key(series_slug: str | None, number: int | None, slug: str | None) -> str:
    """ "13" for the Ideenwerkstatt, else "ideencafe/maerz-2025"; `slug` is that of the German page."""
    if series_slug is None:
        return ""
    if series_slug == MAIN_SERIES and number:
        return str(number)
    return f"{series_slug}/{number or slug}"
