"""The way of a protocol from draft to correction, and what each step refuses."""

import datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from archive.access import Level
from archive.deletion import bury, withdraw_version
from archive.errors import Refused
from archive.file_types import FileRefused
from archive.indexing import read_version
from archive.intake import add_version
from archive.models import Document, Notice, Protocol, ProtocolComment, Resolution
from archive.protocols import workflow
from archive.protocols.comments import comment
from archive.search import Filters, search
from home.roles import Role

pytestmark = pytest.mark.django_db
State = Protocol.State


def readers(document, users):
    return {name for name, user in users.items() if Document.objects.visible_to(user).filter(pk=document.pk).exists()}


EDITORS = {Role.EDITOR.value, Role.CHIEF_EDITOR.value, Role.ADMINISTRATION.value, "admin"}


def test_protocol_is_born_as_a_draft(document):
    assert document.protocol.state == State.DRAFT


def test_each_state_has_its_readers(document, users, editor):
    seen = [readers(document, users)]
    workflow.submit(document.protocol, user=editor)
    seen.append(readers(document, users))
    workflow.release(document.protocol, user=editor)
    seen.append(readers(document, users))

    steering = Role.STEERING_GROUP.value
    assert seen == [EDITORS, EDITORS | {steering}, EDITORS | {steering, Role.COORDINATOR.value}]


def test_level_cannot_show_a_draft(document, users):
    Document.objects.filter(pk=document.pk).update(level=Level.PUBLIC)

    assert readers(document, users) == EDITORS


def test_steps_are_logged(document, editor, users):
    workflow.submit(document.protocol, user=editor)
    workflow.take_back(document.protocol, user=users["admin"], note="Zahlen fehlen")
    workflow.submit(document.protocol, user=editor)

    steps = [(entry["from"], entry["to"], entry["user"], entry["note"]) for entry in document.protocol.log]
    assert steps == [
        ("draft", "review", editor.pk, ""),
        ("review", "draft", users["admin"].pk, "Zahlen fehlen"),
        ("draft", "review", editor.pk, ""),
    ]
    assert datetime.datetime.fromisoformat(document.protocol.log[0]["at"]).tzinfo


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        (State.DRAFT, {"submit"}),
        (State.REVIEW, {"take_back", "release"}),
        (State.RELEASED, {"correct"}),
        (State.CORRECTED, {"correct"}),
    ],
)
def test_steps_that_do_not_follow_are_refused(document, editor, state, allowed):
    steps = {
        "submit": lambda protocol: workflow.submit(protocol, user=editor),
        "take_back": lambda protocol: workflow.take_back(protocol, user=editor),
        "release": lambda protocol: workflow.release(protocol, user=editor),
        "correct": lambda protocol: workflow.correct(
            protocol, ContentFile(b"Neu"), "neu.txt", reason="Tippfehler", user=editor
        ),
    }

    possible = set()
    for name, step in steps.items():
        Protocol.objects.filter(document=document).update(state=state)
        try:
            step(Protocol.objects.get(document=document))
            possible.add(name)
        except Refused as refusal:
            assert "Das Protokoll ist" in str(refusal)

    assert possible == allowed


def test_second_click_changes_nothing(document, editor):
    stale = Protocol.objects.get(document=document)
    workflow.submit(document.protocol, user=editor)

    with pytest.raises(Refused, match="Das Protokoll ist in Abstimmung"):
        workflow.submit(stale, user=editor)

    assert len(Protocol.objects.get(document=document).log) == 1


@pytest.mark.parametrize("fields", [{"level": Level.EDITORS}, {"embargo_until": "2999-01-01"}])
def test_review_that_nobody_could_read_is_refused(document, editor, fields):
    Document.objects.filter(pk=document.pk).update(**fields)

    with pytest.raises(Refused, match="Die Steuerungsgruppe könnte dieses Protokoll nicht lesen"):
        workflow.submit(document.protocol, user=editor)

    assert Protocol.objects.get().state == State.DRAFT
    assert not Notice.objects.exists()


def test_released_protocol_takes_no_ordinary_version(released, editor):
    with pytest.raises(FileRefused, match="Korrektur"):
        add_version(released, ContentFile(b"Heimlich"), "neu.txt", user=editor)

    assert released.versions.count() == 1


def test_form_points_to_the_correction(released, users):
    client = Client()
    client.force_login(users["admin"])
    fields = {"title": released.title, "kind": "protocol", "language": "de", "licence": "all_rights", "level": 10}
    address = reverse("wagtaildocs:edit", args=[released.pk])

    page = client.post(address, fields | {"new_file": SimpleUploadedFile("neu.txt", b"Heimlich")}).text

    assert "nehmen Sie über „Protokoll“ und dort „Korrektur“ auf" in page
    assert released.versions.count() == 1


def test_correction_is_a_version_with_its_reason(released, editor, users):
    version = workflow.correct(
        released.protocol, ContentFile(b"Berichtigt"), "neu.txt", reason="Name falsch", user=editor
    )

    released.refresh_from_db()
    assert (version.number, version.note, released.current_version) == (2, "Name falsch", version)
    assert released.protocol.state == State.CORRECTED
    assert released.protocol.released_version.number == 1
    assert released.protocol.log[-1]["note"] == "Name falsch"
    assert Role.COORDINATOR.value in readers(released, users)


@pytest.mark.parametrize(
    ("content", "reason", "words"),
    [(b"Neu", " ", "was berichtigt wurde"), (b"Der Entwurf nennt Stendal.", "Name falsch", "dieselbe Datei")],
)
def test_correction_without_reason_or_change_is_refused(released, editor, content, reason, words):
    with pytest.raises(Refused, match=words):
        workflow.correct(released.protocol, ContentFile(content), "neu.txt", reason=reason, user=editor)

    assert Protocol.objects.get().state == State.RELEASED
    assert released.versions.count() == 1


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (("neu.txt", b"Der Entwurf nennt Stendal."), "Diese Datei liegt schon im Archiv"),
        (("neu.exe", b"MZ\x90\x00"), "Dieses Dateiformat nimmt das Archiv nicht an"),
        (("neu.txt", b""), "ist leer"),
    ],
)
def test_form_of_a_correction_says_beside_the_file_why_it_is_not_taken(released, users, file, words):
    client = Client()
    client.force_login(users["admin"])
    data = {"step": "korrektur", "file": SimpleUploadedFile(*file), "reason": "Name falsch"}

    form = client.post(reverse("archive_protocol", args=[released.pk]), data).context["correction"]

    assert list(form.errors) == ["file"]
    assert words in form.errors["file"][0]
    assert released.versions.count() == 1


def test_drafts_are_not_found_after_the_release(document, editor, users):
    read_version(add_version(document, ContentFile(b"Beschlossen in Halle."), "fertig.txt").pk)
    workflow.submit(document.protocol, user=editor)
    workflow.release(document.protocol, user=editor)

    coordinator = users[Role.COORDINATOR.value]
    assert not search(coordinator, "Stendal", Filters()).hits
    assert search(coordinator, "Halle", Filters()).hits
    assert not document.versions.get(number=1).leaves.exists()


def test_draft_never_takes_the_place_of_a_withdrawn_release(document, editor, users):
    released = add_version(document, ContentFile(b"Beschlossen."), "fertig.txt")
    workflow.submit(document.protocol, user=editor)
    workflow.release(document.protocol, user=editor)

    with pytest.raises(Refused, match="einzige Fassung"):
        withdraw_version(released, user=users["admin"], reason="Name steht darin")


def test_kind_of_a_protocol_on_its_way_stays(document, editor):
    workflow.submit(document.protocol, user=editor)

    with pytest.raises(Refused, match="Die Art bleibt „Protokoll“"):
        workflow.give_up(document)


def test_slip_of_the_kind_can_be_taken_back(document, users):
    client = Client()
    client.force_login(users["admin"])
    fields = {"title": document.title, "kind": "handout", "language": "de", "licence": "all_rights", "level": 0}

    client.post(reverse("wagtaildocs:edit", args=[document.pk]), fields)

    assert not Protocol.objects.exists()
    assert Document.objects.get().is_public


def test_deletion_takes_comments_and_resolutions_along(document, editor, users):
    workflow.submit(document.protocol, user=editor)
    comment(document, "Einverstanden", user=users[Role.STEERING_GROUP.value])
    Resolution.objects.create(protocol=document.protocol, what="Einladen")

    bury(document, user=editor, reason="Doppelt")

    assert not ProtocolComment.objects.exists()
    assert not Resolution.objects.exists()
