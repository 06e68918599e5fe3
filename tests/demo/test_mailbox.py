"""`/postfach/` shows the mails of the demo, and nothing else of the machine."""

from email.message import EmailMessage

import pytest
from django.http import Http404

from cms.demo import mailbox

NAME = "20250115T090000.000001-1.eml"


@pytest.fixture
def outbox(tmp_path, settings):
    """A directory with one mail that has a text and an HTML part."""
    settings.DEMO_OUTBOX = str(tmp_path / "outbox")
    (tmp_path / "outbox").mkdir()
    message = EmailMessage()
    message["From"] = "IKOE <ikoe@example.org>"
    message["To"] = "halle@example.org"
    message["Date"] = "Tue, 15 Jul 2025 09:00:00 +0000"
    message["Subject"] = "Grüße & Termine"
    message.set_content("Siehe https://example.org/termine/ <b>")
    message.add_alternative("<p>Siehe <script>alert(1)</script></p>", subtype="html")
    (tmp_path / "outbox" / NAME).write_bytes(message.as_bytes())
    (tmp_path / "geheim.eml").write_text("Subject: geheim\n\n")
    return tmp_path


@pytest.mark.parametrize(
    ("header", "text"), [("Subject", "Grüße & Termine"), ("To", "halle@example.org"), ("From", "IKOE")]
)
def test_mail_is_read_with_its_headers(outbox, header, text):
    mail = mailbox._mail(NAME)

    assert text in str(mail.message[header])
    assert mail.date.isoformat() == "2025-07-15T11:00:00+02:00"
    assert "https://example.org/termine/" in mail.text


def test_html_part_may_run_nothing(outbox, rf):
    response = mailbox.html(rf.get("/"), NAME)

    assert b"<script>" in response.content
    policy = response._csp_replace
    assert policy["default-src"] == ["'none'"]
    assert "allow-scripts" not in policy["sandbox"]
    assert "script-src" not in policy


@pytest.mark.parametrize("name", ["../geheim.eml", "geheim.eml", ".eml", "..", "/etc/passwd", "x"])
def test_other_files_cannot_be_read(outbox, rf, name):
    with pytest.raises(Http404):
        mailbox.text(rf.get("/"), name)


def test_addresses_exist_in_the_demo_only(client, db):
    assert client.get("/postfach/").status_code == 404
