"""A worker that is told to end finishes what is short and gives back the rest, before it is killed.

SIGTERM reaches the first process of a worker only; its children work on, and it waits for them. What they look at is a
moment in memory that all of them share, because they are forked from it. Whoever stops a worker (Docker, systemd) gives
it 30 seconds.
"""

from __future__ import annotations

import mmap
import struct
import time

# What is not done so many seconds after the worker was told is given back.
PATIENCE = 15.0
# Seconds of the system's monotonic clock; 0: nobody said anything. Not a file, and gone with the worker.
_moment = mmap.mmap(-1, 8)


class WorkerStops(Exception):
    """The work was broken off; somebody else may begin it again."""


def tell() -> None:
    """Let all processes of this worker know that it is to end."""
    if not is_told():
        _moment[:] = struct.pack("d", time.monotonic())


def is_told() -> bool:
    """Whether this worker is to end: begin nothing new."""
    return _told_at() > 0


def give_up_in_time() -> None:
    """Raises `WorkerStops` when there is no time left for what takes long."""
    if is_told() and time.monotonic() - _told_at() > PATIENCE:
        raise WorkerStops


def forget() -> None:
    """Go on as if nothing had been said."""
    _moment[:] = bytes(8)


def _told_at() -> float:
    moment: float = struct.unpack("d", _moment[:])[0]
    return moment
