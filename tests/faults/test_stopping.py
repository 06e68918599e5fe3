"""Website and workers that are told to end (SIGTERM) finish what is short, give back the rest, and lose nothing."""

from __future__ import annotations

import signal
import socket
import time

from cms.demo.processes import Child
from tests.faults.scene import READERS

# What Docker and systemd give a process before they kill it; a killed one has no status 0.
GRACE = 30.0


def stopped(child: Child) -> int | None:
    """Tell the first process of a child to end, as Docker and systemd do, and wait; returns its status."""
    child.grace = GRACE
    child.stop()
    return child.status


def test_a_worker_that_is_told_to_end_gives_back_what_it_holds(scene):
    scene.office.seconds = 0.005

    scene.wait_for_share(0.3)
    status = stopped(scene.worker)
    held = scene.states().keys() & {"claimed", "sending"}
    accepted = scene.office.total
    log = scene.worker.log.read_text()
    scene.worker.start(scene.worker.environment)

    assert status == 0
    # Not a word of Celery's past the log, which is JSON in containers.
    assert "shutdown" not in log
    assert not held, "what is held when a worker has ended waits for its lease"
    assert accepted < READERS, "it ended in the middle"
    scene.wait_for_end()
    scene.check(uncertain=0, words="worker told to end")


def test_a_website_that_is_told_to_end_answers_the_request_it_has_begun(website):
    child, port = website
    with socket.create_connection(("127.0.0.1", port), timeout=20) as visitor:
        visitor.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n")
        time.sleep(0.5)  # The worker waits for the rest.

        child._process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        visitor.sendall(b"Connection: close\r\n\r\n")
        answer = b""
        while part := visitor.recv(65_536):
            answer += part

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert stopped(child) == 0
