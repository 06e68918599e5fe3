"""Pages of editions, the chronicle with its filter, and the pages of the offices."""

import datetime
import io
import re

import pytest
import time_machine
from django.core.files.base import ContentFile
from PIL import Image

from archive.access import Level
from archive.models import Document
from home import demo
from home.demo_content import pictures
from home.models import (
    CoordinationOffice,
    EditionPage,
    EditionPhoto,
    NewsPage,
    Participation,
    ProgrammeItem,
    SteeringMember,
    SteeringTerm,
)
from tests.documents_content import add_document


def edition(slug="13"):
    return EditionPage.objects.get(slug=slug, locale__language_code="de")


def text(client, path):
    return client.get(path).content.decode()


def listed(page):
    """Slugs of the editions in the list of a chronicle, in their order."""
    section = page.partition('id="ausgaben"')[2].partition("</section>")[0]
    return re.findall(r'<h3 class="title"><a href="/ideenwerkstatt/([^/]+)/"', section)


def test_chronicle_by_office_and_year_needs_no_script(demo_pages, client):
    assert listed(text(client, "/ideenwerkstatt/?stelle=halle&jahr=2024")) == ["13"]
    assert listed(text(client, "/ideenwerkstatt/?stelle=halle")) == ["13"]
    assert listed(text(client, "/ideenwerkstatt/?jahr=2018")) == ["5", "4"]
    assert listed(text(client, "/ideenwerkstatt/?stelle=halle&jahr=2018")) == []


def test_chronicle_says_how_many_editions_it_shows(demo_pages, client, settings):
    page = text(client, "/ideenwerkstatt/?jahr=2018")

    assert re.search(r'role="status"><strong>2\sAusgaben</strong>', page)
    assert "noindex" in page
    assert f'<link rel="canonical" href="{settings.BASE_URL}/ideenwerkstatt/">' in page


def test_chronicle_names_host_and_topics_of_every_edition(demo_pages, client):
    rows = text(client, "/ideenwerkstatt/").partition('id="ausgaben"')[2].split("<li")
    barby = next(row for row in rows if ">Barby<" in row)

    assert "Gastgeberin: Salzlandkreis" in barby
    assert "Fördermittel und Anträge, Integrationskonzepte, Rolle der Koordinierungsstellen" in barby


def test_edition_leads_past_neighbours_of_which_nothing_is_recorded(demo_pages, client):
    def neighbours(path):
        return re.findall(r'<a href="/ideenwerkstatt/([^/]+)/" rel="(prev|next)">', text(client, path))

    assert neighbours("/ideenwerkstatt/13/") == [("7", "prev"), ("november-2025", "next")]
    assert neighbours("/ideenwerkstatt/10/") == [("7", "prev"), ("13", "next")]
    assert "Vorherige erfasste Ausgabe" in text(client, "/ideenwerkstatt/13/")
    assert "erfasste Ausgabe" not in text(client, "/ideenwerkstatt/5/")


def test_edition_of_which_nothing_is_recorded_promises_nothing(demo_pages, client):
    page = text(client, "/ideenwerkstatt/8/")

    assert "<dt>Wann</dt><dd>nicht erfasst</dd>" in page
    assert "noch offen" not in page
    assert not re.search(r"<p[^>]*>\s*</p>", page)


@time_machine.travel("2025-01-15T12:00:00+01:00", tick=False)
def test_upcoming_edition_does_not_say_who_was_there(demo_pages, client):
    page = edition("november-2025")
    page.participations.add(Participation(office=CoordinationOffice.objects.get(slug="harz"), hosted=True))
    page.save_revision().publish()

    shown = text(client, "/ideenwerkstatt/november-2025/").partition('id="beteiligte"')[2].partition("</section>")[0]

    assert "<h2>Wer einlädt</h2>" in shown and "Landkreis Harz" in shown
    assert "war" not in shown and "teilgenommen" not in shown


def test_outlook_stands_before_the_cross_references(demo_pages, client):
    page = text(client, "/ideenwerkstatt/13/")

    assert page.index('id="ausblick"') < page.index('id="mehr"')


def test_matrix_has_a_name_and_no_empty_cell(demo_pages, client):
    table = re.search(
        r'<table class="matrix" aria-labelledby="(.+?)".*?</table>', page := text(client, "/ideenwerkstatt/"), re.S
    )

    assert f'<h2 id="{table[1]}">Wer eingeladen hat</h2>' in page
    assert not re.search(r"<td[^>]*>\s*</td>", table[0])


@pytest.mark.parametrize("query", ["?stelle=atlantis", "?jahr=1789", "?stelle=%00&jahr=%ff", "?stelle=" + "x" * 9000])
def test_unknown_choice_is_told_and_shows_everything(demo_pages, client, query):
    response = client.get(f"/ideenwerkstatt/{query}")

    assert response.status_code == 200
    assert "steht nicht zur Auswahl" in response.content.decode()
    assert listed(response.content.decode()) == listed(text(client, "/ideenwerkstatt/"))


def test_unknown_choice_is_shown_as_text(demo_pages, client):
    assert "<b>x</b>" not in text(client, "/ideenwerkstatt/?stelle=<b>x</b>")


def test_legend_of_the_matrix_explains_only_what_occurs(demo_pages, client):
    def legend():
        return text(client, "/ideenwerkstatt/").partition('id="beteiligung"')[2].partition("</ul>")[0]

    assert "Gastgeberin" in legend() and "nicht dabei" not in legend()

    page = edition()
    office = CoordinationOffice.objects.get(slug="harz")
    page.participations.add(Participation(office=office, attended=False))
    page.save_revision().publish()

    assert "nicht dabei" in legend()


def test_steering_groups_of_all_years_stand_on_the_chronicle(demo_pages, client):
    SteeringTerm.objects.create(year=2030, members=[SteeringMember(name="Ada Muster", organisation="Harz")])

    page = text(client, "/ideenwerkstatt/")

    assert page.index("<h3>2030</h3>") < page.index("<h3>2019</h3>")
    assert "Ada Muster" in page and page.count("<details") == 2


def test_edition_shows_photos_with_caption_and_credit(demo_pages, client):
    page = edition()
    page.photos.add(EditionPhoto(image=demo._picture("balance"), caption="Alle im Hof"))
    page.save_revision().publish()

    shown = text(client, "/ideenwerkstatt/13/")

    assert "Alle im Hof" in shown and pictures.CREDIT in shown
    assert f'alt="{pictures.PICTURES["balance"][1]}"' in shown


def test_programme_shows_times_sign_room_results_and_visible_documents(demo_pages, client):
    page = edition()
    item = page.programme_items.first()
    item.room, item.results, item.day = "Saal 2", "<p>Drei Vorhaben.</p>", datetime.date(2024, 11, 21)
    item.start, item.end = datetime.time(10), datetime.time(10, 30)
    item.save()
    add_document("Folien", level=Level.PUBLIC, edition=page, programme_key=item.translation_key)
    add_document("Notizen", level=Level.COORDINATION, edition=page, programme_key=item.translation_key)

    programme = text(client, "/ideenwerkstatt/13/").partition('id="programm"')[2].partition("</section>\n    </div>")[0]

    assert ", Saal 2" in programme and "Raum Saal" not in programme and "Drei Vorhaben." in programme
    seen = re.sub(r'<span class="vh">.*?</span>', "", re.search(r'<p class="when.*?</p>', programme)[0])
    assert re.sub("<.*?>", "", seen) == "10:00–10:30"
    assert ">Folien</a>" in programme and "Notizen" not in programme
    assert '<svg class="sign"' in programme


@pytest.mark.parametrize("kind", ProgrammeItem.Format.values)
def test_every_format_has_a_sign_of_its_own(kind):
    from django.template.loader import render_to_string

    signs = [render_to_string("components/format_sign.html", {"format": one}) for one in ProgrammeItem.Format.values]

    sign = render_to_string("components/format_sign.html", {"format": kind})
    assert signs.count(sign) == 1
    assert 'aria-hidden="true"' in sign and 'class="c"' in sign


def test_number_of_persons_is_summed(demo_pages, client):
    page = edition()
    for slug, persons in (("harz", 2), ("stendal", 3)):
        office = CoordinationOffice.objects.get(slug=slug)
        page.participations.add(Participation(office=office, attended=True, persons=persons))
    page.save_revision().publish()

    assert re.search(r"5\sPersonen", text(client, "/ideenwerkstatt/13/"))


@pytest.mark.parametrize(
    ("state", "words"),
    [("cancelled", "Diese Ausgabe ist abgesagt."), ("announced", "war geplant"), ("held", "hat stattgefunden")],
)
def test_state_is_told_in_words(demo_pages, client, state, words):
    page = edition()
    page.state = state
    page.save_revision().publish()

    assert words in text(client, "/ideenwerkstatt/13/")


def test_office_page_lists_what_it_contributed(demo_pages, client):
    page = text(client, "/koordinierungsstellen/stendal/")

    assert "Hat beigetragen" in page
    assert "Integration im ländlichen Raum. Fluch oder Segen?" in page
    assert 'href="/ideenwerkstatt/6/#programm"' in page


def test_office_page_tells_reports_about_editions_it_hosted(demo_pages, client):
    assert "Halle bringt Verwaltung" in text(client, "/koordinierungsstellen/halle/")
    assert "Halle bringt Verwaltung" not in text(client, "/koordinierungsstellen/harz/")


def test_office_page_knows_drafts_not(demo_pages, client):
    edition("6").unpublish()

    assert "Fluch oder Segen?" not in text(client, "/koordinierungsstellen/stendal/")


def test_document_rows_show_the_first_page_where_there_is_a_picture(demo_pages, client):
    drawing = io.BytesIO()
    Image.new("RGB", (880, 495), "#0b4250").save(drawing, "WEBP")
    document = add_document("Folien", level=Level.PUBLIC, edition=edition())
    leaves = document.current_version.leaves
    leaves.create(number=1, image=ContentFile(drawing.getvalue(), "1.webp"), width=880, height=495)
    address = f"/archiv/{document.pk}/v/1/seite/1-klein.webp"

    assert address in text(client, "/ideenwerkstatt/13/")
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
    assert Image.open(io.BytesIO(response.content)).size == (160, 90)
    assert client.get(address, headers={"If-None-Match": response["ETag"]}).status_code == 304

    Document.objects.filter(pk=document.pk).update(level=Level.COORDINATION)
    assert client.get(address).status_code == 404


def test_plan_whose_days_are_over_is_told_alike_everywhere(demo_pages, client):
    for path in ("/", "/ideenwerkstatt/", "/ideenwerkstatt/7/", "/termine/"):
        page = text(client, path)
        assert "war geplant" in page and "in Vorbereitung" not in page, path


def test_edition_without_a_number_has_its_date_in_title_and_crumb(demo_pages, client):
    page = text(client, "/ideenwerkstatt/november-2025/")

    assert "<title>Ideenwerkstatt, November 2025 – IKOE</title>" in page
    assert '<li aria-current="page">Ideenwerkstatt, November 2025</li>' in page


def test_edition_that_is_not_recorded_is_not_offered_to_search_engines(demo_pages, client):
    page = text(client, "/ideenwerkstatt/8/")

    assert '<meta name="robots" content="noindex, follow">' in page
    assert page.count("8. Ideenwerkstatt</") == 2  # breadcrumb and heading
    assert "/ideenwerkstatt/8/" not in text(client, "/sitemap.xml")


def test_opening_leads_to_the_report_that_was_written_here(demo_pages, client):
    here = NewsPage.objects.get(slug="ideenwerkstatt-13-halle")
    fields = {"date": here.date, "teaser": "Kurz", "edition": here.edition, "origin_name": "AGSA"}
    here.get_parent().add_child(
        instance=NewsPage(title="Nachdruck", slug="nachdruck", origin="first_elsewhere", **fields)
    )

    assert f'<a class="btn sun" href="{here.url}">' in text(client, "/")


def test_office_without_contact_says_so(demo_pages, client):
    CoordinationOffice.objects.filter(slug="harz").update(phone="", email="", website="")
    CoordinationOffice.objects.filter(slug="halle").update(phone="0345 123")

    assert "noch nicht erfasst" in text(client, "/koordinierungsstellen/harz/")
    listing = text(client, "/koordinierungsstellen/")
    assert 'href="tel:+49345123"' in listing and "Kontakt noch nicht erfasst" in listing
