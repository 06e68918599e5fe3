"""Renders a document in a child process with limits on time and memory.

WeasyPrint can be brought to take gigabytes (a table cell over 100,000,000 columns) or minutes; a child process can be
ended without harm to the command or worker that waits for it. It gets everything it needs in one object and has
neither database nor settings.
"""

import multiprocessing
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from home.rendering.errors import DocumentError, LimitExceeded
from home.rendering.source import DocumentSource

SECONDS = 120
MEMORY_BYTES = 2 * 1024**3


@contextmanager
def memory_limit(memory: int = MEMORY_BYTES) -> Iterator[None]:
    """Within this context the process itself gets no more than `memory` bytes of address space on top of what it has.

    For a worker that renders in its own process. What goes over the limit is a `MemoryError`, or the end of the worker.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    wanted = used + memory
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def write_pdf_limited(source: DocumentSource, *, seconds: int = SECONDS, memory: int = MEMORY_BYTES) -> bytes:
    """Returns the PDF of `source`, see `home.rendering.writer.write_pdf`.

    Raises `LimitExceeded` if the child needs more than `seconds` or `memory` bytes of address space, and whatever
    `write_pdf` raises.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(sender, source, seconds, memory), name="pdf", daemon=True)
    child.start()
    sender.close()
    try:
        if not receiver.poll(seconds):
            raise LimitExceeded(
                f"Die PDF-Datei war nach {seconds} Sekunden noch nicht fertig. Bitte das Dokument kürzen oder teilen."
            )
        answer = receiver.recv()
    except EOFError as error:
        raise LimitExceeded(
            "Die PDF-Datei braucht zu viel Speicher oder Zeit. Bitte das Dokument kürzen oder Bilder verkleinern."
        ) from error
    finally:
        child.kill()
        child.join()
        receiver.close()
    if isinstance(answer, Exception):
        raise answer
    return answer


def _work(sender: Connection, source: DocumentSource, seconds: int, memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # Should the parent die first, the child ends all the same.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds + 5, seconds + 10))
    # Only the child carries WeasyPrint: 0.3 s and 30 MB that a web process need not pay for.
    from home.rendering.writer import write_pdf

    answer: bytes | Exception
    try:
        answer = write_pdf(source)
    except DocumentError as error:
        answer = error
    except MemoryError:
        answer = LimitExceeded(
            "Die PDF-Datei braucht zu viel Speicher. Bitte das Dokument kürzen oder Bilder verkleinern."
        )
    sender.send(answer)
    sender.close()
