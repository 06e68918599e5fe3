"""The mail as bytes: what a reader's program gets is what was written, whoever the reader is."""

import datetime
import email
import email.policy
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter import tokens
from newsletter.addresses import InvalidAddress
from newsletter.sending import message
from newsletter.sending.message import NAME, SETTINGS_URL, UNSUBSCRIBE_URL, Recipient, UnsafeHeader, prepare

DATE = datetime.datetime(2025, 1, 15, 9, 0, tzinfo=datetime.UTC)
KEY = uuid.UUID(int=7)

# Everything an editor can type; a lone surrogate is not text.
text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\ue000\ue001\ue002"), max_size=400)
names = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=150)
paragraphs = st.lists(text | st.sampled_from([UNSUBSCRIBE_URL, SETTINGS_URL, NAME, ".", "..", "From ", " ", "=", "\n"]))


def recipient(**changes):
    values = {"delivery": 12, "key": KEY, "address": "kim@example.org", "name": "", "message_id": "<1.a@example.org>"}
    return Recipient(**(values | changes))


def parsed(letter):
    return email.message_from_bytes(letter.content, policy=email.policy.default)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plain=paragraphs, markup=paragraphs, name=names)
def test_a_mail_parses_without_defects_into_what_was_written(plain, markup, name):
    plain, markup = "".join(plain), "".join(markup)
    letters = prepare(subject="Grüße", html_part=markup, text_part=plain, date=DATE)

    letter = letters.letter(recipient(name=name))
    mail = parsed(letter)

    assert not mail.defects
    for part, source, escape in ((mail.get_body(("plain",)), plain, str), (mail.get_body(("html",)), markup, _escape)):
        assert not part.defects
        values = {
            UNSUBSCRIBE_URL: f"https://www.example.org/newsletter/abmelden/{tokens.make('unsubscribe', KEY)}/",
            SETTINGS_URL: f"https://www.example.org/newsletter/einstellungen/{tokens.make('settings', KEY)}/",
            NAME: escape(f" {name}" if name else ""),
        }
        for marker, value in values.items():
            source = source.replace(marker, value)
        # Bytes, because the parser's own decoding folds exotic line ends.
        assert part.get_payload(decode=True).decode() == source.replace("\n", "\r\n")
    for line in letter.content.split(b"\r\n"):
        assert b"\n" not in line and b"\r" not in line
        assert not line.startswith((b".", b"From "))
    body = letter.content.partition(b"\r\n\r\n")[2]
    assert max(len(line) for line in body.split(b"\r\n")) <= 76


def _escape(value):
    import html

    return html.escape(value)


def test_headers_say_what_bulk_mail_has_to_say():
    # Longer than a line may be.
    subject = "Grüße aus Köthen: " + "sehr " * 30 + "schöne Dinge"
    letters = prepare(subject=subject, html_part="<p>x</p>", text_part="x", date=DATE)
    letter = letters.letter(recipient(address="leserin@köthen.example.org"))

    mail = parsed(letter)

    token = tokens.make("unsubscribe", KEY)
    assert mail["From"] == "IKOE Grüße <ikoe@example.org>"
    assert mail["Reply-To"] == mail["From"]
    assert mail["Subject"] == subject
    assert mail["To"] == "leserin@xn--kthen-jua.example.org"
    assert mail["Message-ID"] == "<1.a@example.org>"
    assert mail["Date"].datetime == DATE
    assert mail["List-Id"] == "IKOE-Newsletter <newsletter.www.example.org>"
    assert mail["List-Unsubscribe"] == (
        f"<https://www.example.org/newsletter/abmelden/{token}/>, <mailto:abmelden@bounce.example.org?subject={token}>"
    )
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Archive"] == "<https://www.example.org/newsletter/>"
    assert mail["Auto-Submitted"] is None
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert letter.recipient == "leserin@xn--kthen-jua.example.org"
    assert tokens.read_verp(letter.sender) == 12
    assert all(byte < 128 for byte in letter.content)


@pytest.mark.parametrize("subject", ["Hallo\r\nBcc: alle@example.org", "Hallo\nx", "Hallo\x00"])
def test_a_subject_cannot_add_headers(subject):
    with pytest.raises(UnsafeHeader):
        prepare(subject=subject, html_part="x", text_part="x", date=DATE)


@pytest.mark.parametrize(
    "changes",
    [
        {"message_id": "<a@example.org>\r\nBcc: alle@example.org"},
        {"message_id": "<ä@example.org>"},
        {"address": "a@example.org\r\nBcc: alle@example.org"},
        {"address": "a@example.org, b@example.org"},
        {"address": '"a b"@example.org'},
        {"address": ""},
        {"address": "a" * 250 + "@example.org"},
    ],
)
def test_personal_values_cannot_add_headers_or_recipients(changes):
    letters = prepare(subject="x", html_part="x", text_part="x", date=DATE)

    with pytest.raises((UnsafeHeader, InvalidAddress)):
        letters.letter(recipient(**changes))


def test_a_name_is_escaped_in_html_and_cannot_break_a_line():
    letters = prepare(subject="x", html_part=f"<p>{NAME}</p>", text_part=NAME, date=DATE)

    mail = parsed(letters.letter(recipient(name="<script>\r\n\r\n.\r\n")))

    assert "<script>" not in mail.get_body(("html",)).get_content()
    assert "&lt;script&gt;" in mail.get_body(("html",)).get_content()
    assert mail.get_body(("plain",)).get_content().strip() == "<script>    ."


def test_a_long_value_stays_within_the_length_of_lines():
    encoded = message.encode_value("https://www.example.org/" + "a=" * 400)

    assert encoded.startswith(b"=\r\n") and encoded.endswith(b"=\r\n")
    assert max(len(line) for line in encoded.split(b"\r\n")) <= 76
