"""What the blocks of an issue refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from home.keys import key_of

if TYPE_CHECKING:
    from django.db.models import Model
    from wagtail.blocks import StreamValue


def referenced(body: StreamValue, model: type[Model]) -> set[int]:
    """Primary keys of the objects of a model, or of one derived from it, that blocks show or link."""
    return {
        key
        for child in body
        for target, named, *_rest in child.block.extract_references(child.value)
        if issubclass(target, model) and (key := key_of(named)) is not None
    }
