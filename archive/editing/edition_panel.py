"""The documents of an edition in its form: what is there, and the way to upload more."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from wagtail.admin.panels import Panel

from archive.models import Document
from archive.placing import editions
from home.editing.policies import document_policy

SHOWN = 12


class EditionDocumentsPanel(Panel):
    """At an edition that is stored; a translation shows what the German page has."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "archive/admin/edition_documents.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk) and bool(super().is_shown())

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            edition = editions().filter(translation_key=self.instance.translation_key).first()
            documents = Document.objects.filter(edition=edition).order_by("title", "pk") if edition else []
            may_add = edition is not None and document_policy().user_has_permission(self.request.user, "add")
            upload_url = f"{reverse('wagtaildocs:add_multiple')}?edition={edition.pk}" if edition and may_add else ""
            shown = list(documents[: SHOWN + 1])
            return context | {"documents": shown[:SHOWN], "more": len(shown) > SHOWN, "upload_url": upload_url}
