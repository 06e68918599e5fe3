"""What the archive could not do stands on the desk of those who can mend it."""

import datetime
from pathlib import Path

import pytest
from django.utils import timezone

from archive import fixity
from archive.models import Document, DocumentationBuild, DocumentVersion
from home.roles import Role
from tests.accounts_content import desk_of
from tests.contents import made_once
from tests.editions_content import make_edition, make_series

pytestmark = pytest.mark.django_db
EXTRACTION = DocumentVersion.Extraction
BUILD = DocumentationBuild.State


@made_once
def edition(site):
    return make_edition(make_series(site.root_page), title="13. Ideenwerkstatt")


def set_extraction(document: Document, state: str, *, hours: int = 0, reason: str = "") -> None:
    DocumentVersion.objects.filter(document=document).update(
        extraction=state, extraction_error=reason, extraction_since=timezone.now() - datetime.timedelta(hours=hours)
    )


def test_a_file_that_cannot_be_read_is_named_with_the_reason(add_text, users):
    document = add_text("Kaputte Folien", "Inhalt")
    set_extraction(document, EXTRACTION.FAILED, reason="Die Datei ist verschlüsselt.")

    text = desk_of(users[Role.EDITOR])

    assert "Kaputte Folien Der Text der Datei ließ sich nicht lesen" in text
    assert "Die Datei ist verschlüsselt. Bitte lassen Sie die Datei noch einmal lesen" in text


def test_a_file_that_nobody_reads_is_named(add_text, users):
    set_extraction(add_text("Vergessen", "Inhalt"), EXTRACTION.WAITING, hours=2)
    set_extraction(add_text("Gerade hochgeladen", "Anderer Inhalt"), EXTRACTION.WAITING)

    text = desk_of(users[Role.EDITOR])

    assert "Vergessen Der Text der Datei ist noch nicht gelesen" in text
    assert "Gerade hochgeladen" not in text


def test_what_is_gone_or_replaced_is_no_failure(add_text, users):
    deleted = add_text("Gelöscht", "Inhalt")
    set_extraction(deleted, EXTRACTION.FAILED)
    deleted.delete()
    withdrawn = add_text("Zurückgezogen", "Anderes")
    set_extraction(withdrawn, EXTRACTION.FAILED)
    DocumentVersion.objects.filter(document=withdrawn).update(withdrawn_at=timezone.now())

    assert "Hier wird Hilfe gebraucht" not in desk_of(users[Role.EDITOR])


def test_damaged_files_are_named_until_they_are_whole_again(add_text, users):
    document = add_text("Beschädigt", "Inhalt")
    path = document.file.storage.path(document.file.name)
    Path(path).write_text("Anderer Inhalt")
    fixity.check_due()

    assert "Beschädigt Fassung 1: Die Datei im Speicher ist nicht mehr die" in desk_of(users[Role.EDITOR])

    Path(path).write_text("Inhalt")
    list(fixity.check_all())

    assert "Beschädigt" not in desk_of(users[Role.EDITOR])


def test_a_failed_documentation_is_named_until_the_next_one_succeeds(edition, users):
    DocumentationBuild.objects.create(edition=edition, state=BUILD.FAILED, reason="Dem Bild „Saal“ fehlt die Datei.")

    assert "13. Ideenwerkstatt (öffentlich) Dem Bild „Saal“ fehlt die Datei." in desk_of(users[Role.EDITOR])

    DocumentationBuild.objects.create(edition=edition, state=BUILD.STORED)

    assert "Dem Bild „Saal“" not in desk_of(users[Role.EDITOR])


def test_failures_take_a_fixed_number_of_queries(add_text, edition, users, rf, django_assert_num_queries):
    from archive.failures import damaged_files, failed_documentations, unread_documents

    for number in range(5):
        set_extraction(add_text(f"Datei {number}", f"Inhalt {number}"), EXTRACTION.FAILED)
        variant = ["public", "internal"][number % 2]
        DocumentationBuild.objects.create(edition=edition, variant=variant, state=BUILD.FAILED, reason="Nein.")
    request = rf.get("/admin/")
    request.user = users["admin"]

    DocumentVersion.objects.update(damage="missing")
    with django_assert_num_queries(3):
        assert len(list(damaged_files(request))) == 5
        assert len(list(unread_documents(request))) == 5
        assert len(list(failed_documentations(request))) == 2
