"""Parts of pages: the map of tiles, bars, generated art, the sections of a stream."""

from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from home.blocks import BodyBlock
from home.models import CoordinationOffice
from home.templatetags import parts, shapes, streams

HALLE = CoordinationOffice(pk=1, name="Halle (Saale)", slug="halle", kind="city", code="HAL", tile_column=3, tile_row=3)
HARZ = CoordinationOffice(pk=2, name="Harz", slug="harz", kind="district", code="HZ", tile_column=0, tile_row=2)


def test_tiles_say_in_words_what_their_colour_shows():
    tiles = parts.tile_map([HALLE, HARZ], "Karte", hosts=[HALLE], attended=[HARZ])["tiles"]

    assert [(tile.name, tile.css) for tile in tiles] == [
        ("HZ, Harz, dabei", "in"),
        ("HAL, Halle (Saale), Gastgeberin", "host"),
    ]


def test_tiles_carry_the_number_of_the_edition():
    (tile,) = parts.tile_map([HALLE], "Karte", numbers={HALLE.pk: 13})["tiles"]

    assert (tile.name, tile.css) == ("13, Halle (Saale), 13. Ausgabe", "in")


def test_bars_are_measured_by_the_longest():
    shown = parts.bars([{"label": "A", "planned": 33, "reached": 66}, {"label": "B", "planned": None, "reached": 132}])

    assert shown["planned"]
    assert [(row.planned_width, row.reached_width) for row in shown["rows"]] == [(150, 300), (0, 600)]


def test_bars_of_zeros_are_no_error():
    (row,) = parts.bars([{"label": "A", "planned": 0, "reached": 0}])["rows"]

    assert row.reached_width == 0


def test_art_is_the_same_for_the_same_seed():
    assert shapes.art("seed") == shapes.art("seed") != shapes.art("another seed")


@pytest.mark.parametrize("seed", range(30))
def test_art_is_neither_empty_nor_gaudy(seed):
    tones = [shape.tone for shape in shapes.art(seed)["shapes"]]

    assert len(tones) >= 5
    assert tones.count("c") in (1, 2)


def test_unknown_code_lights_magdeburg():
    lit = [tile for tile in shapes.emblem("XYZ")["tiles"] if tile.lit]

    assert lit == [tile for tile in shapes.emblem("MD")["tiles"] if tile.lit]
    assert len(lit) == 1


def body(*blocks):
    return BodyBlock().to_python([{"type": name, "value": value} for name, value in blocks])


def sections(stream):
    request = RequestFactory().get("/")
    return streams.stream_sections(Context({"request": request}), stream)


def test_headings_become_sections(db):
    found = sections(
        body(
            ("text", "<p>Vorweg</p>"),
            ("heading", {"text": "Wozu es sie gibt", "level": "2"}),
            ("heading", {"text": "Im Einzelnen", "level": "3"}),
            ("text", "<p>Danach</p>"),
        )
    )

    assert [(section.heading, section.anchor) for section in found] == [
        ("", ""),
        ("Wozu es sie gibt", "wozu-es-sie-gibt"),
    ]
    assert "Vorweg" in found[0].content
    assert "<h3>Im Einzelnen</h3>" in found[1].content


def test_caption_of_figures_is_the_heading_where_there_is_none(db):
    figures = {"caption": "Bilanz", "figures": [{"label": "Stellen", "planned": 33, "reached": 67}], "note": ""}

    (section,) = sections(body(("figures", figures)))

    assert section.heading == "Bilanz"
    assert '<caption class="vh">Bilanz</caption>' in section.content


def test_headings_move_down_with_the_stream(db):
    stream = body(("heading", {"text": "Unternehmen ansprechen", "level": "2"}))
    context = Context({"request": RequestFactory().get("/"), "body": stream})

    assert "<h3>Unternehmen ansprechen</h3>" in Template("{% load streams %}{% stream body below=2 %}").render(context)


def test_form_field_shows_label_hint_error_and_control_in_this_order():
    from django import forms

    class Form(forms.Form):
        email = forms.EmailField(label="E-Mail-Adresse", help_text="Zum Beispiel name@example.org.")

    form = Form({"email": "kein-klammeraffe"})
    form.is_valid()
    html = Template('{% include "components/fields.html" %}').render(Context({"form": form}))

    places = [html.index(part) for part in ('role="alert"', "<label", 'class="hint"', 'class="error"', "<input")]
    assert places == sorted(places)
    assert 'href="#id_email"' in html
    assert 'aria-describedby="id_email_helptext id_email_error"' in html


def test_pagination_keeps_the_query():
    from django.core.paginator import Paginator

    request = RequestFactory().get("/archiv/?q=Förder&seite=2")
    context = Context({"request": request, "results": Paginator(range(100), 10).get_page(2)})
    html = Template('{% include "components/pagination.html" %}').render(context)

    assert 'href="?q=F%C3%B6rder&amp;seite=3"' in html
    assert 'rel="prev" href="?q=F%C3%B6rder"' in html


def test_level_is_written_on_internal_documents_only():
    template = Template('{% include "components/level.html" %}')
    internal = SimpleNamespace(level=10, get_level_display="Koordination")

    assert "nur Koordination" in template.render(Context({"document": internal}))
    assert template.render(Context({"document": SimpleNamespace(level=0)})).strip() == ""
