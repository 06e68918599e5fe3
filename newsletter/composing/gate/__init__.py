"""What stands between an issue and its readers: checks of the blocks and of the mail that they become."""

from newsletter.composing.gate.checking import check, refuse_if_closed
from newsletter.composing.gate.findings import Finding, Severity

__all__ = ["Finding", "Severity", "check", "refuse_if_closed"]
