"""What the gate has to say, and where in the editor it can be put right."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Whether an issue may be sent in spite of a finding."""

    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True)
class Place:
    """Where something is: a block of the body (its id), a field of the page, or the mail as a whole (both empty)."""

    block: str = ""
    field: str = ""

    @property
    def anchor(self) -> str:
        """The fragment of the page editor that leads there; "" for the mail as a whole."""
        if self.block:
            return f"#block-{self.block}-section"
        return f"#panel-child-content-{self.field}-section" if self.field else ""


WHOLE_MAIL = Place()


@dataclass(frozen=True)
class Finding:
    """One German sentence for the editor. `kind` is a short word that tests and lists can rely on."""

    kind: str
    text: str
    place: Place = WHOLE_MAIL
    severity: Severity = Severity.BLOCK

    @property
    def blocks(self) -> bool:
        """Whether it keeps the mail from being sent."""
        return self.severity == Severity.BLOCK
