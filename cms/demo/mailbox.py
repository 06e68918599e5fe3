"""`/postfach/`: reads the mails that the demo stored instead of delivering them. Exists only in the demo."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

SHOWN = 100
NAME = re.compile(r"[\w.-]+\.eml", re.ASCII)
# Nothing in a mail may run or be sent; its own styles and the pictures of the site may be seen.
MAIL_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


@dataclass(frozen=True)
class StoredMail:
    """One mail of the outbox. `name` is its file name."""

    name: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        """What the list shows: German words where the mail has none."""
        return str(self.message["Subject"] or "(ohne Betreff)")

    @property
    def recipient(self) -> str:
        """The address of the envelope, else the field To; "" without both."""
        return str(self.message["Delivered-To"] or self.message["To"] or "")

    @property
    def sender(self) -> str:
        """The field From with name and address, "" if there is none."""
        return str(self.message["From"] or "")

    @property
    def date(self) -> datetime | None:
        """When it was sent, by the clock of the site: mail servers write every zone there is."""
        try:
            sent = parsedate_to_datetime(str(self.message["Date"]))
        except ValueError:
            return None
        return timezone.localtime(sent) if timezone.is_aware(sent) else sent

    @property
    def text(self) -> str:
        """The part in plain text, decoded; "" if there is none."""
        return self._body("plain")

    @property
    def html(self) -> str:
        """The part in HTML, decoded; "" if there is none."""
        return self._body("html")

    def _body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return str(part.get_content()) if part else ""


def _read(path: Path) -> StoredMail:
    return StoredMail(path.name, email.message_from_bytes(path.read_bytes(), policy=email.policy.default))


def _mail(name: str) -> StoredMail:
    path = Path(settings.DEMO_OUTBOX) / name
    if not NAME.fullmatch(name) or not path.is_file():
        raise Http404
    return _read(path)


@require_safe
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """The latest mails, newest first: file names begin with the time."""
    paths = sorted(Path(settings.DEMO_OUTBOX).glob("*.eml"), reverse=True)
    return render(
        request, "demo/mailbox.html", {"mails": [_read(path) for path in paths[:SHOWN]], "number": len(paths)}
    )


@require_safe
@never_cache
def text(request: HttpRequest, name: str) -> HttpResponse:
    """One mail: its envelope and its plain text."""
    return render(request, "demo/mail.html", {"mail": _mail(name)})


@require_safe
@never_cache
@csp_replace(MAIL_POLICY)  # type: ignore[arg-type]
def html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part of a mail as a mail program would show it, without scripts or forms."""
    content = _mail(name).html
    if not content:
        raise Http404
    return HttpResponse(content)
