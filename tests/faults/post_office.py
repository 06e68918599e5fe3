"""A fast mail server that writes down every mail it accepted, and misbehaves as told (RFC 5321, RFC 2920)."""

from __future__ import annotations

import asyncio
import re
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

MESSAGE_ID = re.compile(rb"^Message-ID: *(\S+)", re.IGNORECASE | re.MULTILINE)


@dataclass
class PostOffice:
    """`accepted` counts mails by Message-ID, `addresses` by recipient, both when the server answers for them.

    `faults` says what happens to the mail for an address, once each:

    `drop-envelope` closes at RCPT, `drop-content` in the middle of the content, `drop-answer` after the content came
    in (it is accepted!), `hang` never answers the content (nor accepts it), `refuse` answers 451 to it,
    `refuse-envelope` answers 451 to RCPT, `turn-away` answers 421 to it and closes.
    """

    port: int = 0
    seconds: float = 0.0
    pipelining: bool = True
    # Longer than that no connection lives: a server that restarts, or has enough of us.
    most_mails: int = 1_000_000
    accepted: Counter[str] = field(default_factory=Counter)
    addresses: Counter[str] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)
    connections: int = 0
    most_connections: int = 0
    _loop: asyncio.AbstractEventLoop | None = None
    _server: asyncio.Server | None = None
    _open: set[asyncio.Transport] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def total(self) -> int:
        return sum(self.accepted.values())

    def start(self) -> None:
        started = threading.Event()
        self._loop = asyncio.new_event_loop()

        def run() -> None:
            assert self._loop is not None
            asyncio.set_event_loop(self._loop)
            self._loop.run_until_complete(self._listen())
            started.set()
            self._loop.run_forever()
            self._loop.close()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        assert started.wait(10)

    async def _listen(self) -> None:
        assert self._loop is not None
        self._server = await self._loop.create_server(lambda: Conversation(self), "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Refuse connections, and end those that are open."""

        async def end() -> None:
            assert self._server is not None
            self._server.close()
            for transport in list(self._open):
                transport.abort()

        self._call(end)

    def reopen(self) -> None:
        """Accept connections again, on the same port."""
        self._call(self._listen)

    def stop(self) -> None:
        self.close()
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _call(self, step: Callable) -> None:
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(step(), self._loop).result(10)


class Conversation(asyncio.Protocol):
    """One connection."""

    def __init__(self, office: PostOffice) -> None:
        self.office = office
        self.buffer = bytearray()
        self.searched = 0
        self.in_content = False
        self.busy = False
        self.recipient = ""
        self.sender = False
        self.mails = 0

    def connection_made(self, transport) -> None:
        self.transport = transport
        self.office._open.add(transport)
        self.office.connections += 1
        self.office.most_connections = max(self.office.most_connections, self.office.connections)
        self.say("220 post.example.org ESMTP")

    def connection_lost(self, _error) -> None:
        self.office._open.discard(self.transport)
        self.office.connections -= 1

    def say(self, words: str) -> None:
        self.transport.write(words.encode() + b"\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        self.go_on()

    def go_on(self) -> None:
        while not self.busy and not self.transport.is_closing():
            if self.in_content:
                if self.office.faults.get(self.recipient) == "drop-content" and len(self.buffer) > 100:
                    del self.office.faults[self.recipient]
                    self.transport.abort()
                    return
                # The content may be empty: its dot follows the line of DATA.
                end = -2 if self.buffer.startswith(b".\r\n") else self.buffer.find(b"\r\n.\r\n", self.searched)
                if end == -1:
                    self.searched = max(0, len(self.buffer) - 4)
                    return
                content = bytes(self.buffer[: max(end, 0)])
                del self.buffer[: end + 5]
                self.in_content, self.searched = False, 0
                self.take(content)
            else:
                line, found, _rest = self.buffer.partition(b"\r\n")
                if not found:
                    return
                del self.buffer[: len(line) + 2]
                self.obey(line.decode())

    def obey(self, line: str) -> None:
        verb = line[:4].upper()
        if verb == "EHLO":
            self.say(
                "250-post.example.org\r\n250-PIPELINING\r\n250 8BITMIME" if self.office.pipelining else "250 hello"
            )
        elif verb == "MAIL":
            if self.sender:
                self.say("503 5.5.1 nested MAIL")
                return
            if self.mails >= self.office.most_mails:
                self.say("421 4.7.0 too many mails in this connection")
                self.transport.close()
                return
            self.sender, self.recipient = True, ""
            self.say("250 2.1.0 sender")
        elif verb == "RCPT":
            self.name_recipient(line.partition("<")[2].partition(">")[0])
        elif verb == "DATA":
            if self.recipient:
                self.in_content = True
                self.say("354 go on")
            else:
                self.say("554 5.5.1 no valid recipients")
        elif verb == "RSET":
            self.sender, self.recipient = False, ""
            self.say("250 2.0.0 forgotten")
        elif verb == "QUIT":
            self.say("221 2.0.0 bye")
            self.transport.close()
        else:
            self.say("500 5.5.2 what?")

    def name_recipient(self, address: str) -> None:
        fault = self.office.faults.get(address)
        if fault in ("drop-envelope", "refuse-envelope", "turn-away"):
            del self.office.faults[address]
        if fault == "drop-envelope":
            self.transport.abort()
        elif fault == "refuse-envelope":
            self.say("451 4.7.1 greylisted")
        elif fault == "turn-away":
            self.say("421 4.7.0 try again later")
            self.transport.close()
        else:
            self.recipient = address
            self.say("250 2.1.5 recipient")

    def take(self, content: bytes) -> None:
        fault = self.office.faults.pop(self.recipient, "")
        self.sender = False
        if fault == "hang":
            self.busy = True
        elif fault == "refuse":
            self.say("451 4.3.0 try again later")
        elif self.office.seconds:
            self.busy = True
            assert self.office._loop is not None
            self.office._loop.call_later(self.office.seconds, self.accept, content, fault)
        else:
            self.accept(content, fault)

    def accept(self, content: bytes, fault: str) -> None:
        """Answer for a mail. One that nobody waits for any more is not accepted (RFC 5321, 4.1.1.4)."""
        waited, self.busy = self.busy, False
        if self.transport.is_closing():
            return
        found = MESSAGE_ID.search(content[:4000])
        assert found, "a mail without Message-ID"
        self.office.accepted[found[1].decode()] += 1
        self.office.addresses[self.recipient] += 1
        self.mails += 1
        if fault == "drop-answer":
            self.transport.abort()
            return
        self.say("250 2.0.0 taken")
        if waited:
            self.go_on()
