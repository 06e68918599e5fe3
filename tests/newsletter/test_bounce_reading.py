"""Messages that came back: what they are, with and without our signed envelope sender. The messages are made up."""

import hypothesis
import pytest
from hypothesis import strategies as st

from newsletter import tokens
from newsletter.bounces.reading import read
from tests.newsletter.returned_mails import CORPUS, message

DELIVERY = 4711

BOUNCES = {
    "courier-full": ("soft", ""),
    "domino-german": ("hard", ""),
    "exchange-2003-german": ("hard", "5.1.1"),
    "exchange-full-german": ("soft", "5.2.2"),
    "exchange-group-closed": ("policy", "5.7.133"),
    "exchange-online-german": ("hard", "5.1.10"),
    "exim-classic": ("hard", ""),
    "exim-delayed": ("soft", ""),
    "exim-dsn": ("hard", "5.0.0"),
    "freenet-inactive": ("hard", "5.0.0"),
    "gmail-html-german": ("hard", "5.1.1"),
    "gmail-over-quota": ("soft", "5.2.2"),
    "gmail-unauthenticated": ("policy", "5.7.26"),
    "gmail-unknown": ("hard", "5.1.1"),
    "gmx-policy": ("policy", "5.0.0"),
    "gmx-unknown": ("hard", "5.0.0"),
    "groupwise-full": ("soft", ""),
    "hmailserver": ("hard", ""),
    "icloud-full": ("soft", "5.2.2"),
    "ironport-gateway": ("hard", "5.1.0"),
    "kundenserver-full": ("soft", ""),
    "kundenserver-german": ("hard", "5.1.1"),
    "mdaemon-german": ("hard", ""),
    "office365-access-denied": ("hard", "5.4.1"),
    "opensmtpd": ("hard", "5.0.0"),
    "outlook-blocked": ("policy", "5.7.1"),
    "outlook-unknown": ("hard", "5.5.0"),
    "postfix-blocklist": ("policy", "5.7.1"),
    "postfix-delayed": ("soft", "4.2.0"),
    "postfix-full": ("soft", "4.2.2"),
    "postfix-german-template": ("hard", "5.1.1"),
    "postfix-no-connection": ("soft", "4.4.1"),
    "postfix-no-host": ("hard", "5.4.4"),
    "postfix-unknown": ("hard", "5.1.1"),
    "posteo-gone": ("hard", ""),
    "qmail-full": ("soft", ""),
    "qmail-unknown": ("hard", "5.1.1"),
    "rate-limited-and-expired": ("soft", "4.7.500"),
    "sendmail-unknown": ("hard", "5.1.1"),
    "smtputf8-unknown": ("hard", "5.1.1"),
    "spam-filter-german": ("policy", "5.7.1"),
    "t-online-german": ("soft", ""),
    "t-online-policy": ("policy", "5.0.0"),
    "t-online-unknown": ("hard", "5.1.1"),
    "web-de-full": ("soft", "5.2.2"),
    "web-de-policy": ("policy", "5.0.0"),
    "yahoo-unknown": ("hard", ""),
}
OTHERS = {
    "auto-exchange-german": "auto_reply",
    "auto-gmx": "auto_reply",
    "auto-gone": "auto_reply",
    "auto-ticket": "auto_reply",
    "auto-vacation": "auto_reply",
    "complaint": "complaint",
    "complaint-withdrawn": "not_a_bounce",
    "dmarc-report": "not_a_bounce",
    "human": "not_a_bounce",
    "human-asks": "not_a_bounce",
    "signature-failure": "not_a_bounce",
    "success": "not_a_bounce",
}


def signed() -> str:
    return tokens.verp(DELIVERY, "bounce.example.org")


def test_the_table_names_every_message_of_the_corpus():
    assert {path.stem for path in CORPUS.glob("*.eml")} == {*BOUNCES, *OTHERS}


@pytest.mark.parametrize("name", BOUNCES)
def test_a_bounce_with_our_signature_is_understood(name):
    report = read(message(name, signed()))

    assert (report.kind, report.code, report.delivery) == (*BOUNCES[name], DELIVERY)


def test_bounces_without_our_signature_are_recognised_too():
    reports = {name: read(message(name)) for name in BOUNCES}

    right = [name for name, report in reports.items() if report.kind == BOUNCES[name][0] and "@" in report.recipient]
    assert set(reports) - set(right) == set(), "at least 80 % are demanded"
    assert all(report.delivery is None and report.reader is None for report in reports.values())


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_bounce_is_not_taken_for_one(name):
    assert read(message(name, signed())).kind == OTHERS[name]


def test_words_and_recipient_are_kept_for_the_editor():
    report = read(message("gmail-unknown"))

    assert report.recipient == "kim@gmail.example"
    assert report.words.startswith("550-5.1.1 The email account that you tried to reach does not exist.")


# Hostile messages: bounded in time, memory and depth (a quadratic reading of them takes minutes), never an exception.


def nested(depth: int) -> bytes:
    raw = b"From: MAILER-DAEMON@example.com\nSubject: Undelivered\nContent-Type: multipart/mixed; boundary=b0\n\n"
    for level in range(1, depth):
        raw += b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (level - 1, level)
    return raw + b"x\n" * 1000


def matryoshka(depth: int) -> bytes:
    return b"Content-Type: message/rfc822\n\n" * depth + b"Subject: x\n\nx"


HOSTILE = {
    "nothing": b"",
    "one byte": b"\x00",
    "only line breaks": b"\r\n" * 50_000,
    "no line break": b"a" * 1_000_000,
    "noise": bytes(range(256)) * 2_000,
    "nested": nested(5_000),
    "nested a little": nested(50),
    "mails in mails": matryoshka(5_000),
    "many parts": b"Content-Type: multipart/report; boundary=b\n\n" + b"--b\n\nx\n" * 30_000,
    "no end": b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n",
    "a boundary that is empty": b'Content-Type: multipart/mixed; boundary=""\n\n--\n\nx\n--\n',
    "many header fields": b"To: bounce+1-aaaaaaaaaaaaaaaa@x.org\n" * 20_000 + b"\nx",
    "a long header field": b"X-Failed-Recipients: " + b'"<(,;:' * 50_000 + b"\n\nx",
    "a long subject": b"From: MAILER-DAEMON@x.org\nSubject: " + b"=?utf-8?b?" * 30_000 + b"\n\nx",
    "an unknown charset": b"From: <>\nSubject: =?nix?q?a?=\nContent-Type: text/plain; charset=nix\n\n\xff",
    "a charset that is code": b"From: MAILER-DAEMON@x.org\nContent-Type: text/plain; charset=rot13\n\nUser unknown",
    "a null in the charset": b"From: MAILER-DAEMON@x.org\nContent-Type: text/plain; charset=\x00\n\nUser unknown",
    "broken base64": b"From: MAILER-DAEMON@x.org\nContent-Transfer-Encoding: base64\n\n====\xff",
    "a bomb in base64": b"From: MAILER-DAEMON@x.org\nContent-Transfer-Encoding: base64\n\n" + b"QUFB" * 2_000_000,
    "tags": b"From: MAILER-DAEMON@x.org\nContent-Type: text/html\n\n" + b"<style><" * 100_000,
    "words that nearly fit": b"From: MAILER-DAEMON@x.org\nSubject: failure\n\n" + b"user mailbox account " * 50_000,
    "addresses that nearly fit": b"From: MAILER-DAEMON@x.org\nSubject: failure\n\n"
    + b"a" * 200_000
    + b"@"
    + b"a." * 1000,
    "status blocks": b"Content-Type: message/delivery-status\n\n" + b"Action: failed\nStatus: 5.1.1\n\n" * 20_000,
    "a status of another kind": b"Content-Type: message/delivery-status\n\nAction: failed\nStatus: " + b"5." * 100_000,
    "many forged signatures": b"From: MAILER-DAEMON@x.org\n\n" + b"bounce+1-aaaaaaaaaaaaaaaa@x.org " * 20_000,
    "many forged links": b"From: MAILER-DAEMON@x.org\n\n" + (b"a" * 22 + b"." + b"b" * 43 + b" ") * 10_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_message_is_read_without_effort_or_exception(name):
    report = read(HOSTILE[name])

    assert report.delivery is None and not report.wants_to_leave
    assert len(report.words) <= 500 and len(report.recipient) <= 320
    assert (report.words + report.recipient).isprintable()


def test_hypothesis_finds_no_message_that_raises():
    @hypothesis.settings(max_examples=150, deadline=None)
    @hypothesis.given(st.binary(max_size=400), st.sampled_from(sorted([*BOUNCES, *OTHERS])), st.integers(0, 3000))
    def cut_and_fill(noise, name, where):
        raw = message(name, signed())
        report = read(raw[:where] + noise + raw[where:])
        assert (report.words + report.recipient).isprintable()

    cut_and_fill()
