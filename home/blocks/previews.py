"""What the block picker shows of blocks that need existing objects: the first one that is there."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet
from wagtail import blocks
from wagtail.documents import get_document_model
from wagtail.images import get_image_model


class ExampleBlock(blocks.StructBlock):
    """A block whose preview value is made when it is looked at.

    Subclasses return it from `example()`. Where the site has nothing to show yet, they leave the field empty, and the
    preview says so.
    """

    def example(self) -> dict[str, Any]:
        """The preview value, as `normalize()` takes it: objects, not primary keys."""
        raise NotImplementedError

    def get_preview_value(self) -> Any:
        return self.normalize(self.example())


def first(model: type[Model]) -> Any:
    """The oldest object of a model, or None."""
    return model._default_manager.order_by("pk").first()


def some_images(count: int) -> list[Any]:
    """The newest images of the site, at most so many."""
    return list(get_image_model().objects.order_by("-pk")[:count])


def some_documents(count: int) -> QuerySet[Any]:
    """Documents that everybody may see: a preview tells nobody a title that is not for them."""
    return get_document_model().objects.visible_at(0).order_by("-pk")[:count]


def newest_page(block: blocks.PageChooserBlock) -> Any:
    """The newest published page in German that `block` lets editors choose, or None."""
    pages = block.target_model._default_manager.filter(live=True, locale__language_code=settings.LANGUAGE_CODE)
    return pages.order_by("-pk").first()
