"""A real SMTP server that keeps what it gets, for tests."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass, field
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from cms.demo.valkey import free_port


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

    port: int
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


def start_mail_server() -> tuple[MailServer, Controller]:
    """Start a server on a free port; the caller stops the controller."""
    server = MailServer(port=free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    return server, controller
