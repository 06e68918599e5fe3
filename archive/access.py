"""Who may see which document: one ladder of levels, one rule for every way out."""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import DocumentQuerySet

from home.roles import Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser, AnonymousUser

    from archive.models import Document, DocumentVersion  # noqa: F401 -- named in strings below


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
    """Kept on the account as Django keeps permissions there: a request loads it anew, and asks several times."""
    if user.is_superuser:
        return Level.EDITORS
    if not hasattr(user, "_level_by_role"):
        names = user.groups.values_list("name", flat=True)
        levels = (LEVEL_OF_ROLE[name] for name in names if name in LEVEL_OF_ROLE)
        user._level_by_role = max(levels, default=Level.PUBLIC)  # type: ignore[attr-defined]
    level: Level = user._level_by_role  # type: ignore[attr-defined]
    return level


def _may_be_published() -> Q:
    """Nobody outside is named or can be recognised, or who is has agreed (`archive.consents`).

    Until an editor has said so, a photo and a document with speakers count as naming somebody.
    """
    nobody = Q(people="none") | (Q(people="", speakers="") & ~Q(kind="photo"))
    return nobody | Q(publication_agreed=True)


def _is_past_its_draft(level: Level | int) -> Q:
    """Not a protocol, or one that has come far enough: readers get what is released, the steering group agrees on it.

    Asked here and not written into `level` by the workflow: the state can only take away what the level gives, so no
    step of the workflow, and no editor who changes the level meanwhile, can show a draft. A protocol without a row
    counts as a draft.
    """
    states = ["released", "corrected"]
    if level >= Level.STEERING_GROUP:
        states.append("review")
    return Q(protocol__state__in=states) | (Q(protocol__isnull=True) & ~Q(kind="protocol"))


class DocumentQuerySetWithAccess(DocumentQuerySet["Document"]):
    """The access rule as a filter: level, protocols that are no drafts, consents, embargo, expiry, deletion."""

    def present(self) -> DocumentQuerySetWithAccess:
        """Documents that are not deleted."""
        return self.filter(deleted_at__isnull=True)

    def visible_at(self, level: Level | int) -> DocumentQuerySetWithAccess:
        """Documents that a reader of `level` may see today. Editors see embargoed and expired ones too.

        A public document that still lacks a consent to publication is read by coordinators and above only; a protocol
        that is not released by those who work on it.
        """
        return self.present().readable_at(level)

    def readable_at(self, level: Level | int) -> DocumentQuerySetWithAccess:
        """The same rule without a look at deletion: of which tombstones a reader of `level` may learn the title.

        A documentation is read by whoever may know of every document that it names.
        """
        documents = self.readable_for_itself(level)
        if level >= Level.EDITORS:
            return documents
        return documents.exclude(current_version__in=_naming_others_at(level))

    def readable_for_itself(self, level: Level | int) -> DocumentQuerySetWithAccess:
        """The rule for a document without a look at what it names."""
        documents = self.filter(level__lte=level)
        if level >= Level.EDITORS:
            return documents
        documents = documents.filter(_is_past_its_draft(level))
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


class VersionQuerySet(models.QuerySet["DocumentVersion"]):
    """Versions of documents."""

    def present(self) -> VersionQuerySet:
        """Versions that are not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def readable_by(self, user: AbstractUser | AnonymousUser) -> VersionQuerySet:
        """Versions that `user` may read, of documents that they may see.

        The drafts before the release of a protocol stay with those who have agreed on it; a documentation with those
        who may know of every document that it names.
        """
        level = level_of(user)
        if level >= Level.EDITORS:
            return self
        versions = self.naming_only_what_is_read_at(level)
        if level >= Level.STEERING_GROUP:
            return versions
        released = "document__protocol__released_version"
        return versions.filter(Q(**{f"{released}__isnull": True}) | Q(number__gte=F(f"{released}__number")))

    def naming_only_what_is_read_at(self, level: Level | int) -> VersionQuerySet:
        """Without the documentations that name a document of which a reader of `level` must not know (any more)."""
        return self.exclude(pk__in=_naming_others_at(level))


def _documents() -> DocumentQuerySetWithAccess:
    from archive.models import Document

    return Document.with_tombstones.all()


def versions_naming_others(known: DocumentQuerySetWithAccess) -> models.QuerySet[Any, Any]:
    """The keys of the versions of documentations that name a document which is not among `known`.

    By date comparison like everything here: an embargo, or a consent that is withdrawn, counts with the next request.
    """
    named = _documents().model.named_in.through._default_manager
    others = named.filter(~Exists(known.filter(pk=OuterRef("document"))), documentationbuild__version__isnull=False)
    return others.order_by().values("documentationbuild__version")


def _naming_others_at(level: Level | int) -> RawSQL:
    """`versions_naming_others` for those that a reader of `level` may know, by a text that is made once a day.

    Every view of the archive asks it, and Django took longer to make the text than the database to answer.
    """
    return RawSQL(*_text_of_naming_others(level, timezone.localdate()))  # noqa: S611 -- the text is Django's own


@lru_cache(maxsize=2 * len(Level))
def _text_of_naming_others(level: Level | int, _today: datetime.date) -> tuple[str, tuple[Any, ...]]:
    """SQL and parameters; the rule compares with the day."""
    known = _documents().readable_for_itself(level)
    text: tuple[str, tuple[Any, ...]] = versions_naming_others(known).query.sql_with_params()
    return text


class PresentDocumentManager(models.Manager.from_queryset(DocumentQuerySetWithAccess)):  # type: ignore[misc]
    """The documents that are not deleted."""

    def get_queryset(self) -> DocumentQuerySetWithAccess:
        queryset: DocumentQuerySetWithAccess = super().get_queryset()
        return queryset.present()
