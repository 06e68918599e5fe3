"""All models of the app, where Django looks for them. They live beside what they belong to."""

from archive.consents.models import PublicationConsent
from archive.documentation.models import DocumentationBuild
from archive.holdings import Document, DocumentLeaf, DocumentVersion, Term, leaf_image_path, version_path
from archive.notices.models import Notice
from archive.protocols.models import Protocol, ProtocolComment, Resolution
from archive.sharing.models import ShareLink
from archive.usage.models import AccessRecord, ArchiveVisit, DownloadCount

__all__ = [
    "AccessRecord",
    "ArchiveVisit",
    "Document",
    "DocumentLeaf",
    "DocumentVersion",
    "DocumentationBuild",
    "DownloadCount",
    "Notice",
    "Protocol",
    "ProtocolComment",
    "PublicationConsent",
    "Resolution",
    "ShareLink",
    "Term",
    # Named in the first migration.
    "leaf_image_path",
    "version_path",
]
