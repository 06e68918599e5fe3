"""A chooser that offers only documents that everybody may see: what it holds goes to people without an account."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from wagtail import blocks
from wagtail.documents import get_document_model, get_document_model_string
from wagtail.documents.views.chooser import DocumentChooseResultsView, DocumentChooserViewSet, DocumentChooseView

from home.blocks.references import DocumentsBlock

# The lowest level of the ladder: what people without an account may see.
PUBLIC = 0
REFUSAL = (
    "Dieses Dokument ist nicht öffentlich. Im Newsletter stehen nur Dokumente, die alle sehen dürfen. Bitte wählen Sie "
    "ein anderes oder geben Sie es zuerst frei."
)


class _PublicOnly:
    """Mixin of both views of the chooser. Nothing is uploaded here: a new document is not public yet."""

    def get_object_list(self) -> QuerySet[Any]:
        documents = super().get_object_list()  # type: ignore[misc]
        return documents.filter(pk__in=get_document_model().objects.visible_at(PUBLIC).values("pk"))

    def get_creation_form_class(self) -> None:
        return None


class ChoosePublicDocument(_PublicOnly, DocumentChooseView):
    """The window of the chooser."""


class ChoosePublicDocumentResults(_PublicOnly, DocumentChooseResultsView):
    """Its list alone, after a search or a step to the next page."""


class PublicDocumentChooserViewSet(DocumentChooserViewSet):
    choose_view_class = ChoosePublicDocument
    choose_results_view_class = ChoosePublicDocumentResults
    choose_one_text = "Öffentliches Dokument auswählen"
    choose_another_text = "Anderes öffentliches Dokument auswählen"


viewset = PublicDocumentChooserViewSet(
    "public_documents_chooser", model=get_document_model_string(), url_prefix="documents/oeffentlich"
)
_ChooserBlock: type[blocks.ChooserBlock] = viewset.get_block_class(
    name="_ChooserBlock", module_path="home.blocks.public_documents"
)


class PublicDocumentChooserBlock(_ChooserBlock):
    """One public document."""

    def clean(self, value: Any) -> Any:
        document = super().clean(value)
        # A draft may wait for a document to become public.
        if document is None or self.is_deferred_validation:
            return document
        if not get_document_model().objects.visible_at(PUBLIC).filter(pk=document.pk).exists():
            raise ValidationError(REFUSAL)
        return document


class PublicDocumentsBlock(DocumentsBlock):
    """Documents of the archive that everybody may see."""

    documents = blocks.ListBlock(PublicDocumentChooserBlock(label="Dokument"), label="Dokumente", min_num=1)

    class Meta:
        description = "Öffentliche Dateien aus dem Archiv."
