"""Takes messages apart in a child process with limits on time and memory.

Anybody can write to the address for bounces, and Python's parser was not made for what somebody writes to break it.
The child can be ended without harm to the command or worker that waits for it. What it answers is JSON and no pickle:
should a message take the child over, it still cannot reach into this process.
"""

from __future__ import annotations

import atexit
import json
import threading
from functools import cache

from home.kept_child import KeptChild
from newsletter.bounces.understanding import Understood

SECONDS = 20
MEMORY_BYTES = 512 * 1024**2
# After so many messages a child is replaced: whatever it may have lost of its memory comes back.
MESSAGES = 1_000
LONGEST_ANSWER = 100_000


class Unreadable(Exception):
    """A message could not be taken apart within the limits."""


class ChildGone(Unreadable):
    """The child ended: over a limit of memory or processor time, or by somebody else's hand."""


class Reader:
    """A child process that takes one message after the other apart; threads wait for each other."""

    def __init__(self, *, seconds: int = SECONDS, memory: int = MEMORY_BYTES, messages: int = MESSAGES) -> None:
        self._seconds, self._messages = seconds, messages
        self._child = KeptChild("newsletter.bounces.child", seconds=seconds, memory=memory, silent=True)
        self._read = 0
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
        self._child.close()
        self._read = 0

    @property
    def pid(self) -> int | None:
        """The process that reads, if there is one."""
        return self._child.pid

    def _ask_again(self, raw: bytes) -> Understood:
        """Ask a child that has worked before: it may have been ended since, which says nothing about this message."""
        try:
            return self._ask(raw)
        except ChildGone:
            self.close()
            return self._ask(raw)

    def _ask(self, raw: bytes) -> Understood:
        connection = self._child.connection()
        try:
            connection.send_bytes(raw)
            if not connection.poll(self._seconds):
                raise Unreadable(f"no answer within {self._seconds} seconds")
            return Understood(**json.loads(connection.recv_bytes(LONGEST_ANSWER)))
        except (EOFError, OSError) as error:
            raise ChildGone(type(error).__name__) from error
        except (ValueError, TypeError) as error:
            raise Unreadable(type(error).__name__) from error


@cache
def reader() -> Reader:
    """The reader of this process."""
    made = Reader()
    atexit.register(made.close)
    return made
