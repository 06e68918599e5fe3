"""What the archive holds: documents, their versions and pages, and the words that stand in them."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from wagtail.documents.models import AbstractDocument
from wagtail.search import index

from archive.access import DocumentQuerySetWithAccess, Level, PresentDocumentManager, VersionQuerySet
from archive.storage import archive_storage

USER = settings.AUTH_USER_MODEL


def version_path(version: DocumentVersion, filename: str) -> str:
    """The storage name of a version: it tells nothing about the content and never repeats."""
    extension = filename.rpartition(".")[2].lower()
    return f"documents/{version.document_id}/{version.number}-{uuid.uuid4().hex}.{extension}"


def leaf_image_path(leaf: DocumentLeaf, filename: str) -> str:
    """The storage name of a page image."""
    return f"leaves/{leaf.version_id}/{leaf.number}.webp"


# Fields of a document with verbs of their own: `consents`, `deletion`, `intake`.
DECIDED_ELSEWHERE = frozenset(
    {
        "publication_agreed",
        "deleted_at",
        "deleted_by",
        "deletion_reason",
        "current_version",
        "file",
        "file_size",
        "file_hash",
    }
)


class Document(AbstractDocument):
    """A document of the archive. Its file is always that of the current version (`intake.add_version`)."""

    class Kind(models.TextChoices):
        PRESENTATION = "presentation", _("Präsentation")
        PROTOCOL = "protocol", _("Protokoll")
        PROGRAMME = "programme", _("Programm")
        HANDOUT = "handout", _("Handout")
        DOCUMENTATION = "documentation", _("Dokumentation")
        PHOTO = "photo", _("Foto")
        OTHER = "other", _("Sonstiges")

    class Licence(models.TextChoices):
        ALL_RIGHTS = "all_rights", "Alle Rechte vorbehalten"
        CC_BY = "cc_by", "CC BY 4.0"
        CC_BY_SA = "cc_by_sa", "CC BY-SA 4.0"
        CC_BY_NC = "cc_by_nc", "CC BY-NC 4.0"
        CC0 = "cc0", "CC0 1.0"

    class People(models.TextChoices):
        UNKNOWN = "", "noch nicht angegeben"
        NONE = "none", "keine Externen mit Namen, niemand zu erkennen"
        NAMED = "named", "Externe mit Namen oder erkennbare Personen"

    # Overrides of Wagtail's fields: without own related names `check` fails, in its storage files would be public.
    file = models.FileField("Datei", storage=archive_storage, max_length=255)
    tags = TaggableManager(verbose_name="Schlagwörter", blank=True, related_name="archive_documents")
    uploaded_by_user = models.ForeignKey(
        USER,
        verbose_name="hochgeladen von",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="uploaded_documents",
    )

    kind = models.CharField("Art", max_length=20, choices=Kind.choices, default=Kind.OTHER)
    edition = models.ForeignKey(
        "home.EditionPage",
        verbose_name="Ausgabe",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
    )
    # Equal to `ProgrammeItem.translation_key`. No foreign key: inline children of a draft have no primary key,
    # and deleting one would take its documents along.
    programme_key = models.UUIDField("Programmpunkt", null=True, blank=True, db_index=True)
    date = models.DateField("Datum", null=True, blank=True)
    speakers = models.CharField("Mitwirkende", max_length=255, blank=True)
    organisations = models.CharField("Organisationen", max_length=255, blank=True)
    language = models.CharField("Sprache", max_length=10, default="de")
    licence = models.CharField("Lizenz", max_length=20, choices=Licence.choices, default=Licence.ALL_RIGHTS)
    topics = models.ManyToManyField("home.Topic", verbose_name="Themen", blank=True, related_name="documents")
    summary = models.TextField("Zusammenfassung", blank=True)
    level = models.PositiveSmallIntegerField("Wer darf es sehen?", choices=Level.choices, default=Level.COORDINATION)
    embargo_until = models.DateField("sichtbar ab", null=True, blank=True)
    expires_on = models.DateField("sichtbar bis (ausschließlich)", null=True, blank=True)
    people = models.CharField("Wer kommt darin vor?", max_length=10, choices=People.choices, blank=True)
    # What `archive.consents` has worked out from the consents on record; the access rule asks only for this.
    publication_agreed = models.BooleanField("Einwilligung liegt vor", default=False, editable=False)
    reads_notes = models.BooleanField(
        "Notizen und ausgeblendete Folien aufnehmen",
        default=False,
        help_text="Sonst bleiben Sprechernotizen und ausgeblendete Folien unsichtbar und werden nicht gefunden.",
    )
    current_version = models.ForeignKey(
        "archive.DocumentVersion",
        verbose_name="aktuelle Fassung",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    deleted_at = models.DateTimeField("gelöscht am", null=True, blank=True, editable=False)
    deleted_by = models.ForeignKey(
        USER,
        verbose_name="gelöscht von",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    deletion_reason = models.CharField("Grund der Löschung", max_length=255, blank=True, editable=False)

    # Deleted documents are in nobody's way: lists, choosers and reverse relations do not know them.
    objects = PresentDocumentManager()
    with_tombstones = DocumentQuerySetWithAccess.as_manager()

    admin_form_fields = (
        "title",
        "file",
        "kind",
        "edition",
        "programme_key",
        "date",
        "speakers",
        "organisations",
        "people",
        "language",
        "licence",
        "topics",
        "summary",
        "level",
        "embargo_until",
        "expires_on",
        "reads_notes",
        "collection",
        "tags",
    )
    search_fields = [
        *AbstractDocument.search_fields,
        index.SearchField("search_terms"),
        index.FilterField("level"),
        index.FilterField("deleted_at"),
    ]

    class Meta(AbstractDocument.Meta):
        verbose_name = "Dokument"
        verbose_name_plural = "Dokumente"
        permissions = [("choose_document", "Can choose document")]

    def clean(self) -> None:
        """Wagtail compares the extension only; `file_types.check_file` looks inside, on every way in."""

    def _set_document_file_metadata(self) -> None:
        """Wagtail asks for size and hash after its multiple upload; the intake has set both."""

    @property
    def url(self) -> str:
        return reverse("archive:file", args=[self.pk])

    def get_absolute_url(self) -> str:
        return reverse("archive:document", args=[self.pk])

    # What `indexing.following` has just put together, while it writes the index.
    terms_in_hand: list[str] | None = None

    def search_terms(self) -> str:
        """The words of the document as the analyser reduces them; what the search index keeps of it."""
        from archive.indexing import terms_of_document

        return " ".join(terms_of_document(self) if self.terms_in_hand is None else self.terms_in_hand)

    @property
    def is_public(self) -> bool:
        """Whether everybody may see it, today."""
        return type(self).objects.visible_at(Level.PUBLIC).filter(pk=self.pk).exists()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Stores what editors describe; a row that exists keeps what is decided elsewhere, unless that is named.

        A form holds its document while a file is uploaded and looked at. Consents, deletion and versions go on
        meanwhile, each with its own lock, and must not be written back to what they were.
        """
        if self.pk is not None and not self._state.adding and kwargs.get("update_fields") is None:
            kwargs["update_fields"] = [
                field.name
                for field in self._meta.concrete_fields
                if not field.primary_key and field.name not in DECIDED_ELSEWHERE
            ]
        super().save(*args, **kwargs)
        if self.kind == self.Kind.PROTOCOL:
            from archive.protocols.models import Protocol

            Protocol.objects.get_or_create(document=self)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Leave a tombstone: the address of a document never comes back to nothing (410 instead of 404)."""
        from archive.deletion import bury

        bury(self)
        return 1, {self._meta.label: 1}


class DocumentVersion(models.Model):
    """One file of a document. Bytes of a version never change."""

    class Extraction(models.TextChoices):
        WAITING = "waiting", "wartet"
        RUNNING = "running", "läuft"
        DONE = "done", "fertig"
        FAILED = "failed", "fehlgeschlagen"

    class Accessibility(models.TextChoices):
        """What the marks inside a PDF promise (ISO 14289-1, 7.1 and 7.2): tags, a title, a language."""

        YES = "yes", _("ja")
        NO = "no", _("nein")
        UNKNOWN = "unknown", _("ungeprüft")

    class Damage(models.TextChoices):
        CHANGED = "changed", "verändert"
        MISSING = "missing", "fehlt"

    document = models.ForeignKey(Document, verbose_name="Dokument", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("Nummer")
    file = models.FileField("Datei", storage=archive_storage, upload_to=version_path, max_length=255)
    original_name = models.CharField("Dateiname", max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    size = models.PositiveBigIntegerField("Größe in Bytes")
    media_type = models.CharField("Medientyp", max_length=100)
    page_count = models.PositiveIntegerField("Seiten", null=True, blank=True)
    uploaded_by = models.ForeignKey(
        USER, verbose_name="hochgeladen von", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField("hochgeladen am", auto_now_add=True)
    note = models.CharField("Anmerkung", max_length=255, blank=True)
    extraction = models.CharField("Textauszug", max_length=10, choices=Extraction.choices, default=Extraction.WAITING)
    # Why it failed, or a remark about what a successful reading lacks.
    extraction_error = models.CharField("Grund des Fehlschlags", max_length=255, blank=True)
    # When the state was reached, and how often a worker has begun since somebody asked (see `archive.reading_states`).
    extraction_since = models.DateTimeField("Stand seit", default=timezone.now, editable=False)
    extraction_tries = models.PositiveSmallIntegerField("Versuche", default=0, editable=False)
    # What the file says of itself, for PDF only; unknown until it was read.
    is_tagged = models.BooleanField("getaggt", null=True, editable=False)
    embedded_title = models.CharField("Titel in der Datei", max_length=255, blank=True, editable=False)
    embedded_language = models.CharField("Sprache in der Datei", max_length=35, blank=True, editable=False)
    text_recognised = models.BooleanField("Text durch Texterkennung", default=False, editable=False)
    verified_at = models.DateTimeField("zuletzt geprüft am", null=True, blank=True, editable=False)
    damage = models.CharField("Schaden", max_length=10, choices=Damage.choices, blank=True, editable=False)
    withdrawn_at = models.DateTimeField("zurückgezogen am", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        USER, verbose_name="zurückgezogen von", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    withdrawal_reason = models.CharField("Grund des Rückzugs", max_length=255, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = "Fassung"
        verbose_name_plural = "Fassungen"
        ordering = ["document", "number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="document_version_unique")]

    def __str__(self) -> str:
        return f"{self.document} (Fassung {self.number})"

    @property
    def accessibility(self) -> Accessibility:
        """Whether the file is marked up for assistive technology; unknown before it was read, and for all but PDF."""
        if self.is_tagged is None:
            return self.Accessibility.UNKNOWN
        complete = self.is_tagged and self.embedded_title and self.embedded_language
        return self.Accessibility.YES if complete else self.Accessibility.NO

    @property
    def missing_for_accessibility(self) -> list[str]:
        """What a PDF lacks of the marks behind `accessibility`, in words."""
        if self.is_tagged is None:
            return []
        marks = (
            (self.is_tagged, _("Tags für Vorleseprogramme")),
            (self.embedded_title, _("ein Titel")),
            (self.embedded_language, _("die Angabe der Sprache")),
        )
        return [str(name) for present, name in marks if not present]


class DocumentLeaf(models.Model):
    """One page or slide of a version: its text and its picture."""

    version = models.ForeignKey(
        DocumentVersion, verbose_name="Fassung", on_delete=models.CASCADE, related_name="leaves"
    )
    number = models.PositiveIntegerField("Seite")
    text = models.TextField("Text", blank=True)
    # The words of `text` as the analyser reduces them, separated by spaces: what a query is compared with.
    terms = models.TextField("Wortstämme", blank=True)
    image = models.FileField(
        "Seitenbild", storage=archive_storage, upload_to=leaf_image_path, max_length=255, blank=True
    )
    width = models.PositiveIntegerField("Breite in Pixeln", null=True, blank=True)
    height = models.PositiveIntegerField("Höhe in Pixeln", null=True, blank=True)

    class Meta:
        verbose_name = "Seite eines Dokuments"
        verbose_name_plural = "Seiten von Dokumenten"
        ordering = ["version", "number"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="document_leaf_unique")]

    def __str__(self) -> str:
        return f"{self.version}, Seite {self.number}"


class Term(models.Model):
    """A word stem of the archive's vocabulary, for the expansion of queries and for suggestions."""

    word = models.CharField("Wortstamm", max_length=100, unique=True)
    documents = models.PositiveIntegerField("Dokumente mit diesem Wort", default=0)

    class Meta:
        verbose_name = "Wort"
        verbose_name_plural = "Wortschatz"
        ordering = ["word"]

    def __str__(self) -> str:
        return self.word
