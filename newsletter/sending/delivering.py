"""The loop that empties a mailing: claim, announce, mark, hand over, write down.

One process works on several connections at once and never waits for a single one of them. Whatever their servers
answered since the last turn is written down in one commit, together with the permission for the next contents to
leave. If the process dies, at most one mail of each connection is uncertain.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from home import stopping
from newsletter.addresses import InvalidAddress
from newsletter.models import Mailing
from newsletter.sending import claiming
from newsletter.sending.claiming import CLAIM_SIZE, Claimed, Ledger, Settled
from newsletter.sending.limits import SLOWING, Limits, limits
from newsletter.sending.lines import Line, Lines
from newsletter.sending.message import Letter, Prepared, UnsafeHeader, prepare
from newsletter.sending.session import Answer, Kind, Outcome, ServerUnavailable
from newsletter.sending.sweeping import complete_if_done

logger = logging.getLogger(__name__)

# A task stays short, so that stopping a worker never takes long.
TASK_LIMIT = timedelta(seconds=60)
# How long deliveries rest when no mail server is to be had.
SERVER_REST = timedelta(seconds=30)
# A pause or a cancellation takes effect within this time even if nothing moves.
LOOK_AROUND = 1.0
# What is due again within so many seconds is waited for; for the rest the sweep asks again.
WAIT_FOR_DUE = 10.0
UNANSWERED = "Keine Antwort nach der Übergabe ({})"


def deliver(mailing: int, *, limit: timedelta = TASK_LIMIT) -> bool:
    """Send what is due of a mailing. Returns whether there may be more to do at once.

    Ends after `limit`, when nothing is due, when no server can be reached, or when the worker is told to end; nothing
    is lost then.
    """
    found = Mailing.objects.get(pk=mailing)
    letters = prepare(
        subject=found.subject, html_part=found.html, text_part=found.text, date=found.started_at or found.created_at
    )
    return Round(mailing, letters).run(limit)


class Round:
    """One task's work on a mailing."""

    def __init__(self, mailing: int, letters: Prepared, shared: Limits | None = None) -> None:
        self.mailing = mailing
        self._letters = letters
        self._limits = shared or limits()
        self._lines = Lines(settings.MAIL_SESSIONS, self._limits)
        self._ledger = Ledger(mailing, self._untouched)
        self._queue: deque[Claimed] = deque()
        self._settled: list[Settled] = []
        self._ready: list[Line] = []
        # Nothing new is begun any more; `_rest` is how long what is given back then has to wait.
        self._stopping = False
        self._rest: timedelta | None = None
        self._claim_at = 0.0
        self._deadline = 0.0
        self._more = True
        # From when on there is room for more of a domain whose rate is limited.
        self._places: dict[str, datetime] = {}

    def run(self, limit: timedelta) -> bool:
        """Work until the time is up or there is nothing to do; returns whether there may be more at once."""
        self._deadline = time.monotonic() + limit.total_seconds()
        try:
            while True:
                if time.monotonic() > self._deadline or stopping.is_told():
                    self._stopping = True
                self._begin()
                self._record()
                if not any(line.busy for line in self._lines) and self._finished():
                    break
                self._listen()
        finally:
            self._lines.release(keep=self._more and not self._rest)
        if not self._more:
            complete_if_done(self.mailing)
        return self._more and self._rest is None

    def _finished(self) -> bool:
        """Nothing is on its way. Returns whether that is the end; else waits for what the limits allow next."""
        if self._stopping or not (self._more or self._queue):
            self._give_back(self._queue)
            return True
        now = time.monotonic()
        due = self._lines.next_at(now + LOOK_AROUND if self._queue else self._claim_at)
        time.sleep(min(max(0.0, due - now), LOOK_AROUND))
        if due > now and not self._ledger.running():
            self._stop()
        return False

    # Beginning

    def _begin(self) -> None:
        """Give every free line the next mail."""
        for line in self._lines:
            while not line.busy and (row := self._next_row(line)) is not None:
                if (letter := self._letter(row)) is None:
                    continue
                try:
                    opened = self._lines.open(line)
                except ServerUnavailable as error:
                    self._queue.appendleft(row)
                    logger.warning("mailing %s: no mail server: %s", self.mailing, error)
                    self._stop(SERVER_REST)
                    return
                if not opened:
                    self._queue.appendleft(row)
                    if not any(other.session for other in self._lines):
                        # All places at the servers are taken: others are at work.
                        self._stop(SERVER_REST)
                    return
                self._announce(line, row, letter)

    def _announce(self, line: Line, row: Claimed, letter: Letter, content: bytes | None = None) -> None:
        line.announced, line.letter = row, letter
        assert line.session is not None  # noqa: S101 - it was opened just now.
        self._answered(line, line.session.transmit(content, letter))

    def _next_row(self, line: Line) -> Claimed | None:
        """The next delivery that may be sent over the line; None if there is none now."""
        if self._stopping or line.worn_out:
            return None
        if not self._queue:
            self._refill()
        while self._queue:
            row = self._queue[0]
            until = self._limits.waits(row.recipient.domain)
            if until is not None:
                self._settled.append(claiming.given_back(self._queue.popleft(), until))
                continue
            if not self._lines.may_send(line):
                return None
            return self._queue.popleft()
        return None

    def _refill(self) -> None:
        """Claim as many deliveries as the lines take and the limits allow."""
        if not self._more or time.monotonic() < self._claim_at:
            return
        self._record_settled()
        # What is still on its way counts: all of it together is what may be uncertain after the worst.
        wanted = CLAIM_SIZE * self._lines.open_or_one - sum(line.held for line in self._lines)
        grant = self._limits.take("all", settings.MAIL_RATE, max(1, wanted))
        if not grant.tokens:
            self._claim_at = time.monotonic() + grant.wait
            return
        rows = self._ledger.take(grant.tokens, slowed=self._limits.slowed())
        if rows:
            self._queue.extend(self._within_domains(rows))
            return
        self._claim_at = time.monotonic() + self._ledger.seconds_until_due()
        self._more = self._claim_at < min(self._deadline, time.monotonic() + WAIT_FOR_DUE)

    def _within_domains(self, rows: list[Claimed]) -> list[Claimed]:
        """Give back what is more than its domain may get now, spread over the time that the rest will take."""
        kept: list[Claimed] = []
        by_domain: dict[str, list[Claimed]] = {}
        for row in rows:
            if self._limits.rate_of_domain(row.recipient.domain) > 0:
                by_domain.setdefault(row.recipient.domain, []).append(row)
            else:
                kept.append(row)
        for domain, several in by_domain.items():
            rate = self._limits.rate_of_domain(domain)
            grant = self._limits.take(f"domain:{domain}", rate, len(several))
            kept += several[: grant.tokens]
            next_place = max(timezone.now() + timedelta(seconds=grant.wait), self._places.get(domain, timezone.now()))
            for row in several[grant.tokens :]:
                self._settled.append(claiming.given_back(row, next_place))
                next_place += timedelta(seconds=1 / rate)
            self._places[domain] = next_place
        return kept

    def _letter(self, row: Claimed) -> Letter | None:
        try:
            return self._letters.letter(row.recipient)
        except (InvalidAddress, UnsafeHeader) as error:
            self._settled.append(claiming.refused(row, str(error), temporary=False))
            return None

    # Listening

    def _listen(self) -> None:
        """Wait until some server has answered, and take what they said."""
        if self._ready or self._settled:
            timeout = 0.0
        else:
            timeout = max(0.0, min(self._lines.next_at(time.monotonic() + LOOK_AROUND) - time.monotonic(), LOOK_AROUND))
        for line in self._lines.heard(timeout):
            if line.session is not None:
                self._answered(line, line.session.collect())
        for line in self._lines.overdue():
            if line.session is not None:
                self._answered(line, line.session.expire())

    def _answered(self, line: Line, answer: Answer | None) -> None:
        """Take everything that a group of commands has led to."""
        if answer is None:
            return
        if answer.content is not None and line.leaving is not None:
            row, line.leaving = line.leaving, None
            self._take_content(line, row, answer.content)
        if answer.envelope is not None and line.announced is not None:
            if answer.envelope.kind is Kind.READY:
                self._ready.append(line)
            else:
                row, line.announced = line.announced, None
                self._take_refusal(line, row, answer.envelope)
        if line.session is not None and line.session.closed:
            self._lines.lost(line)

    def _take_content(self, line: Line, row: Claimed, outcome: Outcome) -> None:
        if outcome.kind is Kind.TAKEN:
            self._settled.append(claiming.sent(row, str(outcome.reply)))
            self._limits.accepted(row.recipient.domain)
            self._lines.worked(line)
        elif outcome.kind is Kind.UNKNOWN:
            self._settled.append(claiming.uncertain(row, UNANSWERED.format(str(outcome.reply).removeprefix("0 "))))
        else:
            self._take_refusal(line, row, outcome)

    def _take_refusal(self, line: Line, row: Claimed, outcome: Outcome) -> None:
        if outcome.kind is Kind.UNTOUCHED:
            self._queue.appendleft(row)
            return
        self._settled.append(claiming.refused(row, str(outcome.reply), temporary=outcome.temporary))
        if outcome.about_us:
            self._lines.turned_away(line)
        elif outcome.reply.code in SLOWING:
            self._limits.slow(row.recipient.domain)

    # Writing down

    def _record(self) -> None:
        """One commit for all that is known; then the contents leave that may."""
        ready, self._ready = self._ready, []
        starting = [line.announced for line in ready if line.announced is not None]
        if not starting:
            self._record_settled()
            return
        settled, self._settled = self._settled, []
        allowed = self._ledger.write(settled, starting)
        denied: list[Claimed] = []
        for line in ready:
            row = line.announced
            if row is None or line.session is None:
                continue
            if row.delivery in allowed:
                self._hand_over(line, row)
            else:
                # The server waits for content: only a closed connection tells it that none will come.
                denied.append(row)
                line.announced = None
                line.session.close()
                self._lines.lost(line, ours=True)
        if denied:
            self._settled += self._ledger.reasons(denied)
            if not self._ledger.running():
                self._stop()

    def _hand_over(self, line: Line, row: Claimed) -> None:
        """Send the content, and announce the next mail in the same group."""
        assert line.session is not None and line.letter is not None  # noqa: S101
        content = line.letter.content
        line.leaving, line.announced, line.letter = row, None, None
        while (following := self._next_row(line)) is not None:
            if (letter := self._letter(following)) is not None:
                self._announce(line, following, letter, content)
                return
        self._answered(line, line.session.transmit(content, None))

    def _record_settled(self) -> None:
        if self._settled:
            settled, self._settled = self._settled, []
            self._ledger.write(settled)

    # Ending

    def _stop(self, rest: timedelta | None = None) -> None:
        self._stopping = True
        self._rest = rest or self._rest
        self._more = self._more and rest is not None  # After a pause or a cancellation there is nothing to do.
        self._give_back(self._queue)

    def _give_back(self, rows: deque[Claimed]) -> None:
        later: datetime | None = timezone.now() + self._rest if self._rest else None
        self._settled += [claiming.given_back(row, later) for row in rows]
        rows.clear()
        self._record_settled()

    def _untouched(self) -> list[Claimed]:
        """What is held and has not left: asked by the ledger after the database was away."""
        return [*self._queue, *(line.announced for line in self._lines if line.announced is not None)]
