"""The IMAP mailbox that bounces come back to (RFC 3501).

What is in the inbox has not been dealt with. A message is moved only after what follows from it is in the database, so
a fault in between means that it is read again, and that is harmless. People find what nobody understood in a folder of
its own. Bounces hold addresses: those dealt with are deleted after a month.
"""

from __future__ import annotations

import contextlib
import datetime
import imaplib
import logging
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models.functions import Coalesce
from django.utils import timezone
from imap_tools import AND, BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted, MailMessageFlags
from imap_tools.errors import ImapToolsError

from newsletter.bounces import acting
from newsletter.bounces.parsing import LARGEST
from newsletter.models import MailboxState

if TYPE_CHECKING:
    from newsletter.bounces.acting import Outcome

logger = logging.getLogger(__name__)

DONE, UNCLEAR = "Verarbeitet", "Nicht erkannt"
KEPT = datetime.timedelta(days=30)
# A run stays well below the time limit of a task; the next one goes on.
MOST_AT_ONCE = 500
BATCH = 50
TIMEOUT = 30.0


class MailboxUnavailable(Exception):
    """The mailbox cannot be read; the message is a German sentence without secrets."""


class LoginRefused(Exception):
    """The server does not let us in."""


@dataclass(frozen=True)
class Taken:
    """One message of the mailbox and what became of it."""

    file: str
    outcome: Outcome


def read_mailbox() -> Iterator[Taken]:
    """Take in what lies in the inbox and yield one line a message; remembers how it went for the desk.

    Raises MailboxUnavailable. What was yielded before is stored all the same.
    """
    try:
        with _opened() as box:
            yield from _read(box)
            _forget_old(box)
    except MailboxUnavailable as error:
        _remember(str(error))
        raise
    except (OSError, ImapToolsError, EOFError, imaplib.IMAP4.error, LoginRefused) as error:
        problem = _describe(error)
        _remember(problem)
        # The exception may quote what the server said, and that the name of the account.
        logger.warning("the mailbox for bounces cannot be read: %s", type(error).__name__)
        raise MailboxUnavailable(problem) from error
    _remember("")


@contextlib.contextmanager
def _opened() -> Iterator[BaseMailBox]:
    url = urlsplit(settings.BOUNCE_IMAP_URL)
    folder = unquote(url.path.strip("/")) or "INBOX"
    host = url.hostname or ""
    box: BaseMailBox
    if url.scheme == "imaps":
        box = MailBox(host, url.port or 993, timeout=TIMEOUT, ssl_context=ssl.create_default_context())
    elif url.scheme == "imap+tls":
        box = MailBoxStartTls(host, url.port or 143, timeout=TIMEOUT, ssl_context=ssl.create_default_context())
    else:
        box = MailBoxUnencrypted(host, url.port or 143, timeout=TIMEOUT)
    try:
        _log_in(box, unquote(url.username or ""), unquote(url.password or ""))
        box.folder.set(folder)
        yield box
    finally:
        # A connection that is lost already cannot be said goodbye to.
        with contextlib.suppress(OSError, ImapToolsError, EOFError, imaplib.IMAP4.error):
            box.logout()


def _log_in(box: BaseMailBox, name: str, password: str) -> None:
    # LOGIN takes ASCII only.
    login = box.login if (name + password).isascii() else box.login_utf8
    try:
        login(name, password, initial_folder=None)
    except (ImapToolsError, imaplib.IMAP4.error) as error:
        if isinstance(error, imaplib.IMAP4.abort):
            raise
        raise LoginRefused from error


def _read(box: BaseMailBox) -> Iterator[Taken]:
    folder = box.folder.get() or "INBOX"
    waiting = box.uids(AND(deleted=False))[:MOST_AT_ONCE]
    targets: dict[str, str] = {}
    for start in range(0, len(waiting), BATCH):
        moves: dict[str, list[str]] = {DONE: [], UNCLEAR: []}
        for uid in waiting[start : start + BATCH]:
            content = _content(box, uid)
            if content is None:
                continue  # Somebody has taken it away in the meantime.
            outcome = acting.take_in(content)
            understood = outcome.kind != "not_a_bounce" or outcome.action not in ("ignored", "failed")
            moves[DONE if understood else UNCLEAR].append(uid)
            yield Taken(f"{folder}/{uid}", outcome)
        for name, uids in moves.items():
            if uids:
                targets[name] = targets.get(name) or _folder(box, name)
                if name == DONE:
                    box.flag(uids, MailMessageFlags.SEEN, True)
                box.move(uids, targets[name])


def _content(box: BaseMailBox, uid: str) -> bytes | None:
    """The beginning of a message: a server sends no more than is asked for."""
    status, data = box.client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LARGEST}>)")
    if status != "OK":
        return None
    return next((piece[1] for piece in data if isinstance(piece, tuple) and isinstance(piece[1], bytes)), None)


def _folder(box: BaseMailBox, name: str) -> str:
    """The name of our folder on this server, which may want everything below the inbox."""
    listed = box.folder.list()
    delimiter = listed[0].delim if listed else "."
    names = [name, f"INBOX{delimiter}{name}"]
    for known in listed:
        if known.name in names:
            return str(known.name)
    for candidate in names:
        try:
            box.folder.create(candidate)
        except ImapToolsError:
            continue
        return candidate
    raise MailboxUnavailable(f"Im Postfach für Rückläufer lässt sich der Ordner „{name}“ nicht anlegen.")


def _forget_old(box: BaseMailBox) -> None:
    known = {folder.name for folder in box.folder.list()}
    before = (timezone.now() - KEPT).date()
    for name in known & {DONE, f"INBOX.{DONE}", f"INBOX/{DONE}"}:
        box.folder.set(name)
        if old := box.uids(AND(date_lt=before)):
            box.delete(old)


def _describe(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return "Das Zertifikat des Mailservers ist nicht gültig."
    if isinstance(error, LoginRefused):
        return "Der Mailserver weist die Anmeldung am Postfach ab."
    if isinstance(error, OSError):
        return "Der Mailserver ist nicht erreichbar."
    return "Der Mailserver antwortet nicht wie erwartet."


def _remember(problem: str) -> None:
    now = timezone.now()
    if not problem:
        MailboxState.objects.update_or_create(pk=1, defaults={"read_at": now, "failing_since": None, "problem": ""})
        return
    MailboxState.objects.get_or_create(pk=1)
    MailboxState.objects.filter(pk=1).update(problem=problem, failing_since=Coalesce("failing_since", now))
