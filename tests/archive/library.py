"""Documents as intake and reading leave them, without files: for tests of what is found, by the hundred."""

from itertools import count

from wagtail.models import Collection

from archive.access import Level
from archive.indexing import following, terms_of_leaf
from archive.models import Document, DocumentLeaf, DocumentVersion, Protocol
from home.search import analysis

numbers = count(1)


def store(title, *pages, name="", **fields):
    """A document with these pages, public unless said otherwise; vocabulary and index follow as in production.

    A protocol is released, else the public would not find it.
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
