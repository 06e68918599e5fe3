"""What stands above the form of a document in the admin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from archive.consents.consenting import why_not_public
from archive.models import Document, Protocol

register = template.Library()


@register.inclusion_tag("archive/admin/document_desk.html", takes_context=True)
def document_desk(context: Mapping[str, Any], document: Document) -> dict[str, Any]:
    """The state of the document as it is stored, and the ways to its protocol, consents and versions."""
    # A form with errors has changed the object at hand.
    stored = Document.objects.get(pk=document.pk)
    return {
        "document": stored,
        "missing": why_not_public(stored),
        "protocol": Protocol.objects.filter(document=stored).first(),
        "consents": stored.consents.filter(withdrawn_on=None).count(),
        "versions": stored.versions.count(),
        "perms": context.get("perms"),
    }
