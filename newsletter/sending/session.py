"""One SMTP conversation (RFC 5321) that never waits: what leaves together leaves in one group, replies are collected.

Where the server offers it (RFC 2920) the content of one mail and the envelope of the next form a group, so a mail
costs one round trip; elsewhere the same steps follow each other one by one. Every reply is checked. What goes wrong is
told apart by one question: may the mail be handed over again without anybody getting it twice?
"""

from __future__ import annotations

import select
import smtplib
import ssl
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings

from newsletter.sending import servers
from newsletter.sending.servers import Server

if TYPE_CHECKING:
    from newsletter.sending.message import Letter

# What a server may take to answer the end of the content. RFC 5321 (4.5.3.2.6) asks for ten minutes; the lease of a
# delivery (settings.MAIL_LEASE_SECONDS) has to outlast it.
ANSWER_SHARE_OF_LEASE = 0.7
LONGEST_REPLY = 65_536
# After so many seconds of silence a look at the connection is due before content leaves.
STALE_AFTER = 1.0


class Reply(NamedTuple):
    """What the server said."""

    code: int
    words: str

    def __str__(self) -> str:
        return f"{self.code} {self.words}".strip()


class ServerUnavailable(Exception):
    """No conversation is possible."""


class Kind(Enum):
    """What became of a mail, or of its envelope."""

    READY = auto()  # The envelope was accepted, the server waits for the content.
    TAKEN = auto()  # The server has the mail and answers for it.
    REFUSED = auto()  # The server said no, now or for good.
    UNTOUCHED = auto()  # It did not get there: it may be handed over again.
    UNKNOWN = auto()  # The content left completely, and no answer came: nobody can know (RFC 5321, 6.1).


class Outcome(NamedTuple):
    """`about_us`: the server refused the sender, which says nothing about the recipient."""

    kind: Kind
    reply: Reply
    about_us: bool = False

    @property
    def temporary(self) -> bool:
        """Whether a refusal may be different later. Nobody is written off because of our own sender."""
        return self.about_us or self.reply.code < 500


@dataclass
class Answer:
    """Everything that came back for one group: for the content and for the next envelope, as far as they were in it."""

    content: Outcome | None = None
    envelope: Outcome | None = None


class Step(Enum):
    """A command whose reply is outstanding. CONTENT is the mail itself, up to the lone dot."""

    CONTENT = auto()
    RESET = auto()
    MAIL = auto()
    RCPT = auto()
    DATA = auto()
    NOTHING = auto()  # The lone dot after a DATA that was accepted although no recipient was (RFC 2920, 3.1).


class ConnectionLost(Exception):
    """Why the connection is of no use any more."""


class SmtpSession:
    """A connection that carries one mail after another.

    `transmit` sends a group, `collect` returns its Answer once it is complete. After READY the next group has to begin
    with the content. A session that is `closed` has said in its last Answer what became of everything.
    """

    # Servers that offered pipelining and then did not answer: one step at a time from now on.
    _stumbled: set[str] = set()

    def __init__(self, client: smtplib.SMTP, server: Server) -> None:
        assert client.sock is not None  # noqa: S101 - it was connected just now.
        self._client = client
        self._sock = client.sock
        self.server = server
        self.pipelining = client.has_extn("pipelining") and server.name not in self._stumbled
        self.closed = False
        # A server that closes with 421 wants to be left alone (RFC 5321, 3.8).
        self.sent_away: Reply | None = None
        self.mails = 0
        self.deadline = 0.0
        self.last_heard = time.monotonic()
        self._buffer = b""
        self._words: list[bytes] = []
        self._patience = float(settings.EMAIL_TIMEOUT)
        self._patience_for_content = settings.MAIL_LEASE_SECONDS * ANSWER_SHARE_OF_LEASE
        self._steps: deque[tuple[Step, bytes]] = deque()
        self._answer = Answer()
        self._transaction = False
        self._content_gone = True
        # The server waits for content.
        self._expected = False

    @classmethod
    def open(cls, server: Server) -> SmtpSession:
        """Connect; raises ServerUnavailable."""
        try:
            return cls(servers.connect(server), server)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise ServerUnavailable(describe(error)) from error

    def fileno(self) -> int:
        """For `select`: the descriptor of the socket, -1 once it is closed."""
        return self._sock.fileno()

    @property
    def waiting(self) -> bool:
        """Whether replies are outstanding."""
        return bool(self._steps)

    def transmit(self, content: bytes | None, envelope: Letter | None) -> Answer | None:
        """Send the content of the mail whose envelope is READY and announce the next one.

        `content` has CRLF line ends, a CRLF at its end and no line that begins with a dot. Returns an Answer at once
        only if the connection turns out to be lost.
        """
        steps: list[tuple[Step, bytes]] = []
        if content is not None:
            steps.append((Step.CONTENT, content + b".\r\n"))
            self._content_gone = False
        if envelope is not None:
            if self._transaction and content is None:
                steps.append((Step.RESET, b"RSET\r\n"))
            steps += [
                (Step.MAIL, _command("MAIL FROM", envelope.sender)),
                (Step.RCPT, _command("RCPT TO", envelope.recipient)),
                (Step.DATA, b"DATA\r\n"),
            ]
        self._steps.extend(steps)
        self._expected = False
        try:
            if content is not None and time.monotonic() - self.last_heard > STALE_AFTER:
                self._require_silence()
            if self.pipelining:
                self._write(b"".join([words for _step, words in steps]), len(steps[0][1]))
            else:
                self._write(steps[0][1], len(steps[0][1]))
        except (OSError, ConnectionLost) as error:
            return self._lose(error)
        return None

    def collect(self) -> Answer | None:
        """Read what has arrived. Returns the Answer when nothing more is to come for the group, else None."""
        try:
            self._read()
            while (reply := self._next_reply()) is not None:
                if not self._steps:
                    # Nobody asked: the server says why it closes.
                    self._be_sent_away(reply)
                self._take(reply)
        except (OSError, ConnectionLost) as error:
            return self._lose(error)
        if self._steps:
            return None
        answer, self._answer = self._answer, Answer()
        self._expected = answer.envelope is not None and answer.envelope.kind is Kind.READY
        return answer

    def expire(self) -> Answer:
        """The deadline has passed: give up and say what that means."""
        if self.pipelining and self._steps and self._steps[0][0] is not Step.CONTENT and self._answer.content:
            # The content was answered and what came with it was not: it may have been thrown away unread.
            self._stumbled.add(self.server.name)
        return self._lose(TimeoutError())

    def end(self) -> None:
        """Say goodbye; nothing may be outstanding."""
        if not self.closed:
            servers.remember_tls(self.server, self._sock)
            with suppress(OSError):
                self._sock.sendall(b"QUIT\r\n")
            self.close()

    def close(self) -> None:
        """Drop the connection. A mail that was announced, or whose content is not complete, is not delivered."""
        self.closed = True
        self._client.close()

    def alive(self) -> bool:
        """Whether a connection that was left alone is still open."""
        try:
            self._require_silence()
        except (OSError, ConnectionLost):
            self.close()
        return not self.closed

    def _write(self, data: bytes, content_length: int) -> None:
        view = memoryview(data)
        sent = 0
        self.deadline = time.monotonic() + self._patience
        try:
            while sent < len(data):
                sent += self._sock.send(view[sent:])
        finally:
            # The end of the content is what counts: without its dot the server must not deliver (RFC 5321, 4.1.1.4).
            if not self._content_gone and sent >= content_length:
                self._content_gone = True
                self.deadline = time.monotonic() + self._patience_for_content

    def _read(self) -> None:
        data = self._sock.recv(65_536)
        while isinstance(self._sock, ssl.SSLSocket) and self._sock.pending():
            data += self._sock.recv(65_536)
        if not data:
            raise ConnectionLost("closed by the server")
        self._buffer += data
        self.last_heard = time.monotonic()
        if len(self._buffer) > LONGEST_REPLY:
            raise ConnectionLost("endless reply")

    def _require_silence(self) -> None:
        """A server that speaks without being asked, or whose end is closed, takes no more mail."""
        if not select.select([self._sock], [], [], 0)[0]:
            return
        self._read()
        reply = self._next_reply()
        if reply is not None:
            self.sent_away = reply
            raise ConnectionLost(str(reply))

    def _next_reply(self) -> Reply | None:
        """The next complete reply, of one line or of several (RFC 5321, 4.2.1)."""
        while True:
            line, end, rest = self._buffer.partition(b"\n")
            if not end:
                return None
            self._buffer = rest
            if not line[:3].isdigit() or len(line) < 3:
                raise ConnectionLost("not a reply of SMTP")
            self._words.append(line[4:])
            if line[3:4] != b"-":
                words = b" ".join(self._words) if len(self._words) > 1 else line[4:]
                self._words.clear()
                return Reply(int(line[:3]), " ".join(words.decode("utf-8", "replace").split())[:480])

    def _take(self, reply: Reply) -> None:
        """One reply for the step that is due."""
        step, _words = self._steps.popleft()
        if step is Step.CONTENT:
            self._take_answer_to_content(reply)
        elif step is Step.DATA:
            self._take_answer_to_data(reply)
        elif 200 <= reply.code < 300:
            if step is not Step.RCPT:
                self._transaction = step is Step.MAIL
        elif step is Step.NOTHING:
            self._transaction = False
        elif step is Step.MAIL and reply.code == 421:
            self._be_sent_away(reply)
        elif step is Step.RESET:
            raise ConnectionLost(str(reply))
        else:
            self._refuse_envelope(reply, about_us=step is Step.MAIL)
        if not self.pipelining and self._steps:
            self._write(self._steps[0][1], len(self._steps[0][1]))
        elif self._steps:
            self.deadline = self.last_heard + self._patience

    def _take_answer_to_content(self, reply: Reply) -> None:
        self._transaction = False
        if 200 <= reply.code < 300:
            self._answer.content = Outcome(Kind.TAKEN, reply)
            self.mails += 1
        elif 400 <= reply.code < 600:
            self._answer.content = Outcome(Kind.REFUSED, reply)
            if reply.code == 421:
                raise ConnectionLost(str(reply))
        else:
            self._answer.content = Outcome(Kind.UNKNOWN, reply)
            raise ConnectionLost(str(reply))

    def _take_answer_to_data(self, reply: Reply) -> None:
        refused = self._answer.envelope is not None
        if reply.code == 354:
            if refused:
                self._write(b".\r\n", 3)
                self._steps.append((Step.NOTHING, b""))
            else:
                self._answer.envelope = Outcome(Kind.READY, reply)
            return
        if reply.code == 421:
            self._be_sent_away(reply)
        self._refuse_envelope(reply)

    def _refuse_envelope(self, reply: Reply, *, about_us: bool = False) -> None:
        """The first refusal counts; what follows in the same group only follows from it."""
        if not 400 <= reply.code < 600:
            raise ConnectionLost(str(reply))
        if self._answer.envelope is None:
            self._answer.envelope = Outcome(Kind.REFUSED, reply, about_us)
        if not self.pipelining:
            self._steps.clear()
        if reply.code == 421:
            raise ConnectionLost(str(reply))

    def _be_sent_away(self, reply: Reply) -> None:
        self.sent_away = reply
        raise ConnectionLost(str(reply))

    def _lose(self, error: Exception) -> Answer:
        """Close, and say for everything outstanding what is known about it."""
        words = Reply(0, describe(error))
        for step, _words in self._steps:
            if step is Step.CONTENT:
                self._answer.content = Outcome(Kind.UNKNOWN if self._content_gone else Kind.UNTOUCHED, words)
            elif step in (Step.MAIL, Step.RCPT, Step.DATA) and self._answer.envelope is None:
                self._answer.envelope = Outcome(Kind.UNTOUCHED, words)
        ready = self._answer.envelope is not None and self._answer.envelope.kind is Kind.READY
        if ready or self._expected:
            self._answer.envelope = Outcome(Kind.UNTOUCHED, words)
        self._steps.clear()
        self._expected = False
        self.close()
        return self._answer


def _command(verb: str, address: str) -> bytes:
    # Addresses come checked from `message`; a line break here would be a command of its own.
    if not address.isascii() or not address.isprintable() or "<" in address or ">" in address or " " in address:
        raise ValueError("not an address in ASCII")
    return f"{verb}:<{address}>\r\n".encode("ascii")


def describe(error: Exception) -> str:
    """What happened, without addresses: it goes into logs."""
    if isinstance(error, ConnectionLost):
        return str(error)
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    return type(error).__name__
