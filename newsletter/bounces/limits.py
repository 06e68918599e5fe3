"""Takes messages apart in a child process with limits on time and memory.

Anybody can write to the address for bounces, and Python's parser was not made for what somebody writes to break it.
The child can be ended without harm to the command or worker that waits for it. What it answers is JSON and no pickle:
should a message take the child over, it still cannot reach into this process.
"""

from __future__ import annotations

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path

from newsletter.bounces.understanding import Understood

SECONDS = 20
MEMORY_BYTES = 512 * 1024**2
# After so many messages a child is replaced: whatever it may have lost of its memory comes back.
MESSAGES = 1_000
LONGEST_ANSWER = 100_000
_PROJECT = Path(__file__).resolve().parents[2]
# No secret is handed on; only what finds programs and libraries.
_ENVIRONMENT = ("PATH", "LANG", "LD_LIBRARY_PATH", "PYTHONPATH")


class Unreadable(Exception):
    """A message could not be taken apart within the limits."""


class ChildGone(Unreadable):
    """The child ended: over a limit of memory or processor time, or by somebody else's hand."""


class Reader:
    """A child process that takes one message after the other apart; threads wait for each other."""

    def __init__(self, *, seconds: int = SECONDS, memory: int = MEMORY_BYTES, messages: int = MESSAGES) -> None:
        self._seconds, self._memory, self._messages = seconds, memory, messages
        self._child: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._read = 0
        self._owner = 0
        self._in_use = threading.Lock()

    def understand(self, raw: bytes) -> Understood:
        """As `newsletter.bounces.understanding.understand`. Raises Unreadable; the next message gets a new child."""
        with self._in_use:
            if self._read >= self._messages:
                self.close()
            try:
                understood = self._ask_again(raw) if self._read else self._ask(raw)
            except BaseException:
                # Also when the time limit of a task ends the waiting: the child must not go on for nobody.
                self.close()
                raise
            self._read += 1
            return understood

    def close(self) -> None:
        """End the child."""
        if self._child is not None and self._owner == os.getpid():
            self._child.kill()
            self._child.wait()
        if self._connection is not None:
            self._connection.close()
        self._child = self._connection = None
        self._read = 0

    @property
    def pid(self) -> int | None:
        """The process that reads, if there is one."""
        return self._child.pid if self._child else None

    def _ask_again(self, raw: bytes) -> Understood:
        """Ask a child that has worked before: it may have been ended since, which says nothing about this message."""
        try:
            return self._ask(raw)
        except ChildGone:
            self.close()
            return self._ask(raw)

    def _ask(self, raw: bytes) -> Understood:
        connection = self._started()
        try:
            connection.send_bytes(raw)
            if not connection.poll(self._seconds):
                raise Unreadable(f"no answer within {self._seconds} seconds")
            return Understood(**json.loads(connection.recv_bytes(LONGEST_ANSWER)))
        except (EOFError, OSError) as error:
            raise ChildGone(type(error).__name__) from error
        except (ValueError, TypeError) as error:
            raise Unreadable(type(error).__name__) from error

    def _started(self) -> Connection:
        """The connection to the child, which is started if there is none, or if it ended while nobody asked."""
        alive = self._owner == os.getpid() and self._child is not None and self._child.poll() is None
        if alive and self._connection is not None:
            return self._connection
        self.close()
        own_end, other_end = socket.socketpair()
        with other_end:
            limits = [str(self._seconds), str(self._memory)]
            self._child = subprocess.Popen(  # noqa: S603 -- no shell, and no part of the command comes from outside
                [sys.executable, "-m", "newsletter.bounces.child", str(other_end.fileno()), *limits],
                cwd=_PROJECT,
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
                stdin=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[other_end.fileno()],
            )
        self._owner = os.getpid()
        self._connection = Connection(own_end.detach())
        return self._connection


@cache
def reader() -> Reader:
    """The reader of this process."""
    made = Reader()
    atexit.register(made.close)
    return made
