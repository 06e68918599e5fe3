"""What the server finds out about a draft, and how it reaches the side panel of the editor."""

from __future__ import annotations

import datetime
import json
import re

import pytest
from django.urls import reverse

from home.editing.checker import RULES, SiteContentChecker
from home.editing.content_checks import LONGEST_TEASER, findings
from home.events.models import EditionPage, ProgrammeItem
from home.models import ContentPage, EditionPhoto, NewsIndexPage, NewsPage
from home.roles import Role
from tests.accounts_content import client_of, member
from tests.contents import made_once
from tests.editions_content import make_edition, make_series
from tests.pictures import make_image

pytestmark = pytest.mark.django_db
GOOD = {"description": "Zwölf Menschen vor dem Rathaus", "credit": "Foto: Beispiel"}


def titles(page) -> list[str]:
    return [finding.title for finding in findings(page)]


@made_once
def report(site):
    news = site.root_page.add_child(instance=NewsIndexPage(title="Aktuelles", slug="aktuelles"))
    return news.add_child(
        instance=NewsPage(title="Bericht", date=datetime.date(2024, 11, 25), teaser="Kurz", body=[], live=False)
    )


@made_once
def edition(site):
    return make_edition(make_series(site.root_page))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"credit": " "}, ["Bildnachweis fehlt"]),
        ({"description": "IMG_2041.jpg"}, ["Alternativtext sagt nichts"]),
        ({"width": 900}, ["Bild zu klein"]),
        ({"credit": "", "width": 400}, ["Bildnachweis fehlt", "Bild zu klein"]),
    ],
)
def test_a_lead_image_has_credit_words_and_size(report, fields, expected):
    report.lead_image = make_image(**fields)

    assert titles(report) == expected


def test_images_inside_the_text_may_be_smaller(site):
    image, tiny = make_image(900), make_image(500, title="Winzig")
    page = ContentPage(title="Seite", body=[("image", {"image": image, "caption": ""}), ("image", {"image": tiny})])

    assert [finding.text for finding in findings(page)] == [
        "Das Bild „Winzig“ ist 500 Pixel breit. Scharf wirkt es hier ab 800 Pixeln."
    ]


def test_a_text_alternative_that_the_page_gives_is_looked_at(site):
    image = make_image()
    pictures = [{"image": image, "alternative": text} for text in ("IMG_2041.jpg", "Zwölf Menschen im Saal", "")]
    page = ContentPage(title="Seite", body=[("gallery", {"pictures": pictures}), ("image", {"image": image})])

    assert [(finding.title, finding.text) for finding in findings(page)] == [
        ("Alternativtext sagt nichts", "Alternativtext an dieser Stelle: „IMG_2041.jpg“ ist ein Dateiname.")
    ]


def test_a_file_name_as_text_alternative_is_reported_once(editor, report):
    report.live = True
    report.save_revision().publish()
    edited = editor.get(reverse("wagtailadmin_pages:edit", args=[report.pk])).content.decode()
    public = editor.get(report.url).content.decode()

    asked = [data_of(html, "checker-axe-configuration")["options"]["runOnly"] for html in (edited, public)]

    assert ["alt-text-quality" in rules for rules in asked] == [False, True]


def test_photos_of_an_edition_are_looked_at(edition):
    edition.photos = [EditionPhoto(image=make_image(credit=""))]

    assert titles(edition) == ["Bildnachweis fehlt"]


def test_many_images_take_one_query(report, django_assert_num_queries):
    report.body = [("image", {"image": make_image(title=f"Bild {n}", credit=""), "caption": ""}) for n in range(10)]

    with django_assert_num_queries(1):
        assert len(findings(report)) == 10


@pytest.mark.parametrize(("length", "expected"), [(LONGEST_TEASER, []), (LONGEST_TEASER + 1, ["Anrisstext zu lang"])])
def test_a_teaser_is_short(report, length, expected):
    report.teaser = "a" * length

    assert titles(report) == expected


def add_collision(edition):
    for title in ("Vortrag", "Workshop"):
        ProgrammeItem.objects.create(
            page=edition, title=title, day=datetime.date(2024, 11, 21), start=datetime.time(10),
            end=datetime.time(11), room="Saal", locale=edition.locale,
        )  # fmt: skip


def test_collisions_in_the_programme_are_found(edition):
    add_collision(edition)

    assert titles(edition) == ["Überschneidung im Programm"]


def add_titles(edition, *titles):
    for title in titles:
        ProgrammeItem.objects.create(page=edition, title=title, locale=edition.locale)


def test_titles_of_one_earlier_edition_are_named(edition):
    twelve, fourteen = (
        edition.get_parent().add_child(instance=EditionPage(title=f"{number}", slug=f"{number}", series=edition.series))
        for number in (12, 14)
    )
    add_titles(twelve, "Begrüßung", "World Café")
    add_titles(edition, "Begrüßung", "World Café", "Antrag A", "Antrag B", "Antrag C", "Antrag D")
    add_titles(fourteen, "Begrüßung", "World Café", "Antrag A", "Antrag B", "Antrag C", "Antrag D", "Neu")

    (found,) = findings(fourteen)

    assert found.title == "Titel einer früheren Ausgabe"
    assert found.text == (
        "Im Programm stehen dieselben Titel wie bei „13“: „Antrag A“, „Antrag B“, „Antrag C“ und noch 1. "
        "Stimmen sie noch?"
    )


def test_an_edition_is_not_held_against_later_ones(edition):
    edition.start_date = datetime.date(2024, 11, 21)
    later = EditionPage(title="14", slug="14", series=edition.series, start_date=datetime.date(2025, 5, 22))
    later = edition.get_parent().add_child(instance=later)
    edition.save()
    for page in (edition, later):
        add_titles(page, "Antrag A")

    assert titles(edition) == []
    assert titles(later) == ["Titel einer früheren Ausgabe"]


def test_a_part_without_a_title_of_its_own_is_found(edition):
    add_titles(edition, "Programmpunkt")

    assert titles(edition) == ["Titel fehlt"]


# The way into the editor


@pytest.fixture
def editor(site):
    return client_of(member(Role.EDITOR))


def data_of(html: str, key: str):
    return json.loads(re.search(rf'<script id="{key}" type="application/json">(.*?)</script>', html, re.DOTALL)[1])


def test_the_preview_brings_the_findings_along(editor, report):
    report.teaser = "a" * 250
    report.save_revision()

    html = editor.get(reverse("wagtailadmin_pages:view_draft", args=[report.pk])).content.decode()

    (found,) = data_of(html, "content-findings")
    assert found["title"] == "Anrisstext zu lang"
    assert "250 Zeichen" in found["text"]


def test_findings_cannot_break_out_of_their_script(editor, report):
    report.lead_image = make_image(title="</script><b>", credit="")
    report.save_revision()

    html = editor.get(reverse("wagtailadmin_pages:view_draft", args=[report.pk])).content.decode()

    (found,) = data_of(html, "content-findings")
    assert found["text"] == "Beim Bild „</script><b>“ steht nicht, wer es gemacht hat."


def test_public_pages_do_not_wait_for_the_checks(editor, report):
    report.teaser = "a" * 250
    report.save_revision().publish()

    assert data_of(editor.get(report.url).content.decode(), "content-findings") == []


def test_checker_looks_at_every_block_and_at_nothing_of_its_own(editor, report):
    report.save_revision().publish()

    configuration = data_of(editor.get(report.url).content.decode(), "checker-axe-configuration")

    bars = [{"fromShadowDom": ["wagtail-userbar", "wagtail-inline-userbar"]}]
    assert configuration["context"] == {"include": ["body"], "exclude": bars}


@pytest.mark.parametrize("path", ["/suche/", "/archiv/"])
def test_pages_that_no_editor_wrote_are_not_checked(editor, site, path):
    html = editor.get(path).content.decode()

    assert "<wagtail-userbar" in html
    assert "checker-axe-configuration" not in html


def test_bar_of_wagtail_does_not_lie_over_the_account(editor):
    assert "<wagtail-userbar" not in editor.get("/konto/").content.decode()


def test_every_rule_speaks_german(editor, report):
    html = editor.get(reverse("wagtailadmin_pages:edit", args=[report.pk])).content.decode()

    configuration = data_of(html, "checker-axe-configuration")
    rules = configuration["options"]["runOnly"]
    assert set(rules) <= set(configuration["messages"])
    assert {rule["id"] for rule in configuration["spec"]["rules"]} <= set(rules)
    assert configuration["messages"]["link-text-quality"]["error_name"] == "Linktext sagt nichts"
    assert set(SiteContentChecker.axe_run_only) == set(RULES)
    assert "content_findings.js" in html
    assert "data-content-findings" in html


def save(editor, page, **headers):
    from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

    items = [
        {"id": item.pk, "title": item.title, "format": "", "day": item.day, "start": item.start, "end": item.end,
         "room": item.room, "abstract": rich_text(""), "results": rich_text(""), "speakers": inline_formset([])}
        for item in page.programme_items.all()
    ]  # fmt: skip
    data = {
        "title": "13", "slug": "13", "number": "13", "state": "held", "state_note": "", "start_date": "21.11.2024",
        "end_date": "", "date_precision": "day", "place": "Halle", "venue": "", "motto": "", "lead": "",
        "outlook": rich_text(""), "body": streamfield([]),
        "programme_items": inline_formset(items, initial=len(items)), "participations": inline_formset([]),
        "photos": inline_formset([]), "comments": inline_formset([]),
    }  # fmt: skip
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return editor.post(address, nested_form_data(data), follow=True, headers=headers)


def test_saving_warns_of_collisions_and_keeps_the_programme(editor, edition):
    add_collision(edition)

    html = save(editor, edition).content.decode()

    assert "Überschneidung im Programm: „Vortrag“ und „Workshop“ liegen am Donnerstag, 21. November, " in html
    edition.refresh_from_db()
    assert edition.get_latest_revision_as_object().place == "Halle"


def test_saving_by_itself_leaves_no_heap_of_messages(editor, edition):
    add_collision(edition)

    assert save(editor, edition, accept="application/json").json()["success"]
    assert "Überschneidung" not in re.sub(
        r"<script.*?</script>", "", editor.get("/admin/").content.decode(), flags=re.DOTALL
    )
