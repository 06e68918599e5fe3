"""Blocks of images. Text alternative and credit come from the image; a page may describe it in its own words."""

from __future__ import annotations

from typing import Any

from django.db.models import prefetch_related_objects
from django.forms import Media
from django.utils.functional import cached_property
from wagtail import blocks
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.blocks.struct_block import StructBlockAdapter
from wagtail.images.blocks import ImageChooserBlock

from home.blocks.previews import ExampleBlock, some_images


class PictureValue(blocks.StructValue):
    """An image in its place on a page."""

    @property
    def alt(self) -> str:
        """What there is to see, in the words of this page or else of the image. Never empty: PDF/UA-1, 7.3."""
        image = self.get("image")
        return self.get("alternative") or (image.description or image.title if image else "")


class PictureBlock(blocks.StructBlock):
    """One image of a gallery."""

    image = ImageChooserBlock(label="Bild")
    caption = blocks.CharBlock(label="Bildunterschrift", required=False, max_length=255)
    alternative = blocks.CharBlock(
        label="Alternativtext an dieser Stelle",
        required=False,
        max_length=255,
        help_text="Nur ausfüllen, wenn hier etwas anderes wichtig ist als in der Beschreibung des Bildes.",
    )

    class Meta:
        icon = "image"
        label = "Bild"
        value_class = PictureValue


class ImageBlock(PictureBlock, ExampleBlock):
    """An image with caption and credit."""

    class Meta:
        group = "Bilder und Video"
        description = "Ein Bild mit Bildunterschrift und Bildnachweis."

    def example(self) -> dict[str, Any]:
        image = next(iter(some_images(1)), None)
        return {"image": image, "caption": "Blick in den Saal am ersten Tag.", "alternative": ""}


class GalleryValue(blocks.StructValue):
    """A gallery as its template sees it."""

    @property
    def existing(self) -> list[PictureValue]:
        """The pictures whose image still exists, with the renditions of all of them loaded in one query."""
        pictures = [picture for picture in self["pictures"] if picture["image"]]
        prefetch_related_objects([picture["image"] for picture in pictures], "renditions")
        return pictures


class GalleryBlock(ExampleBlock):
    """Several images side by side."""

    pictures = blocks.ListBlock(PictureBlock(), label="Bilder", min_num=2, max_num=24)

    class Meta:
        icon = "grid"
        label = "Bildergalerie"
        group = "Bilder und Video"
        description = "Mehrere Bilder nebeneinander, jedes mit Bildunterschrift und Bildnachweis."
        help_text = (
            "Mindestens zwei Bilder. Bildnachweis und Alternativtext kommen aus der Bildverwaltung; die "
            "Bildunterschrift sagt, was das Bild mit dem Text zu tun hat."
        )
        value_class = GalleryValue
        # As many rows as a gallery needs.
        default = {"pictures": [{"image": None, "caption": "", "alternative": ""}] * 2}

    def example(self) -> dict[str, Any]:
        return {"pictures": [{"image": image, "caption": "", "alternative": ""} for image in some_images(3)]}


class GalleryAdapter(StructBlockAdapter):
    """A gallery in the editor: with a button that takes several images at once."""

    js_constructor = "home.blocks.Gallery"

    @cached_property
    def media(self) -> Media:
        return super().media + Media(js=[versioned_static("js/gallery.js")])


register(GalleryAdapter(), GalleryBlock)
