"""ClamAV's protocol against a small real server on TCP."""

import socket
import struct
import threading
from contextlib import contextmanager

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from archive import virus_check
from archive.file_types import FileRefused
from archive.intake import take_in
from archive.models import Document
from tests.archive.forms import upload

pytestmark = pytest.mark.django_db
# The test file of EICAR, put together here so that no scanner on this machine takes this source for it.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner:
    """Speaks INSTREAM and PING as clamd does, or misbehaves as told."""

    def __init__(self, answer=None):
        self.answer, self.seen = answer, []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = self.socket.getsockname()
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while not self.done.is_set():
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as data:
                self.talk(connection, data)

    def talk(self, connection, data):
        command = b""
        while not command.endswith(b"\0"):
            command += data.read(1)
        if command == b"zPING\0":
            connection.sendall(b"PONG\0")
            return
        content = b""
        while size := struct.unpack("!L", data.read(4))[0]:
            content += data.read(size)
        self.seen.append(content)
        if self.answer is None:
            found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
            connection.sendall(found)
        elif self.answer == "silence":
            self.done.wait(10)
        else:
            connection.sendall(self.answer)

    def stop(self):
        self.done.set()
        # Closing alone leaves `accept` waiting.
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join(5)


@contextmanager
def scanner(settings, answer=None):
    server = Scanner(answer)
    settings.CLAMD_URL = server.address
    yield server
    server.stop()


def offer(content):
    return take_in(ContentFile(content), "a.txt")


def test_clean_file_is_seen_whole_and_stored(site, settings):
    content = b"Stammtisch\n" * 20_000

    with scanner(settings) as server:
        taken = offer(content)

    assert taken.is_new
    assert server.seen == [content]


def test_found_file_is_refused_with_the_name_of_what_was_found(site, settings):
    with scanner(settings), pytest.raises(FileRefused, match=r"Schadsoftware gefunden \(Eicar-Test-Signature\)"):
        offer(EICAR)

    assert not Document.with_tombstones.exists()


def test_upload_in_the_admin_asks_once(site, settings, client, users):
    client.force_login(users["admin"])

    with scanner(settings) as server:
        answer = client.post(reverse("wagtaildocs:add_multiple"), {"title": "a", "files[]": upload("Neu")}).json()
        refused = client.post(
            reverse("wagtaildocs:add_multiple"), {"title": "b", "files[]": upload(EICAR.decode())}
        ).json()

    assert answer["success"]
    assert "Schadsoftware" in refused["error_message"]
    assert len(server.seen) == 2


@pytest.mark.parametrize(
    "answer",
    [b"x" * 10_000, b"", b"stream: OK, but\0", b"\xff\xfe\0", b"UNKNOWN COMMAND\0"],
    ids=["endless", "hung up", "unknown", "no text", "another protocol"],
)
def test_any_other_answer_stops_the_upload(site, settings, answer):
    with scanner(settings, answer), pytest.raises(FileRefused, match="nicht auf Viren geprüft"):
        offer(b"Text")

    assert not Document.with_tombstones.exists()


def test_silence_stops_the_upload(site, settings, monkeypatch):
    monkeypatch.setattr(virus_check, "SECONDS", 0.3)

    with scanner(settings, "silence"), pytest.raises(FileRefused, match="nicht auf Viren geprüft"):
        offer(b"Text")


def test_refused_connection_stops_the_upload(site, settings):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        settings.CLAMD_URL = closed.getsockname()

    with pytest.raises(FileRefused, match="nicht auf Viren geprüft"):
        offer(b"Text")


def test_file_above_its_limit_is_named_as_too_large(site, settings):
    with scanner(settings, b"INSTREAM size limit exceeded. ERROR\0"), pytest.raises(FileRefused, match="zu groß"):
        offer(b"Text")


def test_without_address_nothing_is_asked(site, settings):
    assert settings.CLAMD_URL is None
    assert offer(b"Text").is_new


def test_deployment_check_names_a_service_that_does_not_answer(settings):
    with scanner(settings):
        assert virus_check.check_service(None) == []

    assert [message.id for message in virus_check.check_service(None)] == ["archive.W001"]
