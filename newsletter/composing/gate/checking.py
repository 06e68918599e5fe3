"""All checks of an issue, in the order of the editor; and the word that keeps it from being sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.composing.gate.blocks import check_blocks, check_fields
from newsletter.composing.gate.findings import Finding
from newsletter.composing.gate.mail import check_mail
from newsletter.composing.rendering import Rendered, render_with_blocks
from newsletter.errors import GateClosed, RenderingFailed

if TYPE_CHECKING:
    from newsletter.models import NewsletterIssuePage

# So many findings are named in one message; the page "Prüfen und versenden" lists them all.
NAMED = 3


def check(issue: NewsletterIssuePage, rendered: Rendered | None = None) -> list[Finding]:
    """What is wrong with the issue, saved or not: first what keeps it from being sent, then warnings.

    `rendered` is the issue as `render_with_blocks` gives it, where the caller has it already.
    """
    written = [*check_fields(issue), *check_blocks(issue)]
    named = {(finding.kind, finding.place) for finding in written if finding.place.block}
    try:
        mail = list(check_mail(issue, rendered or render_with_blocks(issue)))
    except RenderingFailed as failure:
        mail = [Finding("rendering", str(failure))]
    # What is wrong with a block is often seen again in the mail made of it.
    found = written + [finding for finding in mail if (finding.kind, finding.place) not in named]
    return sorted(dict.fromkeys(found), key=lambda finding: not finding.blocks)


def check_frozen(issue: NewsletterIssuePage, frozen: Rendered) -> list[Finding]:
    """What keeps a mail that was released earlier from being sent now: above all links whose targets are gone since."""
    return [finding for finding in check_mail(issue, frozen) if finding.blocks]


def refuse_if_closed(issue: NewsletterIssuePage, rendered: Rendered) -> None:
    """Raises GateClosed if the issue may not be sent as it is."""
    _refuse([finding for finding in check(issue, rendered) if finding.blocks])


def refuse_if_spoiled(issue: NewsletterIssuePage, frozen: Rendered) -> None:
    """Raises GateClosed if a mail that was released earlier must not be sent as it is."""
    _refuse(check_frozen(issue, frozen))


def _refuse(findings: list[Finding]) -> None:
    if not findings:
        return
    more = f" (und {len(findings) - NAMED} weitere)" if len(findings) > NAMED else ""
    named = " ".join(finding.text for finding in findings[:NAMED])
    raise GateClosed(f"Die Prüfung lässt den Versand nicht zu: {named}{more}")
