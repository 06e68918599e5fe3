"""Who wrote what is sent: whoever writes an issue does not release it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings

from newsletter.errors import SamePerson

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser
    from wagtail.models import Revision

    from newsletter.models import NewsletterIssuePage

# What a reader gets. The rest of a revision is bookkeeping, and the address.
_CONTENT = ("number", "subject", "preheader", "intro", "body", "topics")


def author_of(issue: NewsletterIssuePage) -> int | None:
    """The user who last changed what is published; None if nobody is on record.

    Publishing saves a revision too. So the author is who saved the first of the last revisions with this content, and
    not who only pressed the button.
    """
    published = issue.live_revision
    if published is None:
        return None
    author, content = published.user_id, _content(published)
    earlier = issue.revisions.filter(pk__lt=published.pk).order_by("-pk")
    for revision in earlier.iterator(chunk_size=20):
        if _content(revision) != content:
            break
        author = revision.user_id
    return author


def same_content(one: Revision, other: Revision) -> bool:
    """Whether readers would get the same of both revisions."""
    return _content(one) == _content(other)


def refuse_author(issue: NewsletterIssuePage, user: AbstractBaseUser | None) -> None:
    """Raises SamePerson if `user` wrote the issue and another person has to release it."""
    if settings.NEWSLETTER_FOUR_EYES and user is not None and author_of(issue) == user.pk:
        raise SamePerson(
            "Sie haben diese Ausgabe zuletzt geändert. Wer schreibt, gibt nicht frei: Bitte lassen Sie eine zweite "
            "Person den Versand auslösen."
        )


def _content(revision: Revision) -> dict[str, Any]:
    content = {name: revision.content.get(name) for name in _CONTENT}
    # Streams are kept as text, whose spaces say nothing.
    body = content["body"]
    return content | {"body": json.loads(body) if isinstance(body, str) and body else body}
