"""One SMTP conversation (RFC 5321) in two steps: the envelope, and the content that cannot be taken back.

What goes wrong is told apart by one question: may the mail be handed over again without anybody getting it twice?
"""

from __future__ import annotations

import random
import smtplib
import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from types import TracebackType

# What a server may take to answer the end of the content. RFC 5321 (4.5.3.2.6) asks for ten minutes; the lease of a
# delivery (settings.MAIL_LEASE_SECONDS) has to outlast it.
ANSWER_SHARE_OF_LEASE = 0.7


@dataclass(frozen=True)
class Reply:
    """What the server said."""

    code: int
    words: str

    def __str__(self) -> str:
        return f"{self.code} {self.words}".strip()


class ServerUnavailable(Exception):
    """No conversation is possible, or the server ended it; the current mail was not handed over."""


class Turned(Exception):
    """The server refused this mail; it may be asked again if `temporary`."""

    def __init__(self, reply: Reply, *, temporary: bool) -> None:
        self.reply = reply
        self.temporary = temporary
        super().__init__(str(reply))


class Unanswered(Exception):
    """The content left completely, but no answer came: nobody can know whether the server took it (RFC 5321, 6.1)."""


class SmtpSession:
    """A connection that carries one mail after another: `begin`, then `hand_over`; `end` at last.

    A session that raised ServerUnavailable or Unanswered is closed.
    """

    def __init__(self, client: smtplib.SMTP) -> None:
        self._client = client

    @classmethod
    def open(cls, servers: Sequence[Mapping[str, Any]] | None = None) -> SmtpSession:
        """Connect to one of the configured servers, the others if it does not answer; raises ServerUnavailable."""
        choices = list(servers if servers is not None else settings.EMAIL_SERVERS)
        random.shuffle(choices)
        failure = "no mail server is configured"
        for server in choices:
            try:
                return cls(_connect(server))
            except (OSError, smtplib.SMTPException) as error:
                failure = _describe(error)
        raise ServerUnavailable(failure)

    def begin(self, sender: str, recipient: str) -> None:
        """Announce a mail. Raises Turned or ServerUnavailable; in both cases nothing of the mail has left."""
        try:
            # A refused sender says something about us: no recipient may be written off for it.
            self._require(_reply(*self._client.mail(sender)), permanent_counts=False)
            self._require(_reply(*self._client.rcpt(recipient)))
        except (OSError, smtplib.SMTPException) as error:
            raise self._lost(error) from error

    def hand_over(self, content: bytes) -> Reply:
        """Send the content of the mail just begun and return the reply of acceptance.

        `content` has CRLF line ends and no line that begins with a dot. Raises Turned, ServerUnavailable (the mail
        was not complete: RFC 5321, 4.1.1.4, so the server must not deliver it) or Unanswered.
        """
        try:
            self._require(_reply(*self._client.docmd("DATA")), wanted=(354,))
            self._client.send(content)
        except (OSError, smtplib.SMTPException) as error:
            raise self._lost(error) from error
        try:
            self._client.send(b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n")
            reply = self._await_answer()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Unanswered(_describe(error)) from error
        if 200 <= reply.code < 300:
            return reply
        if not 400 <= reply.code < 600:
            self.close()
            raise Unanswered(str(reply))
        if reply.code == 421:
            self.close()
            raise ServerUnavailable(str(reply))
        raise Turned(reply, temporary=reply.code < 500)

    def reset(self) -> None:
        """Forget the mail just begun; raises ServerUnavailable."""
        try:
            self._client.rset()
        except (OSError, smtplib.SMTPException) as error:
            raise self._lost(error) from error

    def end(self) -> None:
        """Say goodbye if the server still listens."""
        try:
            self._client.quit()
        except (OSError, smtplib.SMTPException):
            self.close()

    def close(self) -> None:
        """Drop the connection."""
        self._client.close()

    def __enter__(self) -> SmtpSession:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def _await_answer(self) -> Reply:
        sock = self._client.sock
        assert sock is not None  # noqa: S101 - content was just sent over it.
        sock.settimeout(settings.MAIL_LEASE_SECONDS * ANSWER_SHARE_OF_LEASE)
        code, words = self._client.getreply()
        sock.settimeout(settings.EMAIL_TIMEOUT)
        return _reply(code, words)

    def _require(
        self, reply: Reply, *, wanted: tuple[int, ...] = (250, 251, 252), permanent_counts: bool = True
    ) -> None:
        if reply.code in wanted:
            return
        if reply.code == 421 or not 400 <= reply.code < 600:
            self.close()
            raise ServerUnavailable(str(reply))
        self._client.rset()
        raise Turned(reply, temporary=reply.code < 500 or not permanent_counts)

    def _lost(self, error: Exception) -> ServerUnavailable:
        self.close()
        return ServerUnavailable(_describe(error))


def _connect(server: Mapping[str, Any]) -> smtplib.SMTP:
    host, port = str(server["EMAIL_HOST"]), int(server["EMAIL_PORT"] or 25)
    client: smtplib.SMTP
    if server.get("EMAIL_USE_SSL"):
        client = smtplib.SMTP_SSL(host, port, timeout=settings.EMAIL_TIMEOUT, context=ssl.create_default_context())
    else:
        client = smtplib.SMTP(host, port, timeout=settings.EMAIL_TIMEOUT)
    try:
        # Without this, small commands wait for the acknowledgement of the packet before (40 ms each).
        client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # type: ignore[union-attr]
        client.ehlo()
        if server.get("EMAIL_USE_TLS"):
            client.starttls(context=ssl.create_default_context())
            client.ehlo()
        if server.get("EMAIL_HOST_USER"):
            client.login(str(server["EMAIL_HOST_USER"]), str(server.get("EMAIL_HOST_PASSWORD") or ""))
    except BaseException:
        client.close()
        raise
    return client


def _reply(code: int, words: bytes) -> Reply:
    return Reply(code, " ".join(words.decode("utf-8", "replace").split())[:480])


def _describe(error: Exception) -> str:
    """What happened, without addresses: it goes into logs."""
    if isinstance(error, smtplib.SMTPResponseException):
        code = error.smtp_code
        return f"{type(error).__name__} {code}"
    return type(error).__name__
