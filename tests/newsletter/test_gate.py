"""The check before sending: what is found, where it leads, and that nothing leaves while something is open."""

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import PageViewRestriction

from archive.access import Level
from home.models import ContentPage, NewsIndexPage, NewsPage
from newsletter.composing import gate
from newsletter.composing.gate.colours import contrast
from newsletter.composing.gate.links import LinkCheck
from newsletter.composing.gate.mail import check_mail
from newsletter.composing.gate.placeholders import placeholders_in
from newsletter.composing.rendering import Rendered, render_with_blocks
from newsletter.errors import GateClosed
from newsletter.models import Mailing
from newsletter.sending import mailings
from tests.contents import made_once
from tests.home.block_examples import make_document
from tests.pictures import make_image

pytestmark = pytest.mark.django_db
URL = "https://www.example.org"


@made_once
def report(issue):
    news = issue.get_site().root_page.add_child(instance=NewsIndexPage(title="Aktuelles", slug="aktuelles"))
    return news.add_child(
        instance=NewsPage(title="Bericht", slug="bericht", date="2025-01-02", teaser="Was war.", body=[])
    )


def write(issue, *body, **fields):
    for name, value in fields.items():
        setattr(issue, name, value)
    if body:
        issue.body = list(body)
    issue.save_revision().publish()
    issue.refresh_from_db()
    return issue


def kinds(issue, *, blocking=True):
    return {finding.kind for finding in gate.check(issue) if finding.blocks == blocking}


def test_a_sound_issue_passes(issue, report):
    document = make_document("Oeffentlich", Level.PUBLIC)
    write(
        issue,
        ("report", {"page": report}),
        ("heading", {"text": "Mehr", "level": "2"}),
        (
            "text",
            f'<p>Zur <a linktype="page" id="{report.pk}">Seite des Berichts</a>, <a href="{URL}/">Startseite</a>.</p>',
        ),
        ("documents", {"documents": [document]}),
        ("figures", {"caption": "Bilanz", "figures": [{"label": "Stellen", "planned": 1, "reached": 2}]}),
        ("quote", {"text": "Gut.", "attribution": "Beispiel", "function": "", "consent": True}),
        ("image", {"image": make_image(description="Blick in den Saal am Morgen")}),
        ("call_to_action", {"text": "", "button": "Zum Bericht", "page": report, "url": ""}),
    )

    assert gate.check(issue) == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ([("heading", {"text": "Zu tief", "level": "3"})], "heading-order"),
        ([("text", '<p><a href="https://example.org/"> </a>Text</p>')], "link-text"),
        ([("text", '<p>Siehe <a href="/gibt-es-nicht/">das Programm</a>.</p>')], "link"),
        ([("text", f'<p>Siehe <a href="{URL}/archiv/999/">die Folien</a>.</p>')], "link"),
        ([("text", f'<p>Siehe <a href="{URL}/admin/pages/3/">die Seite</a>.</p>')], "link"),
        ([("text", '<p>Siehe <a linktype="page" id="9999">die Seite</a>.</p>')], "target"),
        ([("text", f'<p>Siehe <a linktype="page" id="{"9" * 5_000}">die Seite</a>.</p>')], "target"),
        ([("text", '<p>Siehe <a linktype="document" id="9999">die Folien</a>.</p>')], "document"),
        ([("text", f'<p>Siehe <a linktype="document" id="{"9" * 5_000}">die Folien</a>.</p>')], "document"),
        ([("text", "<p>Guten Tag {{ vorname }}!</p>")], "placeholder"),
        ([("text", "<p>Ort: [[Haus]]</p>")], "placeholder"),
        ([("text", "<p>TODO: Datum</p>")], "placeholder"),
        ([("text", "<p>Lorem ipsum dolor sit amet</p>")], "placeholder"),
        ([("text", "<p>" + "Sehr langer Text. " * 6000 + "</p>")], "size"),
        ([("call_to_action", {"text": "", "button": "Los", "page": None, "url": f"{URL}/nirgends/"})], "link"),
        ([("report", {"page": None})], "target"),
        ([("documents", {"documents": [None]})], "document"),
    ],
)
def test_what_is_wrong_in_a_block_is_found_there(issue, body, kind):
    write(issue, *body)
    # Chosen things that were deleted afterwards are empty.
    found = [finding for finding in gate.check(issue) if finding.blocks]

    assert {finding.kind for finding in found} <= {kind, "target"} and found
    if kind != "size":
        assert all(finding.place.block == issue.body[0].id for finding in found)
        assert all(finding.place.anchor == f"#block-{issue.body[0].id}-section" for finding in found)
    assert all(finding.text.endswith((".", "…", "}", "]", "sum", "TODO")) for finding in found)


def test_targets_that_not_everybody_sees_are_found(issue, report):
    write(
        issue,
        ("report", {"page": report}),
        ("documents", {"documents": [make_document("Geheim", Level.COORDINATION)]}),
        ("text", f'<p>Zum <a linktype="page" id="{report.pk}">Bericht</a></p>'),
    )
    report.unpublish()

    unpublished = [finding.text for finding in gate.check(issue)]
    report.specific.save_revision().publish()
    PageViewRestriction.objects.create(page=report, restriction_type="login")
    private = [finding.text for finding in gate.check(issue)]

    assert sum("nicht veröffentlicht" in text for text in unpublished) == 2
    assert sum("nicht alle sehen dürfen" in text for text in private) == 2
    assert any("„Geheim“ ist nicht öffentlich" in text for text in unpublished)


def test_an_issue_that_is_not_published_is_told_so_itself(issue):
    issue.unpublish()

    assert [finding.text for finding in gate.check(issue) if finding.blocks] == [
        "Die Ausgabe ist noch nicht veröffentlicht. Die Mail verweist auf ihre Web-Ansicht im Archiv."
    ]


def test_images_need_words_and_get_a_warning_for_empty_ones(issue):
    silent, vague = make_image(description="Saal mit Gästen"), make_image(description="IMG_1234.jpg")
    type(silent).objects.filter(pk=silent.pk).update(description="")
    write(issue, ("image", {"image": silent}), ("image", {"image": vague}))

    found = gate.check(issue)

    assert [(finding.kind, finding.blocks, finding.place.block) for finding in found] == [
        ("alt", True, issue.body[0].id),
        ("alt", False, issue.body[1].id),
    ]


def test_fields_are_checked_and_lead_to_their_place(issue):
    write(issue, subject="Neues aus {{ ort }}", preheader="", intro="XXX folgt")

    found = {(finding.kind, finding.place.field, finding.blocks) for finding in gate.check(issue)}

    assert found == {
        ("placeholder", "subject", True),
        ("placeholder", "intro", True),
        ("preheader", "preheader", False),
    }


def test_an_empty_draft_is_told_what_it_lacks(issue):
    issue.body = []
    issue.subject = ""

    assert {"empty", "subject"} <= kinds(issue)


def damaged(issue, old, new):
    """Findings in the mail of `issue` after one replacement in both parts."""
    rendered = render_with_blocks(issue)
    assert old in rendered.html + rendered.text
    return {
        finding.kind
        for finding in check_mail(issue, Rendered(rendered.html.replace(old, new), rendered.text.replace(old, new)))
    }


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ('<html lang="de"', "<html", "lang"),
        (f"{URL}/impressum/", f"{URL}/newsletter/", "imprint"),
        (f"{URL}/datenschutz/", f"{URL}/newsletter/", "privacy"),
        ("\ue000", f"{URL}/newsletter/", "unsubscribe"),
        ("\ue001", f"{URL}/newsletter/", "settings"),
        (f"{URL}/newsletter/2025-1/", f"{URL}/newsletter/", "web-view"),
        ("<h1", "<p><b", "h1"),
        ("<h2", "<h4", "heading-order"),
        ("Köthen", "<mj-txt>x</mj-txt>", "mjml"),
        ("Köthen", "<script>1</script>", "markup"),
        ("Köthen", '<img src="https://www.example.org/media/a.jpg" width="1" height="1">', "alt"),
        ("Köthen", '<img src="https://zaehler.example.net/a.gif" alt="a" width="1" height="1">', "image"),
        ("Köthen", '<img src="/a.jpg" alt="a" width="9" height="9">', "image"),
        ("Köthen", '<img src="https://www.example.org/media/a.jpg" alt="a">', "image"),
        ("Köthen", '<a href="https://example.org/"></a>', "link-text"),
        ("Köthen", '<a href="#">x</a>', "link"),
        ("Köthen", '<a href="javascript:alert(1)">x</a>', "link"),
        ("Köthen", '<a href="https://[::1/">x</a>', "link"),
        ("Köthen", "<table><tr><td>x</td></tr></table>", "table"),
        ("Köthen", '<span style="color:#888888">grau</span>', "contrast"),
        ("Köthen", '<span style="color:rgba(0,0,0,.3)">blass</span>', "contrast"),
        ("Köthen", '<font style="background:#0b4250">dunkel auf dunkel</font>', "contrast"),
        # Only the light theme says what happens to this colour in the dark.
        ("Köthen", '<span style="color:#0f2328">im Dunklen unlesbar</span>', "contrast"),
    ],
)
def test_a_mail_that_is_damaged_on_the_way_is_found(issue, old, new, kind):
    assert damaged(issue, old, new) == {kind}


def test_an_unknown_element_of_mjml_closes_the_gate(issue, settings, tmp_path):
    (tmp_path / "blocks" / "mail").mkdir(parents=True)
    (tmp_path / "blocks" / "mail" / "text.mjml").write_text("<mj-section><mj-txt>x</mj-txt></mj-section>")
    settings.TEMPLATES = [options | {"DIRS": [tmp_path, *options["DIRS"]]} for options in settings.TEMPLATES]

    [finding] = gate.check(issue)

    assert finding.kind == "rendering" and "mj-txt" in finding.text


@pytest.mark.parametrize("sign", ["{{", "[[", "${", "%%", "{%"])
def test_a_text_full_of_brackets_is_read_once(sign):
    assert placeholders_in(sign * 500_000) == []


def test_contrast_is_that_of_wcag():
    from tinycss2.color3 import parse_color

    assert round(contrast(parse_color("#fff"), parse_color("#000")), 2) == 21
    assert round(contrast(parse_color("#777"), parse_color("#fff")), 2) == 4.48


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/", ""),
        ("/newsletter/", ""),
        ("/newsletter/feed/", ""),
        ("/newsletter/anmelden/", ""),
        ("/newsletter/2025-1", ""),
        ("/impressum/?q=1#unten", ""),
        ("/termine/kalender.ics", ""),
        ("/static/img/card.png", ""),
        ("/newsletter/2099-1/", "ins Leere"),
        ("/en/newsletter/2099-1/", "ins Leere"),
        ("/entwurf/", "nicht veröffentlicht"),
        ("/koordinierungsstellen/atlantis/", "ins Leere"),
        ("/konto/", "internen Bereich"),
        ("/%00/", "ins Leere"),
        ("/\u2028/../etc/passwd", "ins Leere"),
    ],
)
def test_links_into_the_site_are_resolved_without_a_request(issue, path, problem):
    issue.get_site().root_page.add_child(instance=ContentPage(title="Entwurf", slug="entwurf", live=False))

    answer = LinkCheck().problem(URL + path)

    assert (problem in answer) if problem else answer == ""


def test_links_to_others_are_not_ours_to_judge():
    assert LinkCheck().problem("https://example.net/gibt-es-nicht/") == ""
    assert LinkCheck().problem("mailto:kim@example.org") == ""


def test_nothing_is_sent_or_planned_while_something_is_open(issue, subscribe):
    subscribe("leser@example.org")
    write(issue, ("text", "<p>TODO</p>"))

    with pytest.raises(GateClosed, match="TODO"):
        mailings.start_mailing(issue)
    with pytest.raises(GateClosed):
        mailings.start_mailing(issue, at=issue.last_published_at.replace(year=2099))
    with pytest.raises(CommandError, match="Die Prüfung lässt den Versand nicht zu") as refused:
        call_command("send_issue", issue.slug, "--json")

    assert refused.value.returncode == 1
    assert not Mailing.objects.exists()


def test_warnings_hold_nothing_up(issue, subscribe):
    subscribe("leser@example.org")
    write(issue, preheader="")

    assert mailings.start_mailing(issue).deliveries.count() == 1
