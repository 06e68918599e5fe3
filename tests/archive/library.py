"""Documents of the archive for tests: of one text file each, or by the hundred as intake and reading leave them."""

from itertools import count

from django.core.files.base import ContentFile
from wagtail.models import Collection

from archive.access import Level
from archive.indexing import following, read_version, terms_of_leaf
from archive.intake import take_in
from archive.models import Document, DocumentLeaf, DocumentVersion, Protocol
from home.search import analysis

numbers = count(1)


def take_text(title, text, **fields):
    """Take in a text file, public unless said otherwise, and read it."""
    document = Document(title=title, **{"level": Level.PUBLIC} | fields)
    taken = take_in(ContentFile(text.encode()), "datei.txt", document=document)
    assert taken.is_new
    read_version(taken.version.pk)
    return taken.document


def store(title, *pages, name="", **fields):
    """A document with these pages and without a file, public unless said otherwise.

    Vocabulary and index follow as in production. A protocol is released, else the public would not find it.
    """
    number = next(numbers)
    topics = fields.pop("topics", ())
    document = Document(
        title=title,
        file=name or f"{number}.txt",
        collection=Collection.get_first_root_node(),
        **{"level": Level.PUBLIC, "people": Document.People.NONE} | fields,
    )
    with following(document):
        document.save()
        Protocol.objects.filter(document=document).update(state=Protocol.State.RELEASED)
        document.topics.set(topics)
        version = DocumentVersion.objects.create(
            document=document,
            number=1,
            file=document.file.name,
            original_name=document.file.name,
            sha256=f"{number:064x}",
            size=1,
            media_type="text/plain; charset=utf-8",
            page_count=len(pages),
        )
        document.current_version = version
        document.save(update_fields=["current_version"])
        for page, text in enumerate(map(analysis.clean, pages), start=1):
            DocumentLeaf.objects.create(version=version, number=page, text=text, terms=terms_of_leaf(text))
    return document
