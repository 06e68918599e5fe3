"""Keeps the search index in step with what pages show beside their own fields: programme, people, topics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models.signals import post_save
from wagtail.models import Page, ReferenceIndex
from wagtail.search import index
from wagtail.signals import page_published

from home.people import CoordinationOffice, Person, Topic

if TYPE_CHECKING:
    from django.db.models import Model


def reindex_pages_of(sender: type[Model], instance: Model, created: bool = False, raw: bool = False, **_: Any) -> None:
    """Renew the index entries of all pages that refer to the snippet, in their programme or anywhere else."""
    if created or raw:
        return
    references = ReferenceIndex.get_references_to(instance).filter(
        base_content_type__app_label="wagtailcore", base_content_type__model="page"
    )
    keys = references.values_list("object_id", flat=True).distinct()
    for page in Page.objects.filter(pk__in=[int(key) for key in keys], live=True).specific():
        index.insert_or_update_object(page)


def reindex_published(sender: type[Page], instance: Page, **_: Any) -> None:
    """Wagtail indexes a page when its row is saved: before its programme and its topics are."""
    index.insert_or_update_object(instance)


def keep_index() -> None:
    """Called once, when the app is ready."""
    page_published.connect(reindex_published, dispatch_uid="reindex_published")
    for model in (Person, CoordinationOffice, Topic):
        post_save.connect(reindex_pages_of, sender=model, dispatch_uid=f"reindex_pages_of_{model.__name__}")
