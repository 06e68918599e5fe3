"""Messages from outside are taken apart in a child process that can be ended."""

import os
import signal
from pathlib import Path

import pytest

from newsletter.bounces import acting, limits, reading
from newsletter.bounces.limits import Reader, Unreadable

BOUNCE = b"From: MAILER-DAEMON@example.org\nSubject: Undelivered Mail\n\n550 5.1.1 user unknown"


@pytest.fixture
def reader():
    made = []

    def make(**limits):
        made.append(Reader(**limits))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_a_message_that_takes_too_much_memory_ends_the_child_only(reader):
    narrow = reader(memory=160 * 1024**2)
    assert narrow.understand(BOUNCE).kind == "hard"
    before = narrow.pid

    with pytest.raises(Unreadable):
        narrow.understand(BOUNCE + b"x" * 200 * 1024**2)

    assert narrow.understand(BOUNCE).kind == "hard" and narrow.pid != before


def test_a_message_that_takes_too_long_ends_the_child_only(reader):
    patient = reader(seconds=2)
    assert patient.understand(BOUNCE).kind == "hard"
    before = patient.pid
    os.kill(before, signal.SIGSTOP)

    with pytest.raises(Unreadable, match="within 2 seconds"):
        patient.understand(BOUNCE)

    assert not Path(f"/proc/{before}").exists()
    assert patient.understand(BOUNCE).kind == "hard"


def test_the_child_knows_no_secret_and_is_replaced_after_a_while(reader, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "nobody must know")
    careful = reader(messages=2)
    children = []

    for _message in range(3):
        careful.understand(BOUNCE)
        children.append(careful.pid)

    assert children[0] == children[1] != children[2]
    assert b"nobody must know" not in Path(f"/proc/{careful.pid}/environ").read_bytes()


def test_a_child_that_died_in_the_meantime_is_replaced(reader):
    steady = reader()
    steady.understand(BOUNCE)
    os.kill(steady.pid, signal.SIGKILL)

    assert steady.understand(BOUNCE).kind == "hard"


def test_a_message_that_breaks_the_limits_is_named_and_the_rest_is_read(reader, monkeypatch):
    impatient = reader(seconds=0)
    monkeypatch.setattr(reading, "reader", lambda: impatient)
    assert acting.take_in(BOUNCE).action == "failed"

    monkeypatch.setattr(reading, "reader", limits.reader)

    assert (acting.take_in(BOUNCE).kind, acting.take_in(BOUNCE).action) == ("hard", "ignored")
