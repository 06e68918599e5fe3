"""What a document is made of, as plain values: no WeasyPrint is imported to describe a document."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version

# Bumped when the same input gives other bytes than before; it is part of every input hash.
ENGINE = 4


@dataclass(frozen=True)
class Resource:
    """Bytes of an image or another file with their media type."""

    content: bytes
    media_type: str


@dataclass(frozen=True)
class Metadata:
    """Goes into the document information and into XMP. Both dates need a time zone; seconds are kept."""

    title: str
    author: str
    language: str
    created: datetime
    modified: datetime
    description: str = ""
    keywords: tuple[str, ...] = ()
    creator: str = "IKOE"


@dataclass(frozen=True)
class AttachedFile:
    """A file inside the PDF. `relationship` is one of ISO 32000-2, 7.11.3: Source, Data, Alternative, Supplement."""

    name: str
    content: bytes
    description: str
    relationship: str = "Data"


@dataclass(frozen=True)
class DocumentSource:
    """Everything a PDF is made of: complete HTML, CSS, its resources by address, metadata, attachments."""

    html: str
    stylesheet: str
    metadata: Metadata
    resources: Mapping[str, Resource] = field(default_factory=dict)
    attachments: tuple[AttachedFile, ...] = ()

    @property
    def input_hash(self) -> str:
        """SHA-256 in hex over the whole input and the version of the engine: equal hash, equal bytes."""
        digest = hashlib.sha256(f"{version('weasyprint')}/{ENGINE}".encode())
        description = {
            "html": self.html,
            "stylesheet": self.stylesheet,
            "metadata": {key: str(value) for key, value in vars(self.metadata).items()},
            "resources": {name: hashlib.sha256(r.content).hexdigest() for name, r in self.resources.items()},
            "attachments": [
                [
                    a.name,
                    a.description,
                    a.relationship,
                    hashlib.sha256(a.content).hexdigest(),
                ]
                for a in self.attachments
            ],
        }
        digest.update(json.dumps(description, sort_keys=True, ensure_ascii=False).encode())
        return digest.hexdigest()
