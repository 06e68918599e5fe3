"""What stands between an issue and its readers: checks of the blocks and of the mail that they become."""

from newsletter.composing.gate.checking import check, check_frozen, refuse_if_closed, refuse_if_spoiled
from newsletter.composing.gate.findings import Finding, Severity

__all__ = ["Finding", "Severity", "check", "check_frozen", "refuse_if_closed", "refuse_if_spoiled"]
