"""The process in which messages from outside are taken apart: `python -m newsletter.bounces.child FD SECONDS MEMORY`.

`newsletter.bounces.limits` starts it and talks to it over the socket `FD`. It knows nothing of Django, has no database
and no keys, and answers every message with one JSON object (the fields of `Understood`).
"""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict
from multiprocessing.connection import Connection

from archive.limited import limit_this_process
from newsletter.bounces.understanding import understand


def work(connection: Connection, seconds: int, memory: int) -> None:
    """Answer each message until the other end is closed. What breaks a limit ends the process."""
    limit_this_process(memory, resource.RLIM_INFINITY)
    while True:
        try:
            raw = connection.recv_bytes()
        except EOFError:
            return
        used = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(used.ru_utime + used.ru_stime)
        resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds + 1, resource.RLIM_INFINITY))
        connection.send_bytes(json.dumps(asdict(understand(raw))).encode("ascii"))


if __name__ == "__main__":
    work(Connection(int(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3]))
