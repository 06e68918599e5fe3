"""A mail server that delivers nothing: every message it accepts becomes an .eml file.

python -m cms.demo.outbox --port PORT --dir DIRECTORY
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import signal
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST_MESSAGE = 25 * 1024 * 1024


class Outbox:
    """Handler for aiosmtpd that stores messages in a directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._numbers = itertools.count(1)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        """Store one message and return the reply of the server (RFC 5321)."""
        try:
            name = self._store(envelope)
        except OSError as error:
            return f"452 4.3.1 Could not store the message: {error.strerror}"
        return f"250 2.0.0 OK stored as {name}"

    def _store(self, envelope: Envelope) -> str:
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        # What a mail server notes at final delivery (RFC 5321 section 4.4); otherwise the envelope would be lost.
        trace = f"Return-Path: <{envelope.mail_from or ''}>\r\n"
        trace += "".join(f"Delivered-To: {recipient}\r\n" for recipient in envelope.rcpt_tos)
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{next(self._numbers)}.eml"
        partial = self.directory / f".{name}.part"
        partial.write_bytes(trace.encode() + content)
        partial.replace(self.directory / name)
        return name


async def serve(port: int, directory: Path) -> None:
    """Accept mail on the loopback interface until SIGTERM or SIGINT."""
    directory.mkdir(parents=True, exist_ok=True)
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    outbox = Outbox(directory)
    server = await loop.create_server(
        lambda: SMTP(outbox, hostname="localhost", ident="Outbox", data_size_limit=LARGEST_MESSAGE, loop=loop),
        host="127.0.0.1",
        port=port,
    )
    async with server:
        await stopped.wait()


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--dir", type=Path, required=True)
    options = parser.parse_args()
    asyncio.run(serve(options.port, options.dir))


if __name__ == "__main__":
    main()
