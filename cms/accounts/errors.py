"""What the administration of accounts refuses to do. The messages are German sentences for editors."""

from __future__ import annotations


class Refused(Exception):
    """Something is not allowed now; the message says why and what to do next."""


class LinkGone(Exception):
    """The link of an invitation is unknown, used, withdrawn or too old; which of these is nobody's business."""
