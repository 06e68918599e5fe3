"""Blocks and the rendering of streams."""

import pytest
from django.core.exceptions import ValidationError
from wagtail.blocks import StreamValue
from wagtail.documents import get_document_model

from home.blocks import BodyBlock
from home.rendering.streams import absolute_links, render_stream


def heading(level):
    return {"type": "heading", "value": {"text": "Titel", "level": level}}


def clean(*blocks):
    block = BodyBlock()
    return block.clean(StreamValue(block, list(blocks), is_lazy=True))


def test_headings_in_order_are_accepted():
    assert len(clean(heading("2"), heading("3"), heading("2"))) == 3


def test_skipped_heading_level_is_refused():
    with pytest.raises(ValidationError):
        clean(heading("3"))


def test_links_become_absolute_but_not_those_of_other_hosts():
    markup = '<a href="/archiv/"><img src="/media/a.png"></a><a href="//other.example/">x</a><a href="https://b/">y</a>'

    assert absolute_links(markup, "https://ikoe.example.org") == (
        '<a href="https://ikoe.example.org/archiv/"><img src="https://ikoe.example.org/media/a.png"></a>'
        '<a href="//other.example/">x</a><a href="https://b/">y</a>'
    )


@pytest.mark.django_db
@pytest.mark.parametrize("medium", ["web", "print", "mail"])
def test_text_of_editors_is_escaped(medium):
    block = BodyBlock()
    stream = StreamValue(
        block, [{"type": "heading", "value": {"text": "<script>x</script>", "level": "2"}}], is_lazy=True
    )

    rendered = render_stream(
        stream, medium, base_url="https://ikoe.example.org", documents=get_document_model().objects.none()
    )

    assert "<script>" not in rendered and "&lt;script&gt;" in rendered
