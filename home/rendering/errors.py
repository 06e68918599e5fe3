"""What can go wrong while a document is made. Every message is a German sentence for the editor."""


class DocumentError(Exception):
    """A document could not be made; `str()` says why and what to do."""


class ForbiddenAddress(DocumentError):
    """The document asks for something that is neither ours nor inside it (network, file system)."""


class MissingResource(DocumentError):
    """One of our own images or files is gone or cannot be read. `address` is that of the engine for it."""

    def __init__(self, message: str, address: str = "") -> None:
        super().__init__(message)
        self.address = address


class BrokenContent(DocumentError):
    """The engine reported errors that would leave a hole in the document."""


class MissingGlyph(DocumentError):
    """The text has characters for which no bundled font has a glyph."""


class LimitExceeded(DocumentError):
    """Time, memory, size or number of pages went over the limit."""
