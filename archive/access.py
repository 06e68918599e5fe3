"""Who may see which document: one ladder of levels, one rule for every way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import DocumentQuerySet

from home.roles import Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser, AnonymousUser

    from archive.models import Document  # noqa: F401 -- named in a string below


class Level(models.IntegerChoices):
    """Each level includes those below it. The gaps leave room for a level in between."""

    PUBLIC = 0, _("öffentlich")
    COORDINATION = 10, _("Koordination")
    STEERING_GROUP = 20, _("Steuerungsgruppe")
    EDITORS = 30, _("Redaktion")


LEVEL_OF_ROLE: dict[str, Level] = {
    Role.COORDINATOR: Level.COORDINATION,
    Role.STEERING_GROUP: Level.STEERING_GROUP,
    Role.EDITOR: Level.EDITORS,
    Role.CHIEF_EDITOR: Level.EDITORS,
    Role.ADMINISTRATION: Level.EDITORS,
}


def level_of(user: AbstractUser | AnonymousUser) -> Level:
    """The highest level that `user` may read; a deactivated account reads what the public reads.

    `user.level_ceiling` holds while an editor looks at the site as somebody else (`archive.viewing`).
    """
    if not user.is_authenticated or not user.is_active:
        return Level.PUBLIC
    return min(_level_by_role(user), getattr(user, "level_ceiling", Level.EDITORS))


def _level_by_role(user: AbstractUser) -> Level:
    if user.is_superuser:
        return Level.EDITORS
    names = user.groups.values_list("name", flat=True)
    return max((LEVEL_OF_ROLE[name] for name in names if name in LEVEL_OF_ROLE), default=Level.PUBLIC)


def _may_be_published() -> Q:
    """Nobody outside is named or can be recognised, or who is has agreed (`archive.consents`).

    Until an editor has said so, a photo and a document with speakers count as naming somebody.
    """
    nobody = Q(people="none") | (Q(people="", speakers="") & ~Q(kind="photo"))
    return nobody | Q(publication_agreed=True)


class DocumentQuerySetWithAccess(DocumentQuerySet["Document"]):
    """The access rule as a filter: level, embargo, expiry, deletion."""

    def present(self) -> DocumentQuerySetWithAccess:
        """Documents that are not deleted."""
        return self.filter(deleted_at__isnull=True)

    def visible_at(self, level: Level | int) -> DocumentQuerySetWithAccess:
        """Documents that a reader of `level` may see today. Editors see embargoed and expired ones too.

        A public document that still lacks a consent to publication is read by coordinators and above only.
        """
        return self.present().of_level(level)

    def of_level(self, level: Level | int) -> DocumentQuerySetWithAccess:
        """The same for deleted documents too: whose tombstones a reader may know of."""
        documents = self.filter(level__lte=level)
        if level >= Level.EDITORS:
            return documents
        if level <= Level.PUBLIC:
            documents = documents.filter(_may_be_published())
        today = timezone.localdate()
        return documents.filter(
            Q(embargo_until__isnull=True) | Q(embargo_until__lte=today),
            Q(expires_on__isnull=True) | Q(expires_on__gt=today),
        )

    def visible_to(self, user: AbstractUser | AnonymousUser) -> DocumentQuerySetWithAccess:
        """Documents that `user` may see now."""
        return self.visible_at(level_of(user))

    def with_covers(self) -> DocumentQuerySetWithAccess:
        """With the current version, and the size of the picture of its first page (None: there is no picture)."""
        first = FilteredRelation("current_version__leaves", condition=Q(current_version__leaves__number=1))
        return self.select_related("current_version").annotate(
            first_leaf=first, cover_width=F("first_leaf__width"), cover_height=F("first_leaf__height")
        )

    def delete(self) -> tuple[int, dict[str, int]]:
        """Leaves a tombstone for each document, as `Document.delete` does; Wagtail's bulk action comes this way."""
        buried = [document.delete() for document in self]
        return len(buried), {self.model._meta.label: len(buried)}

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class PresentDocumentManager(models.Manager.from_queryset(DocumentQuerySetWithAccess)):  # type: ignore[misc]
    """The documents that are not deleted."""

    def get_queryset(self) -> DocumentQuerySetWithAccess:
        queryset: DocumentQuerySetWithAccess = super().get_queryset()
        return queryset.present()
