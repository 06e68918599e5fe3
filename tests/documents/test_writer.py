"""The PDF engine: valid, the same bytes for the same input, complete."""

import dataclasses
import hashlib
import json
from io import BytesIO

import pytest
from pypdf import PdfReader

from home.rendering.errors import (
    BrokenContent,
    ForbiddenAddress,
    LimitExceeded,
    MissingGlyph,
)
from home.rendering.limits import Renderer, write_pdf_limited
from home.rendering.source import Resource
from home.rendering.writer import write_pdf
from tests.documents.conftest import CSS, make_source


@pytest.fixture(scope="module")
def pdf(sample) -> bytes:
    return write_pdf(sample)


@pytest.mark.java
def test_document_is_pdf_a_3a_and_pdf_ua_1(pdf, verapdf, tmp_path):
    path = tmp_path / "sample.pdf"
    path.write_bytes(pdf)

    verapdf(path)


def test_same_input_gives_same_bytes(sample, pdf):
    again = write_pdf(dataclasses.replace(sample))

    assert hashlib.sha256(again).digest() == hashlib.sha256(pdf).digest()
    assert sample.input_hash == dataclasses.replace(sample).input_hash


def test_child_process_gives_the_same_bytes(sample, pdf):
    assert write_pdf_limited(sample) == pdf


def test_every_part_of_the_input_changes_the_hash(sample):
    others = [
        dataclasses.replace(sample, html=sample.html + " "),
        dataclasses.replace(sample, stylesheet=sample.stylesheet + " "),
        dataclasses.replace(sample, resources={}),
        dataclasses.replace(sample, attachments=()),
        dataclasses.replace(sample, metadata=dataclasses.replace(sample.metadata, title="Anders")),
    ]

    assert len({sample.input_hash, *(other.input_hash for other in others)}) == 6


def test_metadata_comes_from_the_arguments(pdf):
    reader = PdfReader(BytesIO(pdf))
    xmp = reader.xmp_metadata

    assert reader.metadata.title == "Dokumentation der 13. Ideenwerkstatt"
    assert reader.metadata.creation_date.isoformat() == "2024-12-01T09:00:00+00:00"
    assert reader.metadata.modification_date.isoformat() == "2024-12-02T09:30:00+00:00"
    assert xmp.dc_title == {"x-default": "Dokumentation der 13. Ideenwerkstatt"}
    assert reader.trailer["/Root"]["/Lang"] == "de"


def test_data_is_attached_with_its_relationship(pdf):
    reader = PdfReader(BytesIO(pdf))
    catalog = reader.trailer["/Root"]

    assert json.loads(reader.attachments["edition.json"][0]) == {"@type": "Event"}
    assert [entry.get_object()["/AFRelationship"] for entry in catalog["/AF"]] == ["/Data"]


@pytest.mark.parametrize(
    "body",
    [
        '<img src="file:///etc/passwd" alt="x">',
        '<img src="http://192.0.2.1/x.png" alt="x">',
        '<img src="https://example.org/x.png" alt="x">',
        '<img src="media:image/8/original" alt="x">',
        '<img src="static:css/site.css" alt="x">',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<link rel="attachment" href="data:text/plain,x">',
        '<a rel="attachment" href="file:///etc/passwd">Anhang</a>',
        '<a href="file:///etc/passwd">Verweis</a>',
        '<a href="javascript:alert(1)">Verweis</a>',
        '<a href="/relativ/">Verweis</a>',
        '<link rel="stylesheet" href="https://example.org/x.css">',
        "<style>@import url(file:///etc/passwd)</style>",
        '<object data="file:///etc/passwd"></object>',
        '<svg width="9" height="9"><title>x</title><image href="file:///etc/passwd" width="9" height="9"/></svg>',
        (
            "<img alt=\"x\" src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>"
            "<image href='http://192.0.2.1/x.png' width='9' height='9'/></svg>\">"
        ),
    ],
)
def test_foreign_address_stops_the_build(body):
    with pytest.raises(ForbiddenAddress, match="verweist auf"):
        write_pdf(make_source(body))


def test_image_that_was_handed_in_is_embedded():
    resource = Resource(
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
        "image/svg+xml",
    )
    body = '<h1>Probe</h1><p><img src="static:logo.svg" alt="Zeichen"></p>'

    pdf = write_pdf(make_source(body, resources={"static:logo.svg": resource}))

    assert pdf.startswith(b"%PDF-1.7")


def test_missing_glyph_is_named():
    with pytest.raises(
        MissingGlyph, match=r"„ש“ \(U\+05E9 HEBREW LETTER SHIN\).* in lateinischen Buchstaben"
    ) as caught:
        write_pdf(make_source("<p>Frau שלום</p>"))

    assert "(in „Frau שלום“)" in str(caught.value)


def test_missing_alt_text_is_named():
    body = '<p><img src="static:a.png"></p>'
    resource = Resource(
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
        "image/svg+xml",
    )

    with pytest.raises(BrokenContent, match=r"fehlt der Alternativtext \(„static:a.png“\)"):
        write_pdf(make_source(body, resources={"static:a.png": resource}))


def test_broken_image_is_named():
    resources = {"static:a.png": Resource(b"no image", "image/png")}

    with pytest.raises(BrokenContent, match="kann nicht gelesen werden"):
        write_pdf(make_source('<p><img src="static:a.png" alt="x"></p>', resources=resources))


def test_broken_link_inside_the_document_is_named():
    with pytest.raises(BrokenContent, match="nicht gibt"):
        write_pdf(make_source('<p><a href="#nirgends">dort</a></p>'))


def test_time_limit_ends_the_child():
    with pytest.raises(LimitExceeded, match="nach 1 Sekunden"):
        write_pdf_limited(make_source("<p>Wort</p>" * 20_000), seconds=1)


def test_memory_limit_ends_the_child():
    body = '<table><tr><td colspan="100000000">x</td></tr></table>'

    with pytest.raises(LimitExceeded):
        write_pdf_limited(make_source(body), seconds=60, memory=700 * 1024**2)


def test_renderer_is_used_again_after_a_limit():
    renderer = Renderer(seconds=60, memory=700 * 1024**2)
    small = make_source("<h1>Probe</h1>")
    try:
        first = renderer.write(small)
        with pytest.raises(LimitExceeded):
            renderer.write(make_source('<table><tr><td colspan="100000000">x</td></tr></table>'))
        with pytest.raises(MissingGlyph):
            renderer.write(make_source("<p>\u0e01</p>"))

        assert renderer.write(small) == first
    finally:
        renderer.close()


def test_too_many_pages_are_refused(monkeypatch):
    monkeypatch.setattr("home.rendering.writer.MAX_PAGES", 3)

    with pytest.raises(LimitExceeded, match="hätte 4 Seiten"):
        write_pdf(make_source('<p style="break-after: page">x</p>' * 3 + "<p>x</p>", css=CSS))
