"""The look of an issue: HTML, text, web, and what must never be in it."""

import datetime
import re

import pytest
from django.core.files.base import ContentFile

from archive.access import Level
from archive.models import Document, DocumentVersion
from newsletter.composing.rendering import render_issue, sample_values, to_html
from newsletter.errors import RenderingFailed
from newsletter.sending.message import SLOTS
from tests.editions_content import make_edition, make_series

pytestmark = pytest.mark.django_db


def make_document(title, level):
    document = Document.objects.create(title=title, level=level)
    version = DocumentVersion.objects.create(
        document=document, number=1, original_name=f"{title}.pdf", sha256="0" * 64, size=1_843_200,
        media_type="application/pdf", page_count=24, file=ContentFile(b"%PDF-", name="x.pdf"),
    )  # fmt: skip
    Document.objects.filter(pk=document.pk).update(current_version=version)
    return Document.objects.get(pk=document.pk)


def test_both_parts_carry_the_content_and_the_markers(issue):
    rendered = render_issue(issue)

    for part in (rendered.html, rendered.text):
        assert all(marker in part for marker in SLOTS)
        assert "slot-" not in part
        assert "Köthen" in part and "Grüße aus Halle" in part and "Hier ist die erste Ausgabe." in part
        assert "https://www.example.org/newsletter/2025-1/" in part
        assert "https://www.example.org/impressum/" in part
    assert '<html lang="de"' in rendered.html
    assert len(re.findall("<h1", rendered.html)) == 1
    assert 'role="article"' in rendered.html
    assert "<mj" not in rendered.html
    assert len(rendered.html.encode()) < 100_000
    assert render_issue(issue) == rendered, "the same issue gives the same bytes, so its hash means something"


def test_links_of_the_mail_are_absolute_and_those_of_the_text_are_notes(issue):
    page = issue.get_parent()
    issue.body = [
        (
            "text",
            f'<p>Alle <a linktype="page" id="{page.pk}">Ausgaben</a> und <a href="https://example.org/x">mehr</a>.</p>',
        )
    ]
    issue.save_revision().publish()

    rendered = render_issue(issue)

    assert 'href="https://www.example.org/newsletter/"' in rendered.html
    assert "Alle Ausgaben [1] und mehr [2]." in rendered.text
    assert "[1] https://www.example.org/newsletter/\n[2] https://example.org/x" in rendered.text
    assert not re.search(r'(href|src)="(/|")', rendered.html)


def test_the_text_part_keeps_to_72_columns(issue):
    issue.intro = "Ein langer Satz, der umbrochen werden muss. " * 12
    issue.body = [("text", "<ul><li>" + "Ein langer Punkt einer Liste. " * 8 + "</li></ul>")]
    issue.save_revision().publish()

    lines = render_issue(issue).personal(sample_values()).text.split("\n")

    assert all(len(line) <= 72 for line in lines if "://" not in line)
    assert any(line.startswith("- Ein langer Punkt") for line in lines)
    assert any(line.startswith("  ") and "Punkt" in line for line in lines)


def test_only_public_documents_reach_a_mail(issue):
    public, internal = make_document("Oeffentlich", Level.PUBLIC), make_document("Geheim", Level.COORDINATION)
    issue.body = [
        ("documents", {"documents": [public, internal]}),
        ("text", f'<p><a linktype="document" id="{internal.pk}">Wort</a></p>'),
    ]
    issue.save_revision().publish()

    rendered = render_issue(issue)

    for part in (rendered.html, rendered.text):
        assert "Oeffentlich" in part and f"/archiv/{public.pk}/" in part
        assert "Geheim" not in part and f"/archiv/{internal.pk}/" not in part
        assert "Wort" in part


def test_markup_of_an_editor_is_text(issue):
    issue.subject = 'Eins < zwei & "drei"'
    issue.intro = "<script>alert(1)</script> </mj-text>"
    issue.save_revision().publish()

    html = render_issue(issue).html

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &lt;/mj-text&gt;" in html
    assert "Eins &lt; zwei &amp;" in html


def test_marker_characters_typed_by_an_editor_are_refused(issue):
    issue.intro = f"Hallo {next(iter(SLOTS))}"
    issue.save_revision().publish()

    with pytest.raises(RenderingFailed):
        render_issue(issue)


@pytest.mark.parametrize("mjml", ["<mjml><mj-body><mj-txt>x</mj-txt></mj-body></mjml>", "<mjml><mj-body></mjml>"])
def test_unknown_and_broken_markup_is_an_error(mjml):
    with pytest.raises(RenderingFailed):
        to_html(mjml)


@pytest.mark.parametrize(("mode", "kind"), [("mail", "text/html"), ("text", "text/plain")])
def test_previews_show_sample_values(issue, rf, mode, kind):
    response = issue.serve_preview(rf.get("/"), mode)

    assert response["Content-Type"].startswith(kind)
    assert "Guten Tag Kim Beispiel!" in response.content.decode()


def test_the_web_archive_lists_and_shows_issues(issue, client):
    index = client.get("/newsletter/")
    shown = client.get("/newsletter/2025-1/")

    assert "Grüße aus Halle" in index.content.decode()
    assert "/newsletter/anmelden/" in index.content.decode()
    assert "Köthen" in shown.content.decode()
    assert "abmelden" not in shown.content.decode()


def test_an_old_issue_in_the_web_archive_shows_the_dates_that_were_next(issue, client):
    home = issue.get_site().root_page
    series = make_series(home, "Ideencafé", "ideencafe")
    for slug, start in (("alt", datetime.date(2025, 3, 21)), ("neu", datetime.date(2099, 3, 21))):
        make_edition(series, None, title=slug, slug=slug, start_date=start, state="announced")
    issue.body = [("dates", {"editions": [], "count": 1})]
    issue.save_revision().publish()
    type(issue).objects.filter(pk=issue.pk).update(
        first_published_at=datetime.datetime(2025, 3, 1, tzinfo=datetime.UTC)
    )

    shown = client.get("/newsletter/2025-1/").content.decode()

    assert "/ideencafe/alt/" in shown and "/ideencafe/neu/" not in shown
    assert "/ideencafe/neu/" in render_issue(issue).html, "a mail that is sent now looks ahead from now"
