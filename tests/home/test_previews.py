"""The ways in which an editor looks at a draft, through the views that the editor uses."""

from __future__ import annotations

import datetime
import fcntl
import io

import pytest
from django.urls import reverse
from pypdf import PdfReader
from wagtail.models import PageViewRestriction
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from archive.access import Level
from archive.documentation import at_once
from archive.models import Document
from home.editing.previews import PreviewMode, register_preview
from home.events.models import EditionPage
from home.models import ContentPage, NewsIndexPage, NewsPage
from home.roles import Role
from newsletter.models import NewsletterIssuePage
from tests.accounts_content import client_of, member
from tests.contents import made_once
from tests.editions_content import make_edition, make_series
from tests.pictures import make_image

pytestmark = pytest.mark.django_db
THURSDAY = datetime.date(2024, 11, 21)
DOCUMENTS = (("Folien für alle", Level.PUBLIC), ("Nur für uns", Level.COORDINATION))


@pytest.fixture
def editor(site):
    return client_of(member(Role.EDITOR))


@made_once
def chronicle(site):
    return make_series(site.root_page)


@made_once
def edition(chronicle):
    return make_edition(chronicle, title="Alter Titel", start_date=THURSDAY, live=False)


@made_once
def report(site):
    news = site.root_page.add_child(instance=NewsIndexPage(title="Aktuelles", slug="aktuelles"))
    page = NewsPage(title="Halle war Gastgeberin", date=THURSDAY, teaser="Zwei Tage über Arbeit.", body=[], live=False)
    return news.add_child(instance=page)


def edition_form(**fields):
    """What the editor posts while somebody writes: nothing of it is saved."""
    speakers = inline_formset([])
    items = [
        {
            "title": title, "format": "talk", "day": "21.11.2024", "start": start, "end": "", "room": "",
            "abstract": rich_text("<p>Kurz gesagt</p>"), "results": rich_text(""), "speakers": speakers,
        }
        for title, start in (("Eröffnung im Entwurf", "10:00"), ("Zweiter Punkt", "11:00"))
    ]  # fmt: skip
    data = {
        "title": "14. Ideenwerkstatt", "slug": "14", "number": "14", "state": "preparing", "state_note": "",
        "start_date": "21.11.2024", "end_date": "22.11.2024", "date_precision": "day", "place": "Stendal",
        "venue": "Rathaus", "motto": "Ein Leitwort im Entwurf", "lead": "", "outlook": rich_text(""),
        "body": streamfield([]), "programme_items": inline_formset(items), "participations": inline_formset([]),
        "photos": inline_formset([]), "comments": inline_formset([]), "topics": [],
    }  # fmt: skip
    return nested_form_data(data | fields)


def text_of(response) -> str:
    assert response["Content-Type"] == "application/pdf", response.content[:2000]
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)


def test_modes_are_offered_in_german(edition, report):
    assert edition.preview_modes == [
        ("", "Website"),
        ("newsletter", "Newsletter (Teaser)"),
        ("documentation", "PDF-Dokumentation"),
    ]
    assert report.preview_modes == [("", "Website"), ("newsletter", "Newsletter (Teaser)"), ("pdf", "PDF")]
    assert ContentPage().preview_modes == [("", "Website")]
    assert [name for name, _ in NewsletterIssuePage().preview_modes] == ["", "mail", "dark", "phone", "text", "person"]


def test_a_mode_has_one_name(db):
    with pytest.raises(ValueError, match="newsletter"):
        register_preview(NewsPage, PreviewMode("newsletter", "Noch einmal", lambda draft, request: None))


@pytest.mark.parametrize("mode", ["", "newsletter"])
def test_a_draft_of_a_report_is_shown(editor, report, mode):
    address = reverse("wagtailadmin_pages:view_draft", args=[report.pk])

    html = editor.get(address, {"mode": mode}).content.decode()

    assert "Halle war Gastgeberin" in html
    assert "Zwei Tage über Arbeit." in html
    assert ("IKOE-Newsletter" in html) == (mode == "newsletter")


def test_a_draft_of_a_report_is_shown_on_paper(editor, report):
    report.body = [
        ("heading", {"text": "Wie es begann", "level": "2"}),
        ("text", '<p>Am Anfang stand <a href="https://example.org/">eine Frage</a>.</p>'),
    ]
    public, internal = (Document.objects.create(title=title, level=level) for title, level in DOCUMENTS)
    report.related_documents = [("document", public), ("document", internal)]
    report.save_revision()

    response = editor.get(reverse("wagtailadmin_pages:view_draft", args=[report.pk]), {"mode": "pdf"})

    text = " ".join(text_of(response).split())
    assert text.index("Halle war Gastgeberin") < text.index("Zwei Tage über Arbeit.") < text.index("Wie es begann")
    assert "Am Anfang stand eine Frage" in text
    assert "21. November 2024" in text
    assert "Folien für alle" in text
    assert "Nur für uns" not in text
    assert "no-store" in response["Cache-Control"]


def test_a_report_with_a_lost_image_says_so(editor, report):
    image = make_image(64, 40)
    report.lead_image = image
    report.save_revision()
    image.file.storage.delete(image.file.name)

    response = editor.get(reverse("wagtailadmin_pages:view_draft", args=[report.pk]), {"mode": "pdf"})

    assert "fehlt oder ist beschädigt" in response.content.decode()


def test_a_private_report_is_no_teaser(editor, report):
    PageViewRestriction.objects.create(page=report, restriction_type="login")

    response = editor.get(reverse("wagtailadmin_pages:view_draft", args=[report.pk]), {"mode": "newsletter"})

    assert "Diese Seite ist nicht öffentlich." in response.content.decode()
    assert "IKOE-Newsletter" not in response.content.decode()


@pytest.mark.parametrize("mode", ["", "newsletter", "documentation"])
def test_what_is_written_is_shown_before_it_is_saved(editor, edition, mode):
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[edition.pk])

    assert editor.post(address, edition_form()).json() == {"is_valid": True, "is_available": True}
    response = editor.get(address, {"mode": mode, "in_preview_panel": "true"})

    text = text_of(response) if mode == "documentation" else response.content.decode()
    assert "Stendal" in text
    if mode != "newsletter":
        assert text.index("Eröffnung im Entwurf") < text.index("Zweiter Punkt")
    if mode == "documentation":
        assert "Ein Leitwort im Entwurf" in text
        assert "Kurz gesagt" in text
    edition.refresh_from_db()
    assert edition.title == "Alter Titel"
    assert not edition.programme_items.exists()


@pytest.mark.parametrize("mode", ["", "newsletter", "documentation"])
def test_an_edition_that_was_never_saved_is_shown(editor, chronicle, mode):
    address = reverse("wagtailadmin_pages:preview_on_add", args=["home", "editionpage", chronicle.pk])

    assert editor.post(address, edition_form()).json() == {"is_valid": True, "is_available": True}
    response = editor.get(address, {"mode": mode})

    assert response.status_code == 200
    assert "Stendal" in (text_of(response) if mode == "documentation" else response.content.decode())
    assert not EditionPage.objects.exists()


def test_the_preview_stores_nothing_and_is_kept_nowhere(editor, edition):
    from archive.models import Document, DocumentationBuild

    response = editor.get(reverse("wagtailadmin_pages:view_draft", args=[edition.pk]), {"mode": "documentation"})

    assert response["Content-Disposition"].startswith("inline")
    assert "no-store" in response["Cache-Control"]
    assert not Document.objects.exists()
    assert not DocumentationBuild.objects.exists()


@pytest.mark.parametrize(("limit", "value"), [("SECONDS", 0), ("MEMORY_BYTES", 60 * 1024**2)])
def test_limits_hold_and_are_explained(editor, edition, monkeypatch, limit, value):
    monkeypatch.setattr(at_once, limit, value)

    response = editor.get(reverse("wagtailadmin_pages:view_draft", args=[edition.pk]), {"mode": "documentation"})

    assert response.status_code == 200
    assert "Vorschau nicht möglich" in response.content.decode()
    assert "Bitte das Dokument kürzen" in response.content.decode()


def test_one_preview_at_a_time(editor, edition, settings):
    address = reverse("wagtailadmin_pages:view_draft", args=[edition.pk])

    with (settings.VAR_DIR / "preview.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        busy = editor.get(address, {"mode": "documentation"})
    free = editor.get(address, {"mode": "documentation"})

    assert "Gerade wird schon eine PDF-Datei" in busy.content.decode()
    assert "Alter Titel" not in busy.content.decode()
    assert free["Content-Type"] == "application/pdf"


def test_strangers_see_no_draft(client, edition):
    response = client.get(reverse("wagtailadmin_pages:view_draft", args=[edition.pk]), {"mode": "documentation"})

    assert response.status_code == 302
