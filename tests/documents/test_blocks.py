"""Every block in print: an edition whose write-up has all of them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from archive.access import Level
from archive.documentation.gather import gather
from archive.documentation.layout import document_source
from home.models import EditionPage
from home.rendering.writer import write_pdf
from tests.home.block_examples import examples, make_objects, stream_of


@pytest.mark.java
def test_all_blocks_together_are_valid_pdf_a_and_pdf_ua(site, verapdf, tmp_path):
    objects = make_objects(site.root_page)
    values = examples(objects)
    order = ["text", "heading", *(name for name in values if name != "heading"), "heading", "accordion"]
    stream = stream_of(*((name, values[name]) for name in order))
    edition = objects.edition
    edition.body = stream.stream_block.get_prep_value(stream)
    edition.save_revision().publish()
    path = tmp_path / "blocks.pdf"

    path.write_bytes(write_pdf(document_source(gather(EditionPage.objects.get(pk=edition.pk), Level.PUBLIC))))

    verapdf(path)


def test_gathering_takes_the_same_queries_however_many_headings_there_are(site):
    objects = make_objects(site.root_page)
    values = examples(objects)

    def queries(sections):
        page = Page.objects.get(pk=objects.edition.pk).specific
        page.body = stream_of(*[("heading", values["heading"]), ("text", values["text"])] * sections)
        with CaptureQueriesContext(connection) as captured:
            gather(page, Level.PUBLIC)
        return len(captured)

    queries(1)
    assert queries(1) == queries(6)
