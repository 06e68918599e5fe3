"""Making, finding and revoking links that let anybody read one document for some days.

A token has 256 random bits; only its SHA-256 is kept, so nobody can read links out of a stolen database. A link is a
decision of its own: it opens a document whatever its level, and dies with it.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from archive.access import DocumentQuerySetWithAccess, versions_naming_others
from archive.errors import Refused
from archive.models import Document, DocumentVersion, PublicationConsent, ShareLink

logger = logging.getLogger(__name__)

TOKEN_BYTES = 32
USUAL_DAYS, MOST_DAYS = 7, 30


class LinkGone(Exception):
    """There is no such link, or it is not good any more. Why is nobody's business who only has the link."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What a link leads to now."""

    link: ShareLink
    document: Document
    version: DocumentVersion


def create(
    document: Document, *, by: Any, days: int = USUAL_DAYS, version: DocumentVersion | None = None, purpose: str = ""
) -> tuple[ShareLink, str]:
    """Makes a link to one `version`, or without it to whatever is current; returns it and its token.

    The token is known only now. Raises Refused for a term outside of 1 to MOST_DAYS days, for a version that is
    withdrawn or belongs to another document, and where a link would lead nowhere.
    """
    if not 1 <= days <= MOST_DAYS:
        raise Refused(f"Ein Freigabelink gilt mindestens einen und höchstens {MOST_DAYS} Tage.")
    if version is not None and (version.document_id != document.pk or version.withdrawn_at is not None):
        raise Refused("Diese Fassung gibt es nicht mehr. Bitte wählen Sie eine andere.")
    if version is not None and version in DocumentVersion.objects.filter(pk__in=_naming_unshareable()):
        raise Refused(
            "Diese Fassung nennt ein Dokument, das nicht freigegeben werden darf. Bitte wählen Sie eine andere."
        )
    if not _shareable().filter(pk=document.pk).exists():
        raise Refused(
            "Dieses Dokument lässt sich nicht freigeben: Es ist gelöscht, seine Zeit ist abgelaufen, eine Einwilligung "
            "ist widerrufen oder gilt nur intern, oder es nennt ein Dokument, für das eines davon gilt."
        )
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = ShareLink.objects.create(
        document=document,
        version=version,
        purpose=purpose.strip(),
        token_hash=_hash(token),
        created_by=by,
        expires_at=timezone.now() + timedelta(days=days),
    )
    logger.info("share link %s made for document %s", link.pk, document.pk)
    return link, token


def find(token: str) -> Shared:
    """What the link with this token leads to. Raises LinkGone.

    A link ends with its term, when it is revoked, with its version (withdrawn) and with its document: deleted, past its
    own last day, or when somebody in it has withdrawn their consent.
    """
    link = good_links().filter(token_hash=_hash(token)).select_related("version", "document__current_version").first()
    version = (link.version or link.document.current_version) if link else None
    if link is None or version is None or version.withdrawn_at is not None:
        raise LinkGone
    return Shared(link, link.document, version)


def revoke(link: ShareLink) -> bool:
    """Ends a link at once; False if it was revoked before."""
    revoked = ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())
    if revoked:
        logger.info("share link %s revoked", link.pk)
    return bool(revoked)


def count_use(link: ShareLink) -> None:
    """One more download by this link. Nothing is kept of who it was."""
    ShareLink.objects.filter(pk=link.pk).update(uses=F("uses") + 1)


def good_links() -> QuerySet[ShareLink]:
    """Links that lead somewhere now, as far as their documents are concerned."""
    links = ShareLink.objects.filter(revoked_at=None, expires_at__gt=timezone.now(), document__in=_shareable())
    return links.exclude(version__in=_naming_unshareable())


def _shareable() -> QuerySet[Document]:
    documents: QuerySet[Document] = _not_taken_back(Document.objects.all())
    return documents.exclude(current_version__in=_naming_unshareable())


def _naming_unshareable() -> QuerySet[Any, Any]:
    """Versions of documentations that name what nobody may pass on any more. Of a deleted document only the title is
    left, and that may be told to whoever could read it."""
    return versions_naming_others(_not_taken_back(Document.with_tombstones.all()))


def _not_taken_back(documents: DocumentQuerySetWithAccess) -> DocumentQuerySetWithAccess:
    """Not past their own last day, and nobody on record has said no to readers outside.

    Whoever gets a link has no account. Somebody who agreed to internal use only has not agreed to that, no more than
    somebody who has withdrawn; where nobody was asked, the editor decides, as the level of a document is decided.
    """
    said_no = PublicationConsent.objects.filter(
        Q(withdrawn_on__isnull=False) | Q(scope=PublicationConsent.Scope.INTERNAL), document=OuterRef("pk")
    )
    return documents.filter(
        Q(expires_on=None) | Q(expires_on__gt=timezone.localdate()), Q(publication_agreed=True) | ~Exists(said_no)
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
