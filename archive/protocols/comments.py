"""What the steering group says to a protocol while it is in Abstimmung."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from archive.errors import Refused
from archive.models import Document
from archive.protocols.models import Protocol, ProtocolComment


def comment(document: Document, text: str, *, user: Any) -> ProtocolComment:
    """Adds a comment to the current version; sent twice in a row it is there once. Raises Refused.

    The caller has decided that `user` may take part.
    """
    text = text.strip()
    if not text:
        raise Refused("Bitte schreiben Sie Ihre Anmerkung in das Feld.")
    with transaction.atomic():
        Document.with_tombstones.select_for_update().get(pk=document.pk)
        protocol = Protocol.objects.get(document=document)
        if protocol.state != Protocol.State.REVIEW:
            raise Refused("Die Abstimmung ist beendet. Bitte wenden Sie sich mit Ihrer Anmerkung an die Redaktion.")
        last = protocol.comments.order_by("-pk").first()
        if last is not None and (last.author_id, last.text) == (user.pk, text):
            return last
        return ProtocolComment.objects.create(
            protocol=protocol, version_id=document.current_version_id, author=user, text=text
        )
