"""Larger parts of pages that need a little arithmetic: sections, the map of tiles, bars, rows of the programme."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from home.events.chronicle import Attendance
from home.people import CoordinationOffice

register = template.Library()

TILE, PITCH = 56, 62


@dataclass(frozen=True)
class Tile:
    """One office on the map. `number` is an edition in place of the plate code; `css` is "", "in" or "host"."""

    office: CoordinationOffice
    css: str
    words: str
    number: str

    @property
    def x(self) -> int:
        """The left edge, in units of the drawing: columns count half tiles."""
        return self.office.tile_column * PITCH // 2

    @property
    def y(self) -> int:
        """The upper edge, in units of the drawing."""
        return self.office.tile_row * PITCH

    @property
    def middle_x(self) -> int:
        """The centre, in units of the drawing; the label stands around it."""
        return self.x + TILE // 2

    @property
    def middle_y(self) -> int:
        """The centre, in units of the drawing."""
        return self.y + TILE // 2

    @property
    def baseline(self) -> float:
        """Where the label stands so that it looks centred: capitals of 15 units, figures of 30."""
        return self.middle_y + (10.5 if self.number else 5.2)

    @property
    def name(self) -> str:
        """The name of the link: it holds the label that is seen, for those who speak their commands (WCAG 2.5.3)."""
        return ", ".join(filter(None, [self.number or self.office.code, self.office.name, self.words]))


@register.simple_block_tag(takes_context=True)
def section(
    context: Context,
    content: SafeString,
    heading: str,
    anchor: str = "",
    sunk: bool = False,
    note: str = "",
    link: str = "",
    link_text: str = "",
) -> str:
    """A section with one strong rule, its heading left and its content right; note and link stand below the heading."""
    return get_template("components/section.html").render(
        {
            "request": context.get("request"),
            "content": content,
            "heading": heading,
            "anchor": anchor,
            "sunk": sunk,
            "note": note,
            "link": link,
            "link_text": link_text,
        }
    )


@register.inclusion_tag("components/tile_map.html")
def tile_map(
    offices: Iterable[CoordinationOffice],
    title: str,
    hosts: Iterable[CoordinationOffice] = (),
    attended: Iterable[CoordinationOffice] = (),
    numbers: Mapping[int, Any] | None = None,
    lit: int | None = None,
    filled: bool = False,
    anchor: str = "karte",
) -> dict[str, Any]:
    """The state as tiles that link to the offices.

    With `numbers` (primary key of an office -> edition number) the tiles carry the number of the edition that took
    place there, and the words say so. `lit` marks the office that the page is about, `filled` fills all tiles.
    """
    host_keys, attended_keys = {office.pk for office in hosts}, {office.pk for office in attended}
    tiles = []
    for office in sorted(offices, key=lambda office: (office.tile_row, office.tile_column)):
        number = str((numbers or {}).get(office.pk, ""))
        css, words = "", ""
        if office.pk in host_keys:
            css, words = "host", gettext("Gastgeberin")
        elif office.pk in attended_keys or number:
            css, words = "in", gettext("dabei")
        elif office.pk == lit:
            css = "host"
        elif filled:
            css = "in"
        if number:
            words = gettext("%(number)s. Ausgabe") % {"number": number}
        tiles.append(Tile(office, css, words, number))
    return {"tiles": tiles, "title": title, "anchor": anchor}


@register.inclusion_tag("components/tile_map.html")
def attendance_map(attendances: Iterable[Attendance], title: str, anchor: str = "karte") -> dict[str, Any]:
    """The map of one edition: who hosted it, who was there."""
    attendances = list(attendances)
    return tile_map(
        [attendance.office for attendance in attendances],
        title,
        hosts=[attendance.office for attendance in attendances if attendance.presence == "host"],
        attended=[attendance.office for attendance in attendances if attendance.presence == "in"],
        anchor=anchor,
    )


@dataclass(frozen=True)
class Bar:
    """A line of the table of figures. `planned` is None without a plan; widths in units of the drawing, up to 600."""

    label: str
    planned: int | None
    reached: int
    planned_width: int
    reached_width: int


@register.inclusion_tag("components/bars.html")
def bars(figures: Iterable[Mapping[str, Any]], caption: str = "", shown: bool = False) -> dict[str, Any]:
    """Figures (`label`, `planned` or None, `reached`) as a table with bars; the longest bar is 600 units wide.

    `shown=False` keeps the caption for screen readers, where a heading says the same.
    """
    # A draft may lack its numbers still.
    rows = [(figure["label"], figure.get("planned"), figure["reached"] or 0) for figure in figures]
    top = max([max(planned or 0, reached) for _label, planned, reached in rows] or [0]) or 1
    return {
        "caption": caption,
        "shown": shown,
        "planned": any(planned is not None for _label, planned, _reached in rows),
        "rows": [
            Bar(label, planned, reached, round(600 * (planned or 0) / top), round(600 * reached / top))
            for label, planned, reached in rows
        ],
    }
