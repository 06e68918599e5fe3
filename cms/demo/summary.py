"""What the demo leaves behind, read from database and files: for people on the terminal, for machines as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from archive.models import Document, DocumentVersion
from cms.demo.environment import Demo
from cms.demo.main_job import EDITION, Outcome
from cms.demo.progress import Progress
from home.demo import demo_page
from home.events.models import EditionPage
from home.models import NewsPage
from newsletter.models import Subscriber
from newsletter.sending import mailings


def collect(demo: Demo, outcome: Outcome) -> dict[str, Any]:
    """Return the facts of the demo as they are now."""
    figures = mailings.figures(outcome.mailing)
    outcome.mailing.refresh_from_db()
    return {
        "url": demo.url,
        "documentation_pdf": str(_documentation_file()),
        "outbox": str(demo.outbox),
        "editions": EditionPage.objects.live().filter(locale__language_code="de").count(),
        "news": NewsPage.objects.live().filter(locale__language_code="de").count(),
        "documents": Document.objects.count(),
        "subscribers": Subscriber.objects.filter(state=Subscriber.State.ACTIVE).count(),
        "mailing": {
            "id": outcome.mailing.pk,
            "state": outcome.mailing.state,
            "total": figures["total"],
            "sent": figures["sent"],
        },
    }


def _documentation_file() -> Path:
    """The file of the latest documentation of the edition that the demo documents."""
    versions = DocumentVersion.objects.present().filter(
        document__kind=Document.Kind.DOCUMENTATION,
        document__edition=demo_page(EditionPage, f"ideenwerkstatt/{EDITION}"),
        document__deleted_at__isnull=True,
    )
    version = versions.latest("uploaded_at")
    return Path(version.file.path)


def write(demo: Demo, outcome: Outcome) -> dict[str, Any]:
    """Write summary.json and return its content. Another program never sees half of it."""
    facts = collect(demo, outcome)
    partial = demo.summary.with_suffix(".new")
    partial.write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    partial.replace(demo.summary)
    return facts


def show(demo: Demo, facts: dict[str, Any], outcome: Outcome, progress: Progress) -> None:
    """Print where everything is."""
    mailing = facts["mailing"]
    progress.line(
        f"\n{facts['editions']} Ausgaben, {facts['news']} Berichte, {facts['documents']} Dokumente, "
        f"{facts['subscribers']} Abonnements; "
        f"Versand {mailing['id']}: {mailing['sent']} von {mailing['total']} gesendet"
    )
    progress.line(f"  Dokumentation  {facts['documentation_pdf']}")
    progress.line(f"  Postausgang    {facts['outbox']}")
    progress.line(f"  Übersicht      {demo.summary}")
    if demo.serve:
        progress.line(f"  Website        {demo.url}/")
        progress.line(f"  Bericht        {demo.url}{outcome.report.url}")
        progress.line(f"  Redaktion      {demo.url}/admin/")
        progress.line(f"  Postfach       {demo.url}/postfach/")
    progress.line(f"\nAnmeldung mit dem Passwort {outcome.password}")
    for role, address in outcome.users.items():
        progress.line(f"  {role:<18} {address}")
