"""A test mail: exactly what readers will get, to a few addresses, and counted nowhere."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from email.message import Message
from email.utils import make_msgid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone

from newsletter.composing.rendering import SAMPLE_NAME, render_issue
from newsletter.sending.message import Recipient, prepare, site_host

if TYPE_CHECKING:
    from newsletter.models import NewsletterIssuePage

MARK = "[TEST]"
MOST_ADDRESSES = 5
# Nobody has this key and no delivery this number: links and bounces of a test mail change nothing.
NOBODY, NO_DELIVERY = uuid.UUID(int=0), 0


class ReadyMessage(Message):
    """Bytes that stay as they are, however a backend of Django asks for them (`linesep`, `policy`)."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.content = content

    def as_bytes(self, *args: Any, **kwargs: Any) -> bytes:
        return self.content


class ReadyMail(EmailMessage):
    """A mail that was built already; Django only hands it over."""

    def __init__(self, content: bytes, recipient: str) -> None:
        # A test that comes back goes to the sender and not to the mailbox for bounces.
        super().__init__(from_email=settings.DEFAULT_FROM_EMAIL, to=[recipient])
        self.content = content

    def message(self) -> Message:
        return ReadyMessage(self.content)


def send_test(draft: NewsletterIssuePage, addresses: Sequence[str]) -> None:
    """Send the draft to each of the addresses, over the connection of system mails.

    The subject is marked, the links of the reader belong to nobody, and there is neither a mailing nor a delivery.
    Raises InvalidAddress, RenderingFailed, and OSError or SMTPException if the server cannot be reached.
    """
    rendered = render_issue(draft)
    letters = prepare(
        subject=f"{MARK} {draft.subject}", html_part=rendered.html, text_part=rendered.text, date=timezone.now()
    )
    mails = []
    for address in addresses:
        recipient = Recipient(NO_DELIVERY, NOBODY, address, SAMPLE_NAME, make_msgid(domain=site_host()))
        letter = letters.letter(recipient)
        mails.append(ReadyMail(letter.content, letter.recipient))
    get_connection().send_messages(mails)
