"""A real SMTP server that keeps what it gets, for tests."""

from __future__ import annotations

import email
import email.policy
import socket
from asyncio import AbstractServer
from collections.abc import Coroutine
from dataclasses import dataclass, field
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Received:
    """One accepted message: envelope, raw bytes and the parsed message."""

    sender: str
    recipients: list[str]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.content, policy=email.policy.default)


@dataclass
class MailServer:
    """Listens on the loopback interface.

    `received` holds what was accepted. `replies` maps an address to the reply its RCPT gets instead of 250,
    for instance "550 5.1.1 No such user".
    """

    port: int = 0
    received: list[Received] = field(default_factory=list)
    replies: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """What EMAIL_URL expects."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.replies:
            return self.replies[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        self.received.append(Received(envelope.mail_from or "", list(envelope.rcpt_tos), content))
        return f"250 2.0.0 OK {len(self.received)}"


class BoundController(Controller):
    """Listens on a socket that is bound already: a port that is free now may be taken when the server starts."""

    def __init__(self, handler: object) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        super().__init__(handler, hostname="127.0.0.1", port=self.listener.getsockname()[1])

    def _create_server(self) -> Coroutine[None, None, AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self.listener)


def start_mail_server(server: MailServer | None = None) -> tuple[MailServer, Controller]:
    """Start a server (or this one) on a free port; the caller stops the controller."""
    server = server or MailServer()
    controller = BoundController(server)
    server.port = controller.port
    controller.start()
    return server, controller
