"""The process in which documents are laid out: `python -m home.rendering.child FD SECONDS MEMORY_BYTES`.

`home.rendering.limits` starts it and talks to it over the socket `FD`. It knows nothing of Django.
"""

from __future__ import annotations

import resource
import sys
import traceback
from multiprocessing.connection import Connection

from home.rendering.errors import BrokenContent, DocumentError, LimitExceeded

_TOO_LARGE = "Die PDF-Datei braucht zu viel Speicher. Bitte das Dokument kürzen oder Bilder verkleinern."

_NOT_SET = "Das Satzprogramm scheitert an diesem Inhalt ({}). Bitte geben Sie der Technik Bescheid."


def work(connection: Connection, seconds: int, memory: int) -> None:
    """Answers each source with its PDF or with what was wrong, until the other end is closed."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Only the child carries WeasyPrint: 0.3 s and 30 MB that a web process need not pay for.
    from home.rendering.writer import write_pdf

    while True:
        try:
            source = connection.recv()
        except EOFError:
            return
        # Should the parent die first, the child ends all the same.
        used = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(used.ru_utime + used.ru_stime)
        resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds + 5, resource.RLIM_INFINITY))
        answer: bytes | Exception
        try:
            answer = write_pdf(source)
        except DocumentError as error:
            answer = error
        except MemoryError:
            answer = LimitExceeded(_TOO_LARGE)
        except Exception as error:  # what the engine itself gets wrong; the next document may be a good one
            traceback.print_exc()
            answer = BrokenContent(_NOT_SET.format(type(error).__name__))
        connection.send(answer)


if __name__ == "__main__":
    work(Connection(int(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3]))
