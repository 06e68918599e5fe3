"""How documents of the archive are named in lists. The document comes from the archive; only its fields are read."""

from typing import Any

from django import template
from django.utils.translation import gettext

from home.templatetags.german import counted, file_size

register = template.Library()

LANDSCAPE = ("presentation", "photo")


@register.filter
def is_landscape(kind: str) -> bool:
    """Whether pages of this kind of document are wider than high."""
    return kind in LANDSCAPE


@register.filter
def file_format(document: Any) -> str:
    """The format as people call it: "PDF", "PPTX"."""
    version = document.current_version
    return version.original_name.rpartition(".")[2].upper() if version else ""


@register.filter
def document_facts(document: Any) -> str:
    """The line below a title: "Präsentation, PDF, 24 Folien, 1,8 MB"."""
    version = document.current_version
    pages = size = ""
    if version is not None:
        words = gettext("Folie,Folien") if document.kind == "presentation" else gettext("Seite,Seiten")
        pages = counted(version.page_count, words) if version.page_count else ""
        size = file_size(version.size)
    return ", ".join(filter(None, [document.get_kind_display(), file_format(document), pages, size]))
