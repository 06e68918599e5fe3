"""A mail server that writes down every mail it accepted, and misbehaves as told."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from cms.demo.valkey import free_port


@dataclass
class PostOffice:
    """Handler for aiosmtpd. `accepted` counts mails by recipient; `faults` says what happens to one, once each:

    `drop-envelope` closes the connection at RCPT, `drop-content` after the content came in (it is accepted!),
    `refuse` answers 451 after the content.
    """

    port: int
    seconds: float = 0.0
    accepted: Counter[str] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's.
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.faults.get(address) == "drop-envelope":
            del self.faults[address]
            hang_up(server)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        address = envelope.rcpt_tos[0]
        fault = self.faults.pop(address, "")
        if fault == "refuse":
            return "451 4.3.0 Try again later"
        await asyncio.sleep(self.seconds)
        self.accepted[address] += 1
        if fault == "drop-content":
            hang_up(server)
        return "250 2.0.0 OK"


def hang_up(server: SMTP) -> None:
    """Close the connection without a word."""
    if server.transport is not None:
        server.transport.close()


def open_post_office(*, seconds: float = 0.0) -> tuple[PostOffice, Controller]:
    """Start one on a free port; `seconds` is what it takes for a mail. The caller stops the controller."""
    office = PostOffice(port=free_port(), seconds=seconds)
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    return office, controller
