"""The commands of the archive: taking in a directory, checking what is stored, the vocabulary."""

import json

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from archive.models import Document, Term
from archive.storage import archive_storage
from tests.editions_content import make_edition, make_series

pytestmark = pytest.mark.django_db


def import_documents(capsys, directory, *arguments):
    call_command("import_documents", str(directory), "--json", *arguments)
    return {result["file"]: result for result in map(json.loads, capsys.readouterr().out.splitlines())}


def test_every_file_gets_a_status(site, tmp_path, capsys, pdf):
    folder = tmp_path / "Unterlagen"
    (folder / "mehr").mkdir(parents=True)
    (folder / "Anträge.pdf").write_bytes(pdf.read_bytes())
    (folder / "mehr" / "Kopie.pdf").write_bytes(pdf.read_bytes())
    (folder / "seite.html").write_text("<html>")
    (folder / "leer.txt").write_text("")
    (folder / "kaputt.pdf").write_bytes(b"%PDF-1.7\nnothing of use\n%%EOF")
    (folder / "a\nb.txt").write_text("Zeilenumbruch im Namen")

    results = import_documents(capsys, folder)

    assert {name: result["status"] for name, result in results.items()} == {
        "Anträge.pdf": "stored",
        "mehr/Kopie.pdf": "duplicate",
        "seite.html": "rejected",
        "leer.txt": "rejected",
        "kaputt.pdf": "failed",
        "a\nb.txt": "stored",
    }
    stored = results["Anträge.pdf"]
    assert set(stored) == {"file", "status", "reason", "pages", "characters", "sha256"}
    assert stored["pages"] == 6
    assert stored["characters"] > 1000
    assert len(stored["sha256"]) == 64
    assert results["mehr/Kopie.pdf"]["sha256"] == stored["sha256"]
    assert all(result["reason"] for result in results.values() if result["status"] != "stored")


def test_second_run_stores_nothing(site, tmp_path, capsys):
    (tmp_path / "a.txt").write_text("Text")
    import_documents(capsys, tmp_path)

    assert import_documents(capsys, tmp_path)["a.txt"]["status"] == "duplicate"
    assert Document.objects.count() == 1


def test_edition_is_set(site, tmp_path, capsys):
    edition = make_edition(make_series(site.root_page), 4)
    (tmp_path / "a.txt").write_text("Text")

    import_documents(capsys, tmp_path, "--edition", "4")

    assert Document.objects.get().edition == edition


@pytest.mark.parametrize("arguments", [["/gibt/es/nicht"], [".", "--edition", "99"]])
def test_wrong_use_ends_with_status_2(site, arguments):
    with pytest.raises(CommandError) as error:
        call_command("import_documents", *arguments)

    assert error.value.returncode == 2


def test_intact_archive_is_confirmed(add_text, capsys):
    add_text("Eins", "eins")

    call_command("verify_archive")

    assert "1 Datei geprüft, 0 beschädigt" in capsys.readouterr().out


@pytest.mark.every_storage
def test_flipped_byte_and_missing_file_are_named(add_text, capsys):
    changed, missing = add_text("Eins", "eins"), add_text("Zwei", "zwei")
    storage = archive_storage()
    storage.delete(changed.file.name)
    storage.save(changed.file.name, ContentFile(b"Eins"))
    storage.delete(missing.file.name)

    with pytest.raises(SystemExit) as ended:
        call_command("verify_archive", "--json")

    assert ended.value.code == 1
    findings = map(json.loads, capsys.readouterr().out.splitlines())
    # Other tests may have left files that belong to no document any more; they are named too.
    results = {finding["document"]: finding["status"] for finding in findings if finding["status"] != "stray"}
    assert results == {changed.pk: "changed", missing.pk: "missing"}


def test_deleted_documents_are_not_missed(add_text, capsys, django_capture_on_commit_callbacks):
    document = add_text("Eins", "eins")
    with django_capture_on_commit_callbacks(execute=True):
        document.delete()

    call_command("verify_archive")


def test_vocabulary_is_made_anew_as_it_was(add_text, capsys):
    add_text("Eins", "Stammtisch und Konzept der Integration")
    add_text("Zwei", "Stammtisch")
    before = dict(Term.objects.values_list("word", "documents"))
    Term.objects.filter(word="stammtisch").update(documents=17)
    Term.objects.create(word="verwaist", documents=1)

    call_command("rebuild_vocabulary")

    assert dict(Term.objects.values_list("word", "documents")) == before
    assert capsys.readouterr().out == f"{len(before)} Wörter im Wortschatz.\n"
