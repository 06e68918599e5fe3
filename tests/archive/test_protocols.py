"""The way of a protocol from draft to correction, what the steering group says to it, and what was agreed in it."""

import datetime
import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from archive.access import Level
from archive.deletion import bury, withdraw_version
from archive.errors import Refused
from archive.file_types import FileRefused
from archive.forms import DocumentForm
from archive.indexing import read_version
from archive.intake import add_version
from archive.models import Document, Notice, Protocol, ProtocolComment, Resolution
from archive.protocols import resolving, workflow
from archive.protocols.comments import comment
from archive.search import Filters, search
from home.roles import Role
from tests.archive.library import take_text
from tests.contents import made_once

pytestmark = pytest.mark.django_db
State = Protocol.State


@made_once
def document(users):
    return take_text("Protokoll der Beratung", "Der Entwurf nennt Stendal.", kind="protocol", level=Level.COORDINATION)


@pytest.fixture
def editor(users):
    return users[Role.EDITOR.value]


@made_once
def released(document, users):
    workflow.submit(document.protocol, user=users[Role.EDITOR.value])
    workflow.release(document.protocol, user=users[Role.EDITOR.value])
    document.refresh_from_db()
    return document


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


# What the steering group says


@pytest.fixture
def member(users):
    client = Client()
    client.force_login(users[Role.STEERING_GROUP.value])
    return client


def test_member_comments_on_the_page(document, editor, member, users):
    workflow.submit(document.protocol, user=editor)
    address = reverse("archive:review", args=[document.pk])

    response = member.post(address, {"text": "Seite 2: <b>Frist</b> fehlt."})
    member.post(address, {"text": "Seite 2: <b>Frist</b> fehlt."})

    said = ProtocolComment.objects.get()
    assert response["Location"] == f"{address}#anmerkung-{said.pk}"
    assert (said.author, said.version) == (users[Role.STEERING_GROUP.value], document.current_version)
    page = member.get(address)
    assert "Seite 2: &lt;b&gt;Frist&lt;/b&gt; fehlt." in page.text
    assert {"private", "no-store"} <= set(page["Cache-Control"].split(", "))


def test_comment_needs_the_form_of_the_site(document, editor, users):
    workflow.submit(document.protocol, user=editor)
    client = Client(enforce_csrf_checks=True)
    client.force_login(users[Role.STEERING_GROUP.value])

    response = client.post(reverse("archive:review", args=[document.pk]), {"text": "Untergeschoben"})

    assert response.status_code == 403
    assert not ProtocolComment.objects.exists()


def test_empty_comment_is_explained(document, editor, member):
    workflow.submit(document.protocol, user=editor)

    page = member.post(reverse("archive:review", args=[document.pk]), {"text": "  "}).text

    assert "Bitte prüfen Sie Ihre Angaben" in page


def test_nobody_comments_after_the_release(released, member, users):
    with pytest.raises(Refused, match="Die Abstimmung ist beendet"):
        comment(released, "Zu spät", user=users[Role.STEERING_GROUP.value])

    page = member.post(reverse("archive:review", args=[released.pk]), {"text": "Zu spät"}).text

    assert "Die Abstimmung ist beendet" in page
    assert not ProtocolComment.objects.exists()


# What was agreed


@made_once
def tasks(released):
    rows = [("Ohne Frist", None), ("Später", datetime.date(2999, 1, 1)), ("Längst", datetime.date(2020, 1, 1))]
    made = {what: Resolution.objects.create(protocol=released.protocol, what=what, until=until) for what, until in rows}
    made["Getan"] = Resolution.objects.create(
        protocol=released.protocol, what="Getan", done_on=datetime.date(2024, 1, 1)
    )
    return made


def test_open_tasks_come_first_and_the_most_urgent_of_them(tasks, users):
    coordinator = users[Role.COORDINATOR.value]

    everything = [row.what for row in resolving.resolutions_for(coordinator, resolving.ALL)]
    still_open = [row.what for row in resolving.resolutions_for(coordinator)]

    assert everything == ["Längst", "Später", "Ohne Frist", "Getan"]
    assert still_open == everything[:3]
    assert resolving.overdue(resolving.resolutions_for(coordinator)) == 1


def test_list_marks_what_is_overdue(tasks, users, client):
    client.force_login(users[Role.COORDINATOR.value])

    page = client.get(reverse("archive:resolutions")).text

    lines = re.findall(r"<strong>([^<]*)</strong>(?: <span class=\"tag closed\">([^<]*)</span>)?", page)
    assert ("Längst", "überfällig") in lines
    assert ("Später", "") in lines
    assert "1 Aufgabe ist überfällig." in page
    assert "Getan" not in page


def test_protocol_marks_what_is_overdue_on_its_own_page(tasks, users, client):
    client.force_login(users[Role.COORDINATOR.value])

    page = client.get(tasks["Längst"].protocol.document.get_absolute_url()).text

    assert page.count("überfällig") == 1


def test_archive_leads_coordinators_to_the_list(users, client):
    link = f'href="{reverse("archive:resolutions")}"'

    assert link not in client.get(reverse("archive:index")).text
    client.force_login(users[Role.COORDINATOR.value])
    assert link in client.get(reverse("archive:index")).text


def test_editors_tick_off_what_is_done(tasks, users, client):
    client.force_login(users[Role.EDITOR.value])
    address = reverse("archive_resolutions")

    response = client.post(address, {"resolution": [tasks["Längst"].pk, "unsinn"], "settle": "", "stand": "offen"})
    client.post(address, {"resolution": tasks["Getan"].pk, "reopen": "", "stand": "alle"})

    assert response["Location"] == f"{address}?stand=offen"
    open_now = [row.what for row in resolving.resolutions_for(users["admin"])]
    assert open_now == ["Später", "Ohne Frist", "Getan"]


def test_tasks_of_what_one_may_not_see_cannot_be_ticked(document, users):
    Protocol.objects.update(state=State.RELEASED)
    Document.objects.update(level=Level.EDITORS)
    task = Resolution.objects.create(protocol=document.protocol, what="Intern")

    assert resolving.settle([task.pk], user=users[Role.COORDINATOR.value]) == 0
    assert resolving.settle([task.pk], user=users[Role.EDITOR.value]) == 1


def test_list_takes_no_query_for_each_line(tasks, users, client, django_assert_max_num_queries):
    for number in range(30):
        Resolution.objects.create(protocol=tasks["Getan"].protocol, what=f"Aufgabe {number}")
    client.force_login(users[Role.COORDINATOR.value])
    client.get(reverse("archive:resolutions"))

    with django_assert_max_num_queries(12):
        client.get(reverse("archive:resolutions"))


# The page of the admin


def test_editor_takes_a_protocol_through_its_steps(document, users, client):
    client.force_login(users[Role.EDITOR.value])
    address = reverse("archive_protocol", args=[document.pk])

    pages = [client.get(address).text]
    for step in ("abstimmung", "freigabe"):
        client.post(address, {"step": step, "tell": "on"})
        pages.append(client.get(address).text)
    fields = {"step": "korrektur", "file": SimpleUploadedFile("neu.txt", b"Berichtigt"), "reason": "Name falsch"}
    client.post(address, fields)
    pages.append(client.get(address).text)

    states = [re.search("Stand: ([^<]*)", page)[1] for page in pages]
    assert states == ["Entwurf", "in Abstimmung", "freigegeben", "korrigiert"]
    assert "1 Person bekommt" in pages[0]
    assert "Name falsch" in pages[3]
    assert Notice.objects.filter(kind="review").count() == 1
    assert Notice.objects.filter(kind="released").count() == 2


def test_release_without_a_mail(document, users, client, editor):
    workflow.submit(document.protocol, user=editor, tell=False)
    client.force_login(editor)

    client.post(reverse("archive_protocol", args=[document.pk]), {"step": "freigabe"})

    assert Protocol.objects.get().state == State.RELEASED
    assert not Notice.objects.exists()


def test_refused_step_is_explained(document, client, editor):
    client.force_login(editor)

    page = client.post(reverse("archive_protocol", args=[document.pk]), {"step": "freigabe"}, follow=True).text

    assert "Dieser Schritt passt nicht: Das Protokoll ist ein Entwurf." in page


def test_resolutions_are_edited_as_a_list(document, client, editor):
    client.force_login(editor)
    kept = Resolution.objects.create(protocol=document.protocol, what="Alt")
    rows = {
        "resolutions-TOTAL_FORMS": 3,
        "resolutions-INITIAL_FORMS": 1,
        "resolutions-0-id": kept.pk,
        "resolutions-0-protocol": document.protocol.pk,
        "resolutions-0-kind": "task",
        "resolutions-0-what": "Alt und berichtigt",
        "resolutions-1-kind": "resolution",
        "resolutions-1-what": "Nächstes Treffen in Halle",
        "resolutions-1-who": "Koordination",
        "resolutions-1-until": "21.03.2027",
        "resolutions-2-kind": "task",
    }

    client.post(reverse("archive_protocol", args=[document.pk]), rows | {"step": "beschluesse"})

    stored = list(document.protocol.resolutions.values_list("kind", "what", "who", "until"))
    assert stored == [
        ("task", "Alt und berichtigt", "", None),
        ("resolution", "Nächstes Treffen in Halle", "Koordination", datetime.date(2027, 3, 21)),
    ]


def test_form_of_a_document_leads_to_its_protocol(document, client, users):
    client.force_login(users["admin"])

    page = client.get(reverse("wagtaildocs:edit", args=[document.pk])).text

    assert reverse("archive_protocol", args=[document.pk]) in page
    assert "Bis zur Freigabe sieht es nur die Redaktion" in page
    assert DocumentForm.base_fields["new_file"].label in page
