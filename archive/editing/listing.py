"""The list of documents in the admin, with the state of each text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django.utils.functional import cached_property
from wagtail.admin.ui.tables import BaseColumn, DownloadColumn
from wagtail.documents.views.documents import DocumentsFilterSet, IndexView

from archive.models import Document, DocumentVersion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet


def _original_name(document: Document) -> str:
    return document.current_version.original_name if document.current_version else ""


class StateColumn(BaseColumn):
    """How far the reading of the current version is, why it failed, and the button that begins it again."""

    cell_template_name = "archive/admin/state_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return context | {"version": instance.current_version}


class FilterSet(DocumentsFilterSet):
    """Wagtail's filters, and one by whether the text could be read."""

    extraction = django_filters.ChoiceFilter(
        label="Text", choices=DocumentVersion.Extraction.choices, method="by_extraction"
    )

    class Meta(DocumentsFilterSet.Meta):
        pass

    def by_extraction(self, documents: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        """Documents whose current version is in this state of reading."""
        # By id: the search of the admin cannot filter by a field of another model.
        versions = DocumentVersion.objects.present().filter(extraction=value)
        return documents.filter(pk__in=Document.objects.filter(current_version__in=versions).values("pk"))


class DocumentListing(IndexView):
    """Wagtail's list with one column more."""

    filterset_class = FilterSet

    def get_base_queryset(self) -> QuerySet[Document]:
        documents: QuerySet[Document] = super().get_base_queryset()
        return documents.select_related("collection", "current_version")

    @cached_property
    def columns(self) -> list[BaseColumn]:
        columns: list[BaseColumn] = list(super().columns)
        position = [column.name for column in columns].index("filename")
        # The name under which it was uploaded: the one in the storage says nothing.
        file = DownloadColumn("filename", label="Datei", accessor=_original_name)
        return [*columns[:position], file, StateColumn("extraction", label="Text"), *columns[position + 1 :]]
