"""What holds for every block in every medium: a new block that breaks it fails here."""

import re
from html import unescape

import pytest
from django.db import connection
from django.template.loader import get_template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from wagtail.admin.icons import get_icons
from wagtail.blocks import StreamBlock
from wagtail.models import Locale, Page, PageViewRestriction

from home.blocks import BodyBlock, NewsletterBlock
from home.blocks.previews import newest_page
from home.models import ProgrammeSpeaker, SiteImage
from home.rendering.streams import EXTENSIONS
from tests.contents import made_once
from tests.home.block_examples import BASE, MEDIA, examples, make_objects, rendered, stream_of

NAMES = sorted({*BodyBlock().child_blocks, *NewsletterBlock().child_blocks})
HOSTILE = '<script>alert(1)</script> {{ x }} {% now "Y" %} "\'&amp; مرحبا </mj-text></td>'
# Links that a medium leaves out or adds, and why. The web alone offers the file beside the record of a document.
ON_THE_WEB_ONLY = {"documents": re.compile(r"/archiv/\d+/datei/$")}
# Outside of the web the text to a video stands elsewhere, so there is a link to it.
ELSEWHERE_ONLY = {"video": re.compile(re.escape(f"{BASE}/seite/") + "$")}
# A report in print is a reference; the text to a video stands on the website.
NOT_SAID = {("report", "print"): {"Anriss"}, ("video", "mail"): {"Text"}, ("video", "text"): {"Text"}}
# Blocks with rich text: a link goes, its words stay.
LINKING = ["text", "accordion", "table"]
# Nobody imports a single date from paper.
NOT_ON_PAPER = {"dates": re.compile(r"/termin\.ics$")}


@made_once
def objects(site):
    return make_objects(site.root_page)


def request():
    request = RequestFactory().get("/")
    request.LANGUAGE_CODE = "de"
    return request


def render(name, value, medium, **context):
    extra = {"request": request()} if medium == "web" else {"page": SitePageStub()}
    return rendered(stream_of((name, value)), medium, **extra | context)


class SitePageStub:
    """The page around a block: only its address matters."""

    url = "/seite/"


def headings(markup):
    return [
        (int(level), " ".join(strip_tags(words).split()))
        for level, words in re.findall(r"<h([1-6])\b[^>]*>(.*?)</h\1>", markup, re.DOTALL)
    ]


def links(markup, medium):
    """Addresses of links; those of the web with the host that the other media have to name."""
    if medium == "text":
        found = re.findall(r"^\[\d+\] (\S+)$", markup, re.MULTILINE)
    else:
        # The frame of a video is a document of its own.
        found = re.findall(r'<a\b[^>]*\bhref="([^"]*)"', re.sub(r'srcdoc="[^"]*"', "", markup))
    addresses = {unescape(address) for address in found}
    return {f"{BASE}{address}" if medium == "web" and address[0] == "/" else address for address in addresses}


def images(markup):
    return [unescape(alt) for alt in re.findall(r'<img\b[^>]*\balt="([^"]*)"', markup)]


def test_there_is_an_example_of_every_block(objects):
    assert sorted(examples(objects)) == NAMES


@pytest.mark.parametrize("stream", [BodyBlock, NewsletterBlock])
def test_every_block_introduces_itself_to_editors(stream):
    icons = set(re.findall(r'id="icon-([\w-]+)"', get_icons()))

    for name, block in stream().child_blocks.items():
        assert block.meta.icon in icons, name
        assert block.meta.label, f"{name} has no German label"
        assert block.meta.group, name
        assert block.get_description().endswith("."), name
        assert block.is_previewable, name


@pytest.mark.parametrize("medium", EXTENSIONS)
@pytest.mark.parametrize("name", NAMES)
def test_every_block_has_a_template_for_every_medium(name, medium):
    get_template(f"blocks/{medium}/{name}.{EXTENSIONS[medium]}", using="text" if medium == "text" else None)


@pytest.mark.parametrize("name", NAMES)
def test_all_media_have_the_same_headings_links_and_text_alternatives(objects, name):
    markup = {medium: render(name, examples(objects)[name], medium) for medium in MEDIA}

    assert headings(markup["web"]) == headings(markup["mail"]) == headings(markup["print"])
    for _level, words in headings(markup["web"]):
        assert f"{words}\n" in markup["text"]

    found = {medium: links(markup[medium], medium) for medium in MEDIA}
    phones = {link for link in found["web"] if link.startswith(("tel:", "mailto:"))}
    expected = {link for link in found["web"] if not (name in ON_THE_WEB_ONLY and ON_THE_WEB_ONLY[name].search(link))}
    for medium in ("mail", "text", "print"):
        others = {link for link in found[medium] if not (name in ELSEWHERE_ONLY and ELSEWHERE_ONLY[name].match(link))}
        wanted = expected - phones if medium == "text" else expected
        if medium == "print" and name in NOT_ON_PAPER:
            wanted = {link for link in wanted if not NOT_ON_PAPER[name].search(link)}
        assert others == wanted, medium
        assert all(re.match(r"https?://|mailto:|tel:", link) for link in others), medium
        assert not re.search(r'(?:href|src)="/', markup[medium])
    if phones:
        assert "kim@example.org" in markup["text"] and "0391 5371-271" in markup["text"]

    assert images(markup["web"]) == images(markup["mail"]) == images(markup["print"])
    assert images(markup["web"]) == re.findall(r"^\[Bild: (.*)\]$", markup["text"], re.MULTILINE)
    assert all(images(markup["web"]))


@pytest.mark.parametrize("name", NAMES)
def test_hostile_words_stay_words_and_all_media_say_the_same(site, name):
    objects = make_objects(site.root_page, HOSTILE)
    value = examples(objects, HOSTILE)[name]

    said = {}
    for medium in MEDIA:
        markup = render(name, value, medium)
        if medium != "text":
            assert "<script" not in markup
            markup = unescape(re.sub(r"<[^>]*>", " ", markup))
        # Every text of the examples begins with a word of its own.
        said[medium] = set(re.findall(rf"(\w+) {re.escape(HOSTILE)}", " ".join(markup.split())))

    assert said["web"]
    for medium in ("mail", "text", "print"):
        assert said["web"] - said[medium] == NOT_SAID.get((name, medium), set()), medium


@pytest.mark.parametrize("medium", MEDIA)
def test_very_long_words_are_no_error(objects, medium):
    for name, value in examples(objects, "Donaudampfschifffahrt" * 500).items():
        assert render(name, value, medium), name


@pytest.mark.parametrize("medium", MEDIA)
def test_a_draft_without_anything_is_no_error(site, medium):
    for name, block in BodyBlock().child_blocks.items():
        empty = {"type": name, "value": block.get_prep_value(block.get_default())}

        rendered(BodyBlock().to_python([empty]), medium, request=request())


@pytest.mark.parametrize("medium", MEDIA)
def test_what_is_deleted_vanishes_from_blocks(objects, medium):
    streams = {name: stream_of((name, value)).get_prep_value() for name, value in examples(objects).items()}
    objects.report.delete()
    objects.edition.delete()
    objects.document.delete()
    ProgrammeSpeaker.objects.all().delete()
    objects.person.delete()
    SiteImage.objects.all().delete()

    for name, stream in streams.items():
        markup = rendered(BodyBlock().to_python(stream), medium, request=request())

        for words in ("Bericht vom", "Anriss", "Stadthaus", "Eröffnung", "Vortrag", "kim@", "Foto:", "/archiv/"):
            assert words not in markup, name
        assert "/bericht/" not in markup, name


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize("hide", ["unpublish", "restrict"])
def test_what_not_everybody_may_see_is_not_linked(objects, medium, hide):
    values = examples(objects)
    for page in Page.objects.filter(pk__in=[objects.report.pk, objects.edition.pk]):
        if hide == "unpublish":
            page.unpublish()
        else:
            PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)

    for name in (*LINKING, "edition", "programme", "dates", "report", "call_to_action"):
        markup = render(name, values[name], medium)

        for words in ("Anriss", "Stadthaus", "Eröffnung", "/bericht/", "/13/"):
            assert words not in markup, name
        if name in LINKING:
            assert "Bericht" in markup and "https://example.org/mehr" in markup, name


@pytest.mark.parametrize("medium", ["web", "mail", "print"])
def test_headings_move_down_with_their_stream(objects, medium):
    stream = stream_of(*((name, examples(objects)[name]) for name in ("heading", "accordion")))

    plain = headings(rendered(stream, medium, request=request()))
    shifted = headings(rendered(stream, medium, request=request(), shift=1))

    assert [level for level, _ in plain] == [2, 3, 3]
    assert shifted == [(level + 1, words) for level, words in plain]


@pytest.mark.parametrize("medium", MEDIA)
def test_links_in_texts_take_the_same_queries_however_many_there_are(objects, site, medium):
    pages = [site.root_page.add_child(instance=Page(title=f"P{i}", slug=f"p{i}")) for i in range(12)]

    def queries(count):
        stream = stream_of(
            *(("text", f'<p><a linktype="page" id="{page.pk}">{page.title}</a></p>') for page in pages[:count])
        )
        rendered(stream, medium, request=request())
        with CaptureQueriesContext(connection) as captured:
            markup = rendered(stream, medium, request=request())
        assert markup.count("/p") >= count
        return len(captured)

    assert queries(1) == queries(12)


@pytest.mark.parametrize(
    "key", ["9" * 30, "9" * 5_000, "-1", "²", "x", ""], ids=["long", "endless", *("-1", "²", "x", "")]
)
@pytest.mark.parametrize("medium", MEDIA)
def test_a_link_with_a_number_that_no_page_can_have_is_plain_words(site, medium, key):
    links = (f'<a linktype="{kind}" id="{key}">Bericht</a>' for kind in ("page", "document"))

    markup = rendered(stream_of(("text", f"<p>Zum {' und '.join(links)}</p>")), medium, request=request())

    assert "Zum Bericht und Bericht" in " ".join(markup.split())


@pytest.mark.parametrize("stream", [BodyBlock, NewsletterBlock])
@pytest.mark.parametrize("empty", [True, False])
def test_the_picker_shows_every_block(admin_client, site, stream, empty):
    if not empty:
        make_objects(site.root_page)

    for name, block in stream().child_blocks.items():
        response = admin_client.get("/admin/block-preview/", {"id": block.definition_prefix})

        assert response.status_code == 200, name
        html = response.content.decode()
        assert "css/site.css" in html
        if not empty:
            assert "Eine Vorschau erscheint" not in html, name


def test_the_picker_shows_german_pages(site):
    edition = make_objects(site.root_page).edition
    english = Locale.objects.get_or_create(language_code="en")[0]
    translated = edition.copy_for_translation(english, copy_parents=True)
    translated.motto = "An English motto"
    translated.save_revision().publish()
    block = BodyBlock().child_blocks["programme"]

    assert newest_page(block.child_blocks["page"]) == edition


def test_a_block_that_is_not_ours_has_a_preview_too(admin_client, site):
    from wagtail import blocks

    class Stream(StreamBlock):
        colour = blocks.CharBlock(preview_value="Petrol")

    block = Stream().child_blocks["colour"]

    assert "Petrol" in admin_client.get("/admin/block-preview/", {"id": block.definition_prefix}).content.decode()
