"""The form behind every way in which Wagtail's admin takes or edits a document."""

import logging
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.html import format_html
from wagtail.documents.fields import WagtailDocumentField
from wagtail.documents.forms import BaseDocumentForm
from wagtail.search import index

from archive.deletion import with_text
from archive.errors import Refused
from archive.file_types import FileRefused
from archive.indexing import following, forget_text
from archive.intake import add_version, checked, find_duplicate, take_in, title_from
from archive.languages import language_choices
from archive.models import Document
from archive.opening import noting_if_opened
from archive.placing import EditionField, ProgrammeItemField, edition_of
from archive.protocols import workflow
from archive.protocols.freezing import FROZEN, is_frozen
from archive.reading_states import start_over
from archive.tasks import queue_extraction

logger = logging.getLogger(__name__)

FIRST_FIELDS = ("title", "kind", "edition", "programme_key", "date", "speakers", "people", "level")
NO_ROOM = "Die Datei ließ sich nicht ablegen. Bitte versuchen Sie es noch einmal oder fragen Sie die Technik."


class NotStored(Exception):
    """A form that was valid could not be stored after all: somebody was faster, or the file is refused now.

    `error` is a German validation error, `field` the name of the field to which it belongs.
    """

    def __init__(self, field: str, error: forms.ValidationError) -> None:
        super().__init__(*error.messages)
        self.field, self.error = field, error

    def add_to(self, form: forms.BaseForm) -> None:
        """Shows the error in the form, as if it had never been valid."""
        form.add_error(self.field if self.field in form.fields else None, self.error)


class DocumentForm(BaseDocumentForm):
    """Uploads go through the intake; an existing document keeps its file and may get a new version.

    Only the file is required at upload: many files are dropped at once and described afterwards.
    """

    instance: Document

    edition = EditionField(label="Ausgabe", required=False)
    programme_key = ProgrammeItemField(
        label="Programmpunkt",
        required=False,
        help_text="Dann steht das Dokument auf der Seite der Ausgabe bei diesem Programmpunkt.",
    )
    language = forms.ChoiceField(label="Sprache", choices=language_choices)
    new_file = WagtailDocumentField(
        label="Neue Fassung hochladen",
        required=False,
        help_text="Die bisherige Datei bleibt als ältere Fassung erhalten.",
    )
    version_note = forms.CharField(label="Was ist neu an dieser Fassung?", required=False, max_length=255)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user = kwargs.get("user")
        super().__init__(*args, **kwargs)
        self.is_upload = self.instance.pk is None
        if "language" in self.fields:
            self.fields["language"].choices = language_choices(self.instance.language)
        # The short form that follows a multiple upload has no file field at all, so none for a new version either.
        if self.is_upload or "file" not in self._meta.fields:
            del self.fields["new_file"], self.fields["version_note"]
        if self.is_upload:
            for name, field in self.fields.items():
                field.required = field.required and name in ("file", "collection")
        else:
            self.fields.pop("file", None)

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """What nearly every document needs to have said about it."""
        return [self[name] for name in FIRST_FIELDS if name in self.fields]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """The rest, which may wait."""
        return [field for field in self if field.name not in FIRST_FIELDS]

    @property
    def more_is_wrong(self) -> bool:
        """Whether an error stands in the part that is folded away."""
        return any(field.errors for field in self.more_fields)

    def clean_title(self) -> str:
        """The name of the file made readable, unless somebody has written a title."""
        title: str = self.cleaned_data.get("title", "").strip()
        upload = self.files.get(self.add_prefix("file"))
        # Wagtail proposes the bare file name as title, or what stands before its dot.
        proposed = ("", upload.name, upload.name.rpartition(".")[0]) if upload else ()
        return title_from(upload.name) if title in proposed else title

    def clean(self) -> dict[str, Any]:
        """A part of a programme brings its edition along, and cannot be one of another edition."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        key = cleaned.get("programme_key")
        if key and "edition" in cleaned:
            edition = edition_of(key)
            if cleaned["edition"] is None:
                cleaned["edition"] = edition
            elif cleaned["edition"] != edition:
                self.add_error(
                    "programme_key",
                    "Dieser Programmpunkt gehört zu einer anderen Ausgabe. "
                    "Bitte wählen Sie einen Punkt der Ausgabe, die darüber steht.",
                )
        return cleaned

    def clean_file(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["file"]
        check_upload(upload)
        return upload

    def clean_new_file(self) -> UploadedFile | None:
        upload: UploadedFile | None = self.cleaned_data.get("new_file")
        if upload and is_frozen(self.instance):
            raise forms.ValidationError(FROZEN, code="frozen")
        if upload:
            check_upload(upload)
        return upload

    def clean_people(self) -> str:
        """Whoever has agreed, or has withdrawn that, comes into it."""
        people: str = self.cleaned_data["people"]
        if self.instance.pk and people != Document.People.NAMED and self.instance.consents.exists():
            raise forms.ValidationError(
                "Zu diesem Dokument sind Einwilligungen vermerkt. Es bleibt bei „Externe mit Namen oder erkennbare "
                "Personen“.",
                code="consents",
            )
        return people

    def clean_kind(self) -> str:
        """What is on its way as a protocol stays one; a slip of the mouse can be taken back."""
        kind: str = self.cleaned_data["kind"]
        if self.instance.pk and kind != Document.Kind.PROTOCOL:
            try:
                workflow.refuse_to_give_up(self.instance)
            except Refused as refusal:
                raise forms.ValidationError(str(refusal), code="protocol") from None
        return kind

    def save(self, commit: bool = True) -> Document:
        """Stores document and file, also with `commit=False`: Wagtail's multiple upload asks for it.

        Raises NotStored for what has changed since the form was checked: the same file came in, the check for viruses
        is away, a protocol was released, the store takes nothing. Nothing is stored then.
        """
        field = "file" if self.is_upload else "new_file"
        try:
            return self._save_upload() if self.is_upload else self._save_changes()
        except FileRefused as error:
            raise NotStored(field, forms.ValidationError(str(error), code="refused")) from error
        except Refused as error:
            raise NotStored("kind", forms.ValidationError(str(error), code="protocol")) from error
        except OSError as error:
            logger.exception("an uploaded file could not be stored")
            raise NotStored(field, forms.ValidationError(NO_ROOM, code="store")) from error

    def _save_upload(self) -> Document:
        upload = self.cleaned_data["file"]
        self.instance.file = ""
        if len(self.collections) == 1:
            self.instance.collection = self.collections[0]
        with transaction.atomic():
            taken = take_in(upload, upload.name, document=self.instance, user=self.user)
            if not taken.is_new:
                # Somebody else was faster, after this form was checked.
                raise NotStored("file", already_there(taken.document))
            self._save_m2m()
            queue_extraction(taken.version)
        self.save_m2m = lambda: None
        return taken.document

    def _save_changes(self) -> Document:
        upload = self.cleaned_data.get("new_file")
        with transaction.atomic():
            # Deleted by somebody else while this form was filled in: there is nothing left to describe.
            get_object_or_404(Document.objects.select_for_update(), pk=self.instance.pk)
            with noting_if_opened(self.instance, self.user):
                document = self._save_description(upload)
        index.insert_or_update_object(document)
        return document

    def _save_description(self, upload: UploadedFile | None) -> Document:
        with following(self.instance):
            document: Document = super().save(commit=True)
            if document.kind != Document.Kind.PROTOCOL:
                workflow.give_up(document)
            if "reads_notes" in self.changed_data:
                self._read_anew(document)
            if upload:
                note = self.cleaned_data.get("version_note", "")
                queue_extraction(add_version(document, upload, upload.name or "", user=self.user, note=note))
        return document

    def _read_anew(self, document: Document) -> None:
        """Notes that nobody may read any more go at once, with the text around them; new ones come with a reading."""
        for version in with_text(document):
            if document.reads_notes:
                start_over(version)
            else:
                forget_text(version)
            queue_extraction(version)


def check_upload(upload: UploadedFile) -> None:
    """Raises ValidationError for a file that the archive does not take, or has already."""
    try:
        with checked(upload, upload.name or "") as offered:
            known = find_duplicate(offered.sha256)
    except FileRefused as error:
        raise forms.ValidationError(str(error), code="refused") from None
    if known is not None:
        raise already_there(known.document)


def already_there(document: Document) -> forms.ValidationError:
    """The error for a file that the archive has, with a link to the document that has it."""
    link = format_html(
        '<span>Diese Datei liegt schon im Archiv: <a href="{}" target="_blank">„{}“</a>.</span>',
        document.get_absolute_url(),
        document.title,
    )
    return forms.ValidationError(link, code="duplicate")
