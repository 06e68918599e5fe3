"""The documentation of an edition: what is in it, what is not, and that it is made once."""

import datetime
import json

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from archive.access import Level
from archive.documentation.building import BuildRefused, State, document_of, request_build, run_build
from archive.documentation.gather import gather
from archive.documentation.layout import document_source
from archive.documentation.tasks import build_documentation
from archive.models import Document, DocumentationBuild, DocumentVersion, Protocol, Resolution
from home.events.models import EditionPage, ProgrammeSpeaker
from home.models import SiteImage
from home.people import Person
from tests.documents.editions import (
    SECRET,
    THURSDAY,
    add_edition,
    add_item,
    squeezed,
    text_of,
    write_once,
)
from tests.documents_content import add_document


@pytest.mark.java
def test_documentation_is_valid_and_complete(edition, verapdf, tmp_path):
    path = tmp_path / "doc.pdf"

    path.write_bytes(write_once(document_source(gather(edition, Level.PUBLIC))))

    verapdf(path)
    text = squeezed(text_of(path.read_bytes()))
    for expected in (
        "13. Ideenwerkstatt", "Verwaltung und Wirtschaft", "Das Wichtigste in einem Satz.", "Vortrag am Morgen",
        "10:00–11:00", "Debora Beispiel", "Erste Einsicht", "Alle zusammen. Foto: Beispiel", "„Gut war es.“", "Bilanz",
        "Worum es ging.", "Landkreis Stelle BLK", "Gastgeberin", "Folien zum Vortrag", "14. Ideenwerkstatt",
        "Es geht weiter.", "Gefördert von der Europäischen Union.",
    ):  # fmt: skip
        assert squeezed(expected) in text, expected


def test_public_documentation_never_names_what_is_not_public(edition):
    source = document_source(gather(edition, Level.PUBLIC))
    pdf = write_once(source)

    everything = source.html + source.attachments[0].content.decode() + text_of(pdf)

    assert "Folien zum Vortrag" in everything
    assert SECRET not in everything
    assert "Gesperrt" not in everything


@pytest.mark.java
def test_internal_documentation_has_what_coordinators_may_see(edition, verapdf, tmp_path):
    document = add_document("Protokoll des Barcamps", "d", edition=edition, level=Level.COORDINATION, kind="protocol")
    Protocol.objects.filter(document=document).update(state=Protocol.State.RELEASED)
    Resolution.objects.create(protocol=document.protocol, what="Merkblatt abstimmen", who="Steuerungsgruppe")
    draft = add_document("Entwurf", "e", edition=edition, level=Level.COORDINATION, kind="protocol")
    Resolution.objects.create(protocol=draft.protocol, what="Noch nicht beschlossen")
    path = tmp_path / "internal.pdf"

    build = run_build(request_build(edition, "internal"), write=write_once)

    with build.version.file.open() as file:
        path.write_bytes(file.read())
    verapdf(path)
    text = squeezed(text_of(path.read_bytes()))
    assert squeezed(SECRET) in text
    assert squeezed("Merkblatt abstimmen") in text
    assert squeezed("Noch nicht beschlossen") not in text
    assert build.version.document.level == Level.COORDINATION
    assert build.version.document.title == "13. Ideenwerkstatt, Halle (Saale): Dokumentation (intern)"


def test_variants_have_documents_of_their_own(edition):
    public = run_build(request_build(edition), write=write_once).version.document
    internal = run_build(request_build(edition, "internal"), write=write_once).version.document

    assert public.pk != internal.pk
    assert list(Document.objects.visible_at(Level.PUBLIC).filter(kind="documentation")) == [public]


def test_attached_data_tells_the_event(edition):
    (attachment,) = document_source(gather(edition, Level.PUBLIC)).attachments

    event = json.loads(attachment.content)

    assert (event["@type"], event["name"], event["startDate"]) == ("Event", "13. Ideenwerkstatt", "2024-11-21")
    assert event["subEvent"][0]["startDate"] == "2024-11-21T10:00+01:00"
    assert [work["name"] for work in event["workFeatured"]] == ["Folien zum Vortrag"]


def test_number_of_queries_does_not_grow(edition, offices, django_assert_max_num_queries):
    for number in range(30):
        item = add_item(edition, f"Punkt {number}", number + 2, day=THURSDAY)
        ProgrammeSpeaker.objects.create(item=item, person=Person.objects.create(name=f"Person {number}"))
        add_document(f"Datei {number}", f"text {number}", edition=edition, level=Level.PUBLIC)

    with django_assert_max_num_queries(40):
        gather(EditionPage.objects.get(pk=edition.pk), Level.PUBLIC)


def pages_of(version):
    with version.file.open("rb") as file:
        return len(PdfReader(file).pages)


@pytest.mark.every_storage
def test_build_stores_once_and_again_only_after_a_change(edition):
    first = run_build(request_build(edition), write=write_once)
    again = run_build(request_build(edition), write=write_once)
    edition.lead = "Ein anderer Satz."
    edition.save_revision().publish()
    changed = run_build(request_build(EditionPage.objects.get(pk=edition.pk)), write=write_once)

    assert [build.state for build in (first, again, changed)] == [State.STORED, State.UNCHANGED, State.STORED]
    assert again.version == first.version
    document = document_of(edition, "public")
    assert (document.kind, document.level, document.edition) == (Document.Kind.DOCUMENTATION, Level.PUBLIC, edition)
    assert document.current_version == changed.version
    assert [version.number for version in document.versions.all()] == [1, 2]
    assert pages_of(first.version) >= 6


def test_build_records_its_steps(edition):
    seen = []

    build = run_build(request_build(edition), write=write_once, on_state=lambda b: seen.append((b.state, b.progress)))

    assert seen == [("gathering", 10), ("laying_out", 30), ("checking", 85), ("stored", 100)]
    stored = DocumentationBuild.objects.get(pk=build.pk)
    assert stored.started_at <= stored.finished_at
    assert len(stored.input_hash) == 64


def test_failed_build_says_why_and_stores_nothing(edition, photo):
    photo.file.storage.delete(photo.file.name)

    build = run_build(request_build(edition), write=write_once)

    assert build.state == State.FAILED
    assert build.reason.startswith("Seite „Ausgabe“, Block 4 unter „Darunter“ (Bild): Die Bilddatei „Abschlussbild“")
    assert build.version is None
    assert not Document.objects.filter(kind=Document.Kind.DOCUMENTATION).exists()


@pytest.mark.parametrize(
    ("field", "words"),
    [("description", "der Alternativtext"), ("credit", "der Bildnachweis")],
)
def test_picture_without_its_words_is_named_with_its_place(edition, photo, field, words):
    SiteImage.objects.filter(pk=photo.pk).update(**{field: " "})

    build = run_build(request_build(edition))

    assert build.state == State.FAILED
    assert build.reason == (
        f"Seite „Ausgabe“, Block 4 unter „Darunter“ (Bild): Beim Bild „Abschlussbild“ fehlt {words}. "
        "Bitte in der Bildverwaltung ergänzen."
    )


def test_emoji_in_the_text_is_printed_by_its_name(edition):
    edition.lead = "Schön war es 😀"
    edition.save_revision().publish()

    build = run_build(request_build(EditionPage.objects.get(pk=edition.pk)), write=write_once)

    assert build.state == State.STORED, build.reason
    with build.version.file.open("rb") as file:
        assert squeezed("Schön war es [Emoji: grinsendes gesicht]") in squeezed(text_of(file.read()))


def test_unpublished_edition_is_refused(edition):
    edition.unpublish()

    with pytest.raises(BuildRefused, match="nicht veröffentlicht"):
        request_build(EditionPage.objects.get(pk=edition.pk))


def test_task_builds_what_waits(edition):
    build = request_build(edition)

    build_documentation(build.pk)
    build_documentation(build.pk)

    build.refresh_from_db()
    assert build.state == State.STORED
    assert DocumentVersion.objects.filter(builds=build).count() == 1


def test_edition_with_nothing_filled_in(series_page):
    page = add_edition(series_page, number=3)

    build = run_build(request_build(page), write=write_once)

    assert build.state == State.STORED, build.reason


@pytest.mark.slow  # fifty pages of PDF
def test_edition_with_two_hundred_long_items(series_page, offices):
    page = add_edition(series_page, number=5, motto="Lang " * 400, lead="Wort " * 2000)
    for number in range(200):
        start = datetime.time(9 + number // 60, number % 60)
        add_item(page, f"{number} " + "Titel " * 40, number, day=THURSDAY, start=start)

    build = run_build(request_build(page), write=write_once)

    assert build.state == State.STORED, build.reason
    assert 20 < pages_of(build.version) < 60


def test_markup_in_plain_fields_is_only_text(edition):
    edition.lead = '<img src="file:///etc/passwd" alt="x"> & mehr'
    edition.save_revision().publish()

    pdf = write_once(document_source(gather(EditionPage.objects.get(pk=edition.pk), Level.PUBLIC)))

    assert squeezed('<img src="file:///etc/passwd" alt="x"> & mehr') in squeezed(text_of(pdf))


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="file:///etc/passwd" alt="x">',
        '<img src="https://example.org/x.png" alt="x">',
        '<a rel="attachment" href="file:///etc/passwd">x</a>',
    ],
)
def test_foreign_address_in_rich_text_fails_the_build(edition, markup):
    edition.body = [("text", f"<p>{markup}</p>")]
    edition.save_revision().publish()

    build = run_build(request_build(EditionPage.objects.get(pk=edition.pk)), write=write_once)

    assert build.state == State.FAILED
    assert build.reason.startswith("Das Dokument verweist auf „")


def test_command_writes_the_file(edition, tmp_path, capsys):
    path = tmp_path / "13.pdf"

    call_command("build_documentation", "13", output=path)
    call_command("build_documentation", "ideenwerkstatt/13", output=path)

    assert path.read_bytes().startswith(b"%PDF-1.7")
    output = capsys.readouterr()
    assert "unverändert" in output.out
    assert "100 % abgelegt" in output.err


def test_command_counts_the_pages_of_what_another_process_has_just_made(edition, capsys):
    build = run_build(request_build(edition), write=write_once)

    call_command("build_documentation", "13")

    assert f"{pages_of(build.version)} Seiten, unverändert" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(["99"], 2), (["ideencafe/1"], 2), (["13", "--variant", "geheim"], 2), (["14"], 1)],
)
def test_command_says_what_is_wrong(edition, arguments, status):
    with pytest.raises(CommandError) as caught:
        call_command("build_documentation", *arguments)

    assert caught.value.returncode == status
