"""What single blocks accept, refuse and show."""

import datetime
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.blocks import StreamBlockValidationError, StructBlockValidationError

from archive.access import Level
from home.blocks import BodyBlock
from home.blocks.content import CallToActionBlock
from home.blocks.references import DatesBlock
from home.blocks.tables import FiguresBlock, HeadedTableBlock
from home.blocks.video import VideoBlock, player_for
from home.models import ContentPage, EditionPage, SeriesPage
from home.templatetags.contacts import dial
from home.templatetags.editions import upcoming_editions
from tests.editions_content import make_edition, make_series
from tests.home.block_examples import examples, make_document, make_objects, rendered, stream_of

YOUTUBE = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1"


@pytest.mark.parametrize(
    ("address", "player"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=42s", YOUTUBE),
        ("https://m.youtube.com/watch?v=dQw4w9WgXcQ", YOUTUBE),
        ("https://youtu.be/dQw4w9WgXcQ?si=x", YOUTUBE),
        ("https://www.youtube.com/shorts/dQw4w9WgXcQ", YOUTUBE),
        ("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ", YOUTUBE),
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?dnt=1&autoplay=1"),
        ("https://vimeo.com/76979871/abc123ef", "https://player.vimeo.com/video/76979871?dnt=1&autoplay=1&h=abc123ef"),
        (
            "https://player.vimeo.com/video/76979871?h=abc123ef",
            "https://player.vimeo.com/video/76979871?dnt=1&autoplay=1&h=abc123ef",
        ),
        (
            "https://video.example.org/w/kkGMgK9ZtnKfYAgnEtQxbv",
            "https://video.example.org/videos/embed/kkGMgK9ZtnKfYAgnEtQxbv?autoplay=1",
        ),
        (
            "https://www.video.example.org/videos/watch/9c9de5e8-0a1e-484a-b099-e80766180a6d",
            "https://www.video.example.org/videos/embed/9c9de5e8-0a1e-484a-b099-e80766180a6d?autoplay=1",
        ),
    ],
)
def test_videos_play_in_the_privacy_friendly_player(address, player):
    found = player_for(address)

    assert found.address == player
    assert player.startswith(f"{found.origin}/")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://www.youtube.com/",
        "https://www.youtube.com/watch?v=zu-kurz",
        'https://www.youtube.com/watch?v="><script>',
        "http://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
        "https://user@www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com:8443/watch?v=dQw4w9WgXcQ",
        "https://vimeo.com/kanal",
        "https://localhost/w/kkGMgK9ZtnKfYAgnEtQxbv",
        "https://video.example.org/w/kurz",
        "https://video.example.org;script-src/w/kkGMgK9ZtnKfYAgnEtQxbv",
        "https://[::1/w/kkGMgK9ZtnKfYAgnEtQxbv",
        "javascript:alert(1)",
        "https://example.org/film.mp4",
    ],
)
def test_other_addresses_have_no_player(address):
    assert player_for(address) is None


def video(**fields):
    empty = dict.fromkeys(("file", "captions", "poster"))
    return VideoBlock().normalize(
        empty | {"title": "Film", "url": "", "duration": "", "transcript": "<p>Text</p>"} | fields
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "url"),
        ({"url": "https://example.org/film"}, "url"),
        ({"url": "https://youtu.be/dQw4w9WgXcQ", "transcript": ""}, "transcript"),
    ],
)
def test_video_without_source_or_text_is_refused(fields, field):
    with pytest.raises(StructBlockValidationError) as refused:
        VideoBlock().clean(video(**fields))

    assert set(refused.value.block_errors) == {field}


@pytest.mark.django_db
def test_document_that_is_no_video_is_refused():
    presentation = make_document("Vortrag", Level.PUBLIC)
    presentation.file.name = "documents/1/1-abc.pdf"

    with pytest.raises(StructBlockValidationError) as refused:
        VideoBlock().clean(video(file=presentation))

    assert "MP4" in str(refused.value.block_errors["file"])


def content_page(site, *blocks):
    stream = stream_of(*blocks)
    page = ContentPage(title="Projekt", slug="projekt", body=stream.stream_block.get_prep_value(stream))
    site.root_page.add_child(instance=page)
    return page


def policy(response):
    return dict(rule.split(" ", 1) for rule in response["Content-Security-Policy"].split("; "))


def test_only_a_page_with_a_video_may_frame_its_player(site, client):
    objects = make_objects(site.root_page)
    content_page(site, ("video", examples(objects)["video"]))

    response = client.get("/projekt/")

    html = response.content.decode()
    assert policy(response)["frame-src"] == "https://www.youtube-nocookie.com"
    assert "frame-src" not in policy(client.get("/aktuelles/bericht/"))
    assert "<script" not in html.split("<main")[1].split("</main")[0]
    assert 'src="https://' not in html, "nothing is loaded before the visitor asks for it"
    assert "Text zum Video" in html


def test_video_of_the_archive_plays_for_those_who_may_see_it(site):
    public, internal = make_document("Film", Level.PUBLIC), make_document("Film", Level.COORDINATION)
    captions = make_document("Untertitel", Level.PUBLIC)

    shown = rendered(stream_of(("video", video(file=public, captions=captions))), "web")
    hidden = rendered(stream_of(("video", video(file=internal))), "web")

    assert f'<video controls preload="none" src="{public.url}"' in shown
    assert f'<track kind="captions" src="{captions.url}"' in shown
    assert "<video" not in hidden and "/archiv/" not in hidden
    assert "<p>Text</p>" in hidden


def table(**fields):
    value = {
        "caption": "Angebote",
        "columns": [{"type": "text", "heading": "Angebot"}],
        "rows": [{"values": ["Workshop"]}],
    }
    block = HeadedTableBlock()
    return block, block.to_python(value | fields)


def test_table_with_caption_and_headings_is_accepted():
    block, value = table()

    assert block.clean(value).caption == "Angebote"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"caption": " "}, "Beschriftung"),
        ({"columns": [{"type": "text", "heading": ""}]}, "Überschrift"),
        ({"rows": []}, "Zeile"),
        ({"columns": [], "rows": []}, "Spalte"),
    ],
)
def test_table_that_nobody_could_read_out_is_refused(fields, words):
    block, value = table(**fields)

    with pytest.raises(ValidationError) as refused:
        block.clean(value)

    assert words in str(refused.value.as_json_data())


def test_draft_of_a_table_may_lack_its_headings():
    block, value = table(caption="")
    block.defer_required_validation()

    assert block.clean(value).caption == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "fields"),
    [
        *((name, {}) for name in BodyBlock().child_blocks if name != "dates"),
        ("call_to_action", {"button": "Anmelden"}),
        ("heading", {"text": "Im Kleinen", "level": "3"}),
        ("video", {"url": "https://example.org/film"}),
    ],
)
def test_a_block_just_begun_is_saved_and_previewed_in_a_draft_and_not_published(name, fields):
    block = BodyBlock()
    begun = block.child_blocks[name].get_default()
    stream = block.normalize([(name, dict(begun) | fields if fields else begun)])

    draft = block.clean_deferred(stream)

    rendered(draft, "web")
    with pytest.raises(StreamBlockValidationError):
        block.clean(stream)


def test_first_column_names_the_rows_by_choice(site):
    value = examples(make_objects(site.root_page))["table"]

    named = rendered(stream_of(("table", value)), "web")
    plain = rendered(stream_of(("table", value | {"row_headings": False})), "web")

    assert named.count('<th scope="row">') == 1
    assert 'scope="row"' not in plain
    assert named.count('<th scope="col"') == 3
    assert 'role="region" aria-label="Angebote ' in named and 'tabindex="0"' in named
    assert re.search(r'<td class="v">\s*1\.400\s*</td>', named)


@pytest.mark.parametrize(("page", "url"), [(None, ""), ("both", "https://example.org/")])
def test_call_to_action_leads_to_exactly_one_place(site, page, url):
    block = CallToActionBlock()
    value = {"text": "", "button": "Los", "page": site.root_page if page else None, "url": url}

    with pytest.raises(StructBlockValidationError):
        block.clean(block.normalize(value))


def test_empty_value_of_a_stream_with_skipped_heading_names_the_block():
    stream = stream_of(("heading", {"text": "Titel", "level": "3"}))

    with pytest.raises(StreamBlockValidationError) as refused:
        stream.stream_block.clean(stream)

    assert "fehlt eine Überschrift" in str(refused.value.block_errors[0])


@pytest.mark.django_db
def test_figures_say_when_they_were_counted():
    value = FiguresBlock._meta_class.preview_value | {"as_of": datetime.date(2018, 12, 31), "note": "Endstand"}

    for medium in ("web", "mail", "text", "print"):
        markup = rendered(stream_of(("figures", value)), medium)

        assert "31. Dezember 2018" in markup and "Endstand" in markup


def announced(site, slug, start, **fields):
    series = SeriesPage.objects.first() or make_series(site.root_page, "Ideencafé", "ideencafe")
    values = {"title": slug, "slug": slug, "start_date": start, "state": EditionPage.State.ANNOUNCED}
    return make_edition(series, None, **(values | fields))


def test_next_dates_come_soonest_first_and_leave_out_the_past(site):
    for slug, start in (
        ("fern", "2025-06-01"),
        ("nah", "2025-03-21"),
        ("vorbei", "2025-03-09"),
        ("mittel", "2025-04-02"),
    ):
        announced(site, slug, datetime.date.fromisoformat(start))
    announced(site, "laeuft", datetime.date(2025, 3, 9), end_date=datetime.date(2025, 3, 11))
    announced(site, "monat", datetime.date(2025, 3, 1), date_precision="month")

    found = upcoming_editions(4, datetime.date(2025, 3, 10))

    assert [edition.slug for edition in found] == ["monat", "laeuft", "nah", "mittel"]


@pytest.mark.parametrize("medium", ["web", "mail", "text", "print"])
def test_dates_without_any_say_so(site, medium):
    markup = rendered(stream_of(("dates", {"editions": [], "count": 3})), medium)

    assert "kein neuer Termin" in markup


@pytest.mark.parametrize("medium", ["web", "mail", "text", "print"])
def test_chosen_dates_stay_when_they_are_over_and_say_when_they_are_cancelled(site, medium):
    edition = announced(site, "abgesagt", datetime.date(2024, 3, 9))
    EditionPage.objects.filter(pk=edition.pk).update(state=EditionPage.State.CANCELLED)

    markup = rendered(stream_of(("dates", {"editions": [edition], "count": 3})), medium)

    assert "Ideencafé" in markup and "9. März" in markup
    assert "abgesagt" in markup.replace("/abgesagt/", "")
    assert "termin.ics" not in markup


def test_dates_take_the_same_queries_however_many_there_are(site):
    editions = [announced(site, f"t{i}", datetime.date(2099, 1, i + 1)) for i in range(8)]

    def queries(count):
        stream = stream_of(("dates", DatesBlock().normalize({"editions": editions[:count], "count": 3})))
        rendered(stream, "mail")
        with CaptureQueriesContext(connection) as captured:
            assert rendered(stream, "mail").count("termin.ics") == count
        return len(captured)

    assert queries(1) == queries(8)


def test_gallery_takes_the_same_queries_however_many_images_it_has(site):
    objects = make_objects(site.root_page)
    picture = examples(objects)["image"]

    def queries(count):
        value = {"pictures": [picture] * count}
        rendered(stream_of(("gallery", value)), "web")
        stream = stream_of(("gallery", value))
        with CaptureQueriesContext(connection) as captured:
            assert rendered(stream, "web").count("<img") == count
        return len(captured)

    assert queries(2) == queries(12)


def test_an_image_has_the_words_of_its_page_or_its_own(site):
    image = examples(make_objects(site.root_page))["image"]

    own = rendered(stream_of(("image", image | {"alternative": ""})), "web")
    here = rendered(stream_of(("image", image | {"alternative": "Der Vorstand beim Unterschreiben"})), "web")

    assert 'alt="Menschen im Saal "' in own
    assert 'alt="Der Vorstand beim Unterschreiben"' in here


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("0391 5371-271", "+493915371271"),
        ("+49 (0)391 / 5371-271", "+493915371271"),
        ("0049 391 5371271", "+493915371271"),
        ("(0391) 53 71 27 1", "+493915371271"),
        ("115", "115"),
        ("auf Anfrage", ""),
        ("", ""),
    ],
)
def test_telephone_numbers_are_dialled_with_the_country(written, dialled):
    assert dial(written) == dialled
