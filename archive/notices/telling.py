"""Who is to be told, written down: a row for each person, made in the transaction of what there is to tell.

The constraints of `Notice` keep it to one row for a person and a matter, so a second click adds only those who are new.
`archive.notices.sending` does the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils import timezone

from archive.access import LEVEL_OF_ROLE, DocumentQuerySetWithAccess
from archive.models import Document
from archive.notices.models import Notice
from home.roles import Role

if TYPE_CHECKING:
    from home.models import EditionPage

COORDINATORS = (Role.COORDINATOR, Role.STEERING_GROUP)


def coordinators_who_read(documents: DocumentQuerySetWithAccess) -> QuerySet[Any]:
    """Active accounts in the groups Koordination and Steuerungsgruppe that may see one of `documents` today."""
    roles = [role for role in COORDINATORS if documents.visible_at(LEVEL_OF_ROLE[role]).exists()]
    return get_user_model().objects.filter(is_active=True, groups__name__in=roles).distinct()


def recipients(
    kind: Notice.Kind, *, document: Document | None = None, edition: EditionPage | None = None
) -> QuerySet[Any]:
    """Who is told of `document`, or of the documents of `edition`; for PROTOCOL_REVIEW the steering group alone."""
    if document is not None:
        readers = coordinators_who_read(Document.objects.filter(pk=document.pk))
    else:
        readers = coordinators_who_read(Document.objects.filter(edition=edition))
    if kind == Notice.Kind.PROTOCOL_REVIEW:
        readers = readers.filter(groups__name=Role.STEERING_GROUP)
    return readers


def not_told_yet(
    kind: Notice.Kind, *, document: Document | None = None, edition: EditionPage | None = None
) -> QuerySet[Any]:
    """Those of `recipients` for whom there is no row."""
    told = Notice.objects.filter(kind=kind, document=document, edition=edition)
    return recipients(kind, document=document, edition=edition).exclude(pk__in=told.values("user"))


def tell(kind: Notice.Kind, *, document: Document | None = None, edition: EditionPage | None = None) -> int:
    """Writes down whom to tell of `document` or `edition`; returns for how many people the row is new.

    Exactly one of both is given. The mails go out when the transaction is over (`tasks.deliver_soon`, or the sweep).
    """
    people = not_told_yet(kind, document=document, edition=edition)
    rows = [Notice(kind=kind, user=user, document=document, edition=edition) for user in people]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def documents_for(user: Any, edition: EditionPage) -> QuerySet[Document]:
    """What a mail about `edition` names to `user`, by title."""
    return Document.objects.visible_to(user).filter(edition=edition).order_by("title", "pk")


def last_told(kind: Notice.Kind, edition: EditionPage) -> Any:
    """When people were last told of `edition`, and how many; (None, 0) if nobody was."""
    rows = Notice.objects.filter(kind=kind, edition=edition)
    newest = rows.order_by("-created_at").first()
    return (timezone.localtime(newest.created_at), rows.count()) if newest else (None, 0)
