"""From a stored file to pages that can be found: text, page images, vocabulary, search index."""

import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from celery.exceptions import SoftTimeLimitExceeded
from django.core.files import File
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from PIL import Image
from wagtail.search import index

from archive.extraction import TOOK_TOO_LONG, ExtractedLeaf, Extraction, ExtractionFailed, extract
from archive.file_types import extension_of
from archive.models import Document, DocumentLeaf, DocumentVersion, Term
from archive.reading_states import begin, fail, give_back, reading_of, start_over
from archive.recognition import needs_recognition, recognise
from archive.storage import StorageUnavailable, archive_storage
from home.search import analysis
from home.search.phrases import is_pair, pairs
from home.stopping import WorkerStops

logger = logging.getLogger(__name__)

# PostgreSQL refuses a search vector above 1 MB; the longest texts lose their rarest repetitions, not their pages.
MAX_INDEXED_CHARACTERS = 500_000
CHUNK = 500


class Overtaken(Exception):
    """Another reading has begun, or the version was withdrawn: the result is not wanted any more."""


def read_version(version_id: int, *, again: bool = False) -> DocumentVersion:
    """Reads text and page images of a version and makes its document findable; returns the version as stored.

    Only a version that waits is read, or with `again` any that is not being read right now. A file that cannot be read
    leaves the state `failed` with a German reason; its document stays findable by title. Raises
    DocumentVersion.DoesNotExist, and whatever else goes wrong on our side (the state is `failed` then, too).
    """
    token = begin(version_id, again=again)
    if token is not None:
        _read(DocumentVersion.objects.select_related("document").get(pk=version_id), token)
    return DocumentVersion.objects.get(pk=version_id)


def _read(version: DocumentVersion, token: datetime) -> None:
    try:
        with tempfile.TemporaryDirectory(prefix="ikoe-read-") as directory:
            extraction, is_recognised = _extract(version, Path(directory))
            _store(version, token, extraction, is_recognised)
    except Overtaken:
        logger.info("the reading of version %s was overtaken", version.pk)
    except WorkerStops:
        logger.info("version %s is read again: its worker has to end", version.pk)
        give_back(version.pk, token)
    except StorageUnavailable as error:
        logger.warning("version %s is read again later: %s", version.pk, error)
        give_back(version.pk, token)
    except ExtractionFailed as error:
        logger.info("version %s could not be read", version.pk)
        fail(version.pk, token, str(error))
    except SoftTimeLimitExceeded:
        logger.warning("version %s took longer than its task may", version.pk)
        fail(version.pk, token, TOOK_TOO_LONG)
    except FileNotFoundError:
        logger.exception("the file of version %s is missing", version.pk)
        fail(version.pk, token, "Die Datei fehlt im Speicher des Archivs. Bitte fragen Sie die Technik.")
    except BaseException:
        fail(version.pk, token, "Beim Lesen der Datei ist ein Fehler aufgetreten. Bitte versuchen Sie es noch einmal.")
        raise


def _extract(version: DocumentVersion, directory: Path) -> tuple[Extraction, bool]:
    """What was read, and whether its text comes from the recognition of scanned pages."""
    extension = extension_of(version.original_name)
    source = directory / f"file.{extension}"
    with version.file.storage.open(version.file.name or "", "rb") as stored, source.open("wb") as local:
        shutil.copyfileobj(stored, local)
    results = directory / "results"
    results.mkdir()
    extraction = extract(source, extension, results, with_notes=version.document.reads_notes)
    logger.info("version %s read, the child held at most %s MB", version.pk, extraction.peak_kilobytes // 1024)
    if extension == "pdf" and needs_recognition(extraction):
        return recognise(source, extraction, results)
    return extraction, False


def _store(version: DocumentVersion, token: datetime, extraction: Extraction, is_recognised: bool) -> None:
    """Puts the reading in the place of the last one, unless it is overtaken (see `reading_states`)."""
    storage = archive_storage()
    # Words are reduced and pictures stored before the transaction begins: SQLite lets nobody else write during it.
    leaves: list[DocumentLeaf] = []
    unused: list[str] = []
    try:
        for extracted in extraction.leaves:
            leaves.append(_leaf(version, extracted))
            unused.append(leaves[-1].image.name or "")
        with transaction.atomic():
            # Fresh rows: the version may have been withdrawn since, and the document have got another title.
            current = reading_of(version.pk, token).select_for_update().first()
            if current is None:
                raise Overtaken
            document = Document.with_tombstones.select_for_update().get(pk=version.document_id)
            old_images = list(current.leaves.exclude(image="").values_list("image", flat=True))
            with following(document):
                current.leaves.all().delete()
                DocumentLeaf.objects.bulk_create(leaves, batch_size=CHUNK)
                _describe(current, extraction, is_recognised)
        unused = old_images
    finally:
        for name in filter(None, unused):
            storage.delete(name)


def _describe(version: DocumentVersion, extraction: Extraction, is_recognised: bool) -> None:
    version.page_count = extraction.pages
    version.is_tagged = extraction.is_tagged
    version.embedded_title, version.embedded_language = extraction.title, extraction.language
    version.text_recognised = is_recognised
    version.extraction, version.extraction_error = DocumentVersion.Extraction.DONE, extraction.remark[:255]
    version.extraction_since = timezone.now()
    version.save(
        update_fields=[
            "page_count",
            "is_tagged",
            "embedded_title",
            "embedded_language",
            "text_recognised",
            "extraction",
            "extraction_error",
            "extraction_since",
        ]
    )


def _leaf(version: DocumentVersion, leaf: ExtractedLeaf) -> DocumentLeaf:
    row = DocumentLeaf(version=version, number=leaf.number, text=leaf.text)
    row.terms = terms_of_leaf(leaf.text)
    if leaf.image is not None:
        with Image.open(leaf.image) as image:
            row.width, row.height = image.size
        with leaf.image.open("rb") as data:
            row.image.save(leaf.image.name, File(data), save=False)
    return row


def forget_text(version: DocumentVersion) -> None:
    """Takes back what was read of a version, its pictures too, and lets it wait to be read anew.

    Belongs into a transaction, inside `following`.
    """
    storage = archive_storage()
    for name in version.leaves.exclude(image="").values_list("image", flat=True):
        transaction.on_commit(partial(storage.delete, name))
    version.leaves.all().delete()
    DocumentVersion.objects.filter(pk=version.pk).update(page_count=None, text_recognised=False)
    start_over(version)


def terms_of_leaf(text: str) -> str:
    """What `DocumentLeaf.terms` keeps of a text: each word once, in their order. A query is compared with that alone.

    Behind them stand the pairs of nouns that say the same as a compound (see `home.search.phrases`).
    """
    return " ".join(dict.fromkeys([*analysis.terms(text), *pairs(text)]))


def searchable_version(document: Document) -> DocumentVersion | None:
    """The newest version whose text is known: while a new file waits, the document is found by its last text.

    A version that was read once has a page count, also while it is read again.
    """
    read = document.versions.present().filter(page_count__isnull=False)
    # Nor by a documentation that names what its readers must not know of any more.
    return read.naming_only_what_is_read_at(document.level).order_by("-number").first()


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
    # Locked: a reading that ends meanwhile would be counted twice, or never counted down.
    stored = Document.with_tombstones.select_for_update().filter(pk=document.pk).first() if document.pk else None
    before = set(terms_of_document(stored)) if stored else set()
    yield
    terms = terms_of_document(document)
    after = set(terms)
    _count(sorted(term for term in after - before if not is_pair(term)), 1)
    _count(sorted(term for term in before - after if not is_pair(term)), -1)
    if document.deleted_at is not None:
        index.remove_object(document)
    elif after != before or stored is None:
        # The index asks three times for the words of all pages: for title, text and completion.
        document.terms_in_hand = terms
        try:
            index.insert_or_update_object(document)
        finally:
            document.terms_in_hand = None


def _count(words: list[str], change: int) -> None:
    for start in range(0, len(words), CHUNK):
        chunk = words[start : start + CHUNK]
        if change > 0:
            Term.objects.bulk_create([Term(word=word) for word in chunk], ignore_conflicts=True)
        Term.objects.filter(word__in=chunk).update(documents=F("documents") + change)
    if change < 0:
        Term.objects.filter(documents__lte=0).delete()
