"""A child process that takes one piece of work after the other over a socket, and can be ended without harm.

What goes over the socket is up to both ends; the child sets its limits itself. Knows nothing of Django.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path

_PROJECT = Path(__file__).resolve().parents[1]
# No secret is handed on; only what finds programs and libraries.
ENVIRONMENT = ("PATH", "LANG", "LD_LIBRARY_PATH", "PYTHONPATH")


class KeptChild:
    """The process `python -m MODULE FD SECONDS MEMORY`, started when it is needed. For one thread at a time."""

    def __init__(
        self, module: str, *, seconds: int, memory: int, environment: Sequence[str] = ENVIRONMENT, silent: bool = False
    ) -> None:
        self._module, self._seconds, self._memory = module, seconds, memory
        self._environment, self._silent = environment, silent
        self._child: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        # A fork inherits these fields, but the child belongs to whoever started it.
        self._owner = 0

    @property
    def pid(self) -> int | None:
        """The process, if there is one."""
        return self._child.pid if self._child else None

    def connection(self) -> Connection:
        """The connection to the child, which is started if there is none, or if it ended while nobody asked."""
        alive = self._owner == os.getpid() and self._child is not None and self._child.poll() is None
        if alive and self._connection is not None:
            return self._connection
        self.close()
        # Not `multiprocessing`: it lets no process of a Celery worker have children.
        own_end, other_end = socket.socketpair()
        with other_end:
            arguments = [str(other_end.fileno()), str(self._seconds), str(self._memory)]
            self._child = subprocess.Popen(  # noqa: S603 -- no shell, and no part of the command comes from outside
                [sys.executable, "-m", self._module, *arguments],
                cwd=_PROJECT,
                env={name: os.environ[name] for name in self._environment if name in os.environ},
                stdin=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL if self._silent else None,
                pass_fds=[other_end.fileno()],
            )
        self._owner = os.getpid()
        self._connection = Connection(own_end.detach())
        return self._connection

    def close(self) -> None:
        """End the child."""
        if self._child is not None and self._owner == os.getpid():
            self._child.kill()
            self._child.wait()
        if self._connection is not None:
            self._connection.close()
        self._child = self._connection = None
