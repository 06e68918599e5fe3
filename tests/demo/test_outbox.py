"""The demo's mail server speaks real SMTP and keeps each message as a file."""

import email
import email.policy
import smtplib
import sys
import time
from email.message import EmailMessage

import pytest

from cms.demo.outbox import LARGEST_MESSAGE
from cms.demo.processes import Child
from cms.demo.valkey import free_port


@pytest.fixture
def outbox(tmp_path):
    """A running outbox process: its port and its directory."""
    port, directory = free_port(), tmp_path / "outbox"
    command = [sys.executable, "-m", "cms.demo.outbox", "--port", str(port), "--dir", str(directory)]
    server = Child("smtp", command, run=tmp_path / "run", log=tmp_path / "log")
    server.start()
    deadline = time.monotonic() + 10
    while True:
        try:
            smtplib.SMTP("127.0.0.1", port).quit()
            break
        except ConnectionRefusedError:
            server.require()
            assert time.monotonic() < deadline
            time.sleep(0.05)
    yield port, directory
    server.stop()


def test_message_is_stored_with_its_envelope(outbox):
    port, directory = outbox
    message = EmailMessage()
    message["Subject"] = "Ideenwerkstatt in Halle – Grüße"
    message["To"] = "leserin@example.org"
    message.set_content("Zwei Tage.\n.Punkt am Zeilenanfang\n")

    with smtplib.SMTP("127.0.0.1", port) as client:
        client.send_message(message, "b+1@bounce.example.org", ["leserin@example.org"])
        client.send_message(message, "b+2@bounce.example.org", ["leser@example.org"])

    first, second = sorted(directory.glob("*.eml"))
    stored = email.message_from_bytes(first.read_bytes(), policy=email.policy.default)
    assert stored["Return-Path"] == "<b+1@bounce.example.org>"
    assert stored["Delivered-To"] == "leserin@example.org"
    assert stored["Subject"] == "Ideenwerkstatt in Halle – Grüße"
    assert ".Punkt am Zeilenanfang" in stored.get_content()
    assert b"b+2@bounce.example.org" in second.read_bytes()
    assert not list(directory.glob("*.part"))


def test_size_limit_is_announced_and_kept(outbox):
    port, directory = outbox

    with smtplib.SMTP("127.0.0.1", port) as client:
        client.ehlo()
        announced = client.esmtp_features["size"]
        code, _reply = client.docmd("MAIL", f"FROM:<a@example.org> SIZE={LARGEST_MESSAGE + 1}")

    assert announced == str(LARGEST_MESSAGE)
    assert code == 552
    assert not list(directory.iterdir())
