"""The connections of one task: which server each goes to, what is on it, and when it is worn out."""

from __future__ import annotations

import atexit
import selectors
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from newsletter.sending import servers
from newsletter.sending.claiming import Claimed
from newsletter.sending.limits import Limits
from newsletter.sending.message import Letter
from newsletter.sending.servers import Resting, Server
from newsletter.sending.session import ServerUnavailable, SmtpSession

# A server that drops us so often without taking a mail in between is left alone for a while.
DROPS = 3
# A connection kept for the next task is worth something only while the server has not forgotten it.
KEPT_SECONDS = 20.0
# A place at a server is confirmed so often; it is lost after `limits.CONNECTION_LEASE`.
CONFIRM_SECONDS = 5.0

# Between the tasks of this process.
_resting = Resting()
_kept: list[tuple[SmtpSession, float]] = []


@dataclass
class Line:
    """One connection: `announced` has its envelope with the server, the content of `leaving` is on its way."""

    holder: uuid.UUID = field(default_factory=uuid.uuid4)
    session: SmtpSession | None = None
    announced: Claimed | None = None
    letter: Letter | None = None
    leaving: Claimed | None = None
    confirmed_at: float = 0.0

    @property
    def busy(self) -> bool:
        """Whether a delivery depends on it."""
        return self.announced is not None or self.leaving is not None

    @property
    def held(self) -> int:
        """Deliveries in its hands."""
        return (self.announced is not None) + (self.leaving is not None)

    @property
    def worn_out(self) -> bool:
        """Whether the connection has carried what one may, counting what is on its way."""
        session = self.session
        return session is not None and self.busy and session.mails + self.held >= session.server.messages


class Lines:
    """All lines of a task."""

    def __init__(self, number: int, limits: Limits) -> None:
        self._limits = limits
        self._lines = [Line() for _number in range(number)]
        self._servers = servers.configured()
        self._selector = selectors.DefaultSelector()
        self._drops: dict[str, int] = {}
        self._tokens: dict[str, int] = {}
        self._next_token: dict[str, float] = {}

    def __iter__(self) -> Iterator[Line]:
        return iter(self._lines)

    @property
    def open_or_one(self) -> int:
        """How many connections are open, and one if none is yet."""
        return sum(line.session is not None for line in self._lines) or 1

    def open(self, line: Line) -> bool:
        """See to it that the line has a connection. False if all places at the servers are taken.

        Raises ServerUnavailable if no server answers.
        """
        if line.session is not None and line.session.mails >= line.session.server.messages:
            self._forget(line).end()
        if line.session is not None:
            return self._confirm(line)
        awake = _resting.awake(self._servers)
        failure, full = "none of the mail servers is to be asked again yet", False
        for server in servers.by_turn(awake):
            if not self._limits.enter(server.name, server.connections, line.holder):
                full = True
                continue
            try:
                session = _take_kept(server) or SmtpSession.open(server)
            except ServerUnavailable as error:
                failure = str(error)
                self._limits.leave(server.name, line.holder)
                _resting.send_to_rest(server)
                continue
            line.session, line.confirmed_at = session, time.monotonic()
            self._selector.register(session.fileno(), selectors.EVENT_READ, line)
            return True
        if full:
            return False
        raise ServerUnavailable(failure)

    def _confirm(self, line: Line) -> bool:
        assert line.session is not None  # noqa: S101 - the caller has looked.
        if time.monotonic() - line.confirmed_at > CONFIRM_SECONDS:
            line.confirmed_at = time.monotonic()
            self._limits.enter(line.session.server.name, line.session.server.connections, line.holder)
        return True

    def may_send(self, line: Line) -> bool:
        """Whether the server's rate allows another mail; counts it if so."""
        server = line.session.server if line.session else None
        if server is None or server.rate <= 0:
            return True
        if self._tokens.get(server.name, 0) < 1:
            if time.monotonic() < self._next_token.get(server.name, 0):
                return False
            # Some at a time, so that not every mail asks Redis.
            grant = self._limits.take(f"server:{server.name}", server.rate, max(1, int(server.rate / 5)))
            self._tokens[server.name] = grant.tokens
            self._next_token[server.name] = time.monotonic() + grant.wait
            if not grant.tokens:
                return False
        self._tokens[server.name] -= 1
        return True

    def next_at(self, otherwise: float) -> float:
        """When something is due next by the clock (monotonic): a token, or the end of somebody's patience."""
        due = [line.session.deadline for line in self._lines if line.session is not None and line.session.waiting]
        due += [at for at in self._next_token.values() if at > time.monotonic()]
        return min([otherwise, *due])

    def heard(self, timeout: float) -> list[Line]:
        """Lines whose server has said something, after at most `timeout` seconds."""
        if not self._selector.get_map():
            time.sleep(timeout)
            return []
        return [key.data for key, _events in self._selector.select(timeout)]

    def overdue(self) -> list[Line]:
        """Lines whose server has been silent for too long."""
        now = time.monotonic()
        return [
            line
            for line in self._lines
            if line.session is not None and line.session.waiting and line.session.deadline < now
        ]

    def worked(self, line: Line) -> None:
        """The server took a mail: it is all right."""
        if line.session is not None:
            _resting.answered(line.session.server)
            self._drops.pop(line.session.server.name, None)

    def turned_away(self, line: Line) -> None:
        """The server does not want us as a sender now."""
        if line.session is not None:
            _resting.send_to_rest(line.session.server)

    def lost(self, line: Line, *, ours: bool = False) -> None:
        """The connection is gone; `ours`: we closed it ourselves."""
        session = self._forget(line)
        if ours:
            return
        name = session.server.name
        self._drops[name] = self._drops.get(name, 0) + 1
        # "421 too many mails in this connection" is no reason to rest; 421 before the first mail is.
        if self._drops[name] > DROPS * len(self._lines) or (session.sent_away and not session.mails):
            self._drops.pop(name)
            _resting.send_to_rest(session.server)

    def release(self, *, keep: bool) -> None:
        """Let all connections go; `keep`: leave them open for the next task of this process."""
        for line in self._lines:
            if line.session is None:
                continue
            session = self._forget(line)
            if session.closed:
                continue
            if line.busy or session.waiting:
                session.close()
            elif keep and session.mails < session.server.messages:
                _kept.append((session, time.monotonic()))
            else:
                session.end()
        self._selector.close()

    def _forget(self, line: Line) -> SmtpSession:
        session, line.session = line.session, None
        assert session is not None  # noqa: S101 - the callers have looked.
        for descriptor, key in list(self._selector.get_map().items()):
            if key.data is line:
                self._selector.unregister(descriptor)
        self._limits.leave(session.server.name, line.holder)
        return session


def close_kept() -> None:
    """Say goodbye on all connections that were kept for a next task."""
    while _kept:
        session, _since = _kept.pop()
        session.end()


atexit.register(close_kept)


def _take_kept(server: Server) -> SmtpSession | None:
    """A connection of an earlier task that is still good."""
    good = None
    for session, since in list(_kept):
        fresh = time.monotonic() - since < KEPT_SECONDS
        if good is None and session.server == server and fresh and session.alive():
            good = session
        elif fresh and not session.closed and (good is not None or session.server != server):
            continue
        elif not session.closed:
            session.end()
        _kept.remove((session, since))
    return good
