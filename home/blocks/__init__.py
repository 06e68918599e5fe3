"""The blocks that pages, mails, text and print share. One class a block, one template a block and medium."""

from home.blocks.streams import BodyBlock, NewsletterBlock

__all__ = ["BodyBlock", "NewsletterBlock"]
