"""From a stored file to pages that can be found: text, page images, vocabulary, search index."""

import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files import File
from django.db import transaction
from django.db.models import F
from PIL import Image
from wagtail.search import index

from archive.extraction import ExtractedLeaf, Extraction, ExtractionFailed, extract
from archive.file_types import extension_of
from archive.models import Document, DocumentLeaf, DocumentVersion, Term
from home.search import analysis
from home.search.phrases import is_pair, pairs

logger = logging.getLogger(__name__)

# PostgreSQL refuses a search vector above 1 MB; the longest texts lose their rarest repetitions, not their pages.
MAX_INDEXED_CHARACTERS = 500_000
CHUNK = 500


def read_version(version_id: int, *, again: bool = False) -> DocumentVersion:
    """Reads text and page images of a version and makes its document findable; returns the version as stored.

    A version that is being read or is done is left alone, unless `again`. A file that cannot be read leaves the state
    `failed` with a German reason; its document stays findable by title. Raises DocumentVersion.DoesNotExist.
    """
    states = DocumentVersion.Extraction
    waiting = DocumentVersion.objects.filter(pk=version_id, withdrawn_at__isnull=True)
    if not again:
        waiting = waiting.filter(extraction__in=[states.WAITING, states.FAILED])
    if not waiting.update(extraction=states.RUNNING, extraction_error=""):
        return DocumentVersion.objects.get(pk=version_id)
    version = DocumentVersion.objects.select_related("document").get(pk=version_id)
    try:
        with tempfile.TemporaryDirectory(prefix="ikoe-read-") as directory:
            extraction = _extract(version, Path(directory))
            _store(version, extraction)
    except ExtractionFailed as error:
        logger.info("version %s could not be read", version.pk)
        _fail(version, str(error))
    except Exception:
        _fail(version, "Beim Lesen der Datei ist ein Fehler aufgetreten. Bitte versuchen Sie es später erneut.")
        raise
    return version


def _fail(version: DocumentVersion, reason: str) -> None:
    version.extraction, version.extraction_error = DocumentVersion.Extraction.FAILED, reason[:255]
    version.save(update_fields=["extraction", "extraction_error"])


def _extract(version: DocumentVersion, directory: Path) -> Extraction:
    extension = extension_of(version.original_name)
    source = directory / f"file.{extension}"
    with version.file.open("rb") as stored, source.open("wb") as local:
        shutil.copyfileobj(stored, local)
    images = directory / "images"
    images.mkdir()
    return extract(source, extension, images)


def _store(version: DocumentVersion, extraction: Extraction) -> None:
    storage = version.leaves.model._meta.get_field("image").storage
    old_images = [name for name in version.leaves.values_list("image", flat=True) if name]
    stored: list[str] = []
    try:
        with transaction.atomic(), following(version.document):
            version.leaves.all().delete()
            for leaf in extraction.leaves:
                stored.append(_store_leaf(version, leaf).image.name or "")
            version.page_count = extraction.pages
            version.extraction = DocumentVersion.Extraction.DONE
            version.save(update_fields=["page_count", "extraction"])
    except BaseException:
        _remove(storage, stored)
        raise
    _remove(storage, old_images)


def _remove(storage: object, names: list[str]) -> None:
    for name in filter(None, names):
        storage.delete(name)  # type: ignore[attr-defined]


def _store_leaf(version: DocumentVersion, leaf: ExtractedLeaf) -> DocumentLeaf:
    row = DocumentLeaf(version=version, number=leaf.number, text=leaf.text)
    row.terms = terms_of_leaf(leaf.text)
    if leaf.image is not None:
        with Image.open(leaf.image) as image:
            row.width, row.height = image.size
        with leaf.image.open("rb") as data:
            row.image.save(leaf.image.name, File(data), save=False)
    row.save(force_insert=True)
    return row


def terms_of_leaf(text: str) -> str:
    """What `DocumentLeaf.terms` keeps of a text: each word once, in their order. A query is compared with that alone.

    Behind them stand the pairs of nouns that say the same as a compound (see `home.search.phrases`).
    """
    return " ".join(dict.fromkeys([*analysis.terms(text), *pairs(text)]))


def searchable_version(document: Document) -> DocumentVersion | None:
    """The newest version whose text is known: while a new file waits, the document is found by its last text.

    A version that was read once has a page count, also while it is read again.
    """
    return document.versions.filter(page_count__isnull=False, withdrawn_at__isnull=True).order_by("-number").first()


def terms_of_document(document: Document) -> list[str]:
    """All words of a document, each once: what describes it first, then its text page by page.

    A document that is deleted, or not stored yet, has none.
    """
    if document.pk is None or document.deleted_at is not None:
        return []
    described = " ".join((document.title, document.summary, document.speakers, document.organisations))
    found = dict.fromkeys(terms_of_leaf(analysis.clean(described)).split())
    version = searchable_version(document)
    if version is not None:
        for page_terms in version.leaves.order_by("number").values_list("terms", flat=True):
            found.update(dict.fromkeys(page_terms.split()))
    kept, characters = [], 0
    for term in found:
        characters += len(term) + 1
        if characters > MAX_INDEXED_CHARACTERS:
            break
        kept.append(term)
    return kept


@contextmanager
def following(document: Document) -> Iterator[None]:
    """Keeps vocabulary and search index in step with changes made to `document` inside the block.

    Belongs into a transaction, so that what is found and what is stored never differ.
    """
    stored = Document.with_tombstones.filter(pk=document.pk).first() if document.pk else None
    before = set(terms_of_document(stored)) if stored else set()
    yield
    after = set(terms_of_document(document))
    _count(sorted(term for term in after - before if not is_pair(term)), 1)
    _count(sorted(term for term in before - after if not is_pair(term)), -1)
    if document.deleted_at is not None:
        index.remove_object(document)
    elif after != before or stored is None:
        index.insert_or_update_object(document)


def _count(words: list[str], change: int) -> None:
    for start in range(0, len(words), CHUNK):
        chunk = words[start : start + CHUNK]
        if change > 0:
            Term.objects.bulk_create([Term(word=word) for word in chunk], ignore_conflicts=True)
        Term.objects.filter(word__in=chunk).update(documents=F("documents") + change)
    if change < 0:
        Term.objects.filter(documents__lte=0).delete()
