"""The words of a stream, read without asking the database for what its blocks refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail.blocks import Block, ChooserBlock

if TYPE_CHECKING:
    from wagtail.blocks import StreamValue


def stream_words(stream: StreamValue) -> list[str]:
    """The searchable content of those blocks that refer to nothing: what a search result may quote."""
    words: list[str] = []
    for raw in stream.raw_data:
        block = stream.stream_block.child_blocks.get(raw["type"])
        if block is not None and not _refers(block):
            words += block.get_searchable_content(block.to_python(raw["value"]))
    return words


def _refers(block: Block) -> bool:
    """Whether a page, image or document is chosen in the block or in one of those inside it."""
    inside = [*getattr(block, "child_blocks", {}).values(), *filter(None, [getattr(block, "child_block", None)])]
    return isinstance(block, ChooserBlock) or any(map(_refers, inside))
