"""The processing record (Art. 30 GDPR): what is kept about people, why, on what basis, how long, and who sees it.

The one place where that is written: `docs/datenschutz.md` is rendered from it (`manage.py processing_record --write`).
`tests/cms/test_processing_record.py` fails when a field that names people is not in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

DOCUMENT = Path(settings.BASE_DIR, "docs", "datenschutz.md")
BEGIN, END = "<!-- processing_record: begin -->", "<!-- processing_record: end -->"


@dataclass(frozen=True)
class Processing:
    """One kind of data. `fields`: "app.Model: field field", `tasks`: the names of beat tasks that keep the period."""

    title: str
    fields: tuple[str, ...]
    purpose: str
    basis: str
    kept: str
    seen_by: str
    periods: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()


TASK = "Art. 6 Abs. 1 e DSGVO (Aufgabe des Projekts), bei Beschäftigten § 26 BDSG"
INTEREST = "Art. 6 Abs. 1 f DSGVO (Sicherheit und Nachvollziehbarkeit)"
CONSENT = "Art. 6 Abs. 1 a DSGVO (Einwilligung)"
CONTENT = "Art. 6 Abs. 1 e DSGVO (Öffentlichkeitsarbeit und Dokumentation), bei Fotos und Vorträgen Einwilligung"

RECORD = (
    Processing(
        "Konten",
        ("cms.User: first_name last_name email", "account.EmailAddress: user email", "home.OfficeMembership: user",
         "wagtailusers.UserProfile: user", "mfa.Authenticator: user"),
        "Anmelden und Rechte; Passwörter nur als Hash, Schlüssel des zweiten Faktors",
        TASK,
        "bis zur Löschung durch die Verwaltung; jährliche Prüfung aller Konten",
        "die Person selbst, Verwaltung; Namen die Redaktion",
        tasks=("cms.tasks.call_for_review",),
    ),
    Processing(
        "Sitzungen",
        ("usersessions.UserSession: user ip user_agent",),
        "eigene Anmeldungen sehen und beenden",
        INTEREST,
        "bis zum Abmelden, längstens zwei Wochen",
        "die Person selbst",
        tasks=("home.tasks.clear_sessions", "cms.tasks.forget_ended_sessions"),
    ),
    Processing(
        "Zähler von Versuchen (cms.AttemptCount)",
        (),
        "Raten von Passwörtern und Codes bremsen; nur ein Hash aus Konto und Netz",
        INTEREST,
        "höchstens ein Tag, bekannte Netze eines Kontos 90 Tage",
        "niemand",
        tasks=("cms.tasks.forget_attempts",),
    ),
    Processing(
        "Zugriffsprotokoll des Webservers (deploy/nginx/log.conf)",
        (),
        "Störungen und Angriffe erkennen: Netz (IPv4 ohne das letzte Byte, IPv6 die ersten 48 Bit), Zeit, Seite ohne "
        "Suchwörter und Schlüssel, Status; das Fehlerprotokoll nennt bei schweren Störungen einer Verbindung die ganze "
        "Adresse",
        INTEREST,
        "mit Docker die letzten 100 MB je Dienst (`docker-compose.yml`), ohne Docker 14 Tage (logrotate, wie Debian es "
        "mit nginx einrichtet)",
        "wer den Rechner verwaltet",
    ),
    Processing(
        "Einladungen und Anfragen nach Zugang",
        ("home.Invitation: email name invited_by accepted_by",
         "home.AccessRequest: name email reason answer decided_by"),
        "Konten einrichten",
        TASK,
        "90 Tage nach Ablauf oder Entscheidung",
        "Redaktion, Verwaltung",
        tasks=("cms.tasks.forget_old_requests",),
    ),
    Processing(
        "Protokoll der Verwaltung",
        ("wagtailcore.ModelLogEntry: user label", "wagtailcore.PageLogEntry: user label"),
        "wer was geändert, freigegeben oder ausgegeben hat; Anmeldungen und gebremste Versuche, ohne Netzadresse",
        INTEREST,
        "Anmeldungen und danach alle Namen nach den genannten Tagen; die Geschichte der Seiten bleibt ohne Namen",
        "Redaktion zu den eigenen Seiten, Verwaltung",
        ("LOGIN_LOG_DAYS", "ADMIN_LOG_DAYS"),
        ("cms.tasks.forget_old_log_entries",),
    ),
    Processing(
        "Zugriffe auf interne Dokumente",
        ("archive.AccessRecord: user",),
        "aufklären, wie Internes nach außen kam; Konto, Fassung und Minute",
        INTEREST,
        "die genannten Tage",
        "Verwaltung",
        ("ACCESS_RECORD_DAYS",),
        ("archive.tasks.forget_accesses",),
    ),
    Processing(
        "Besuche und Nachrichten im Archiv",
        ("archive.ArchiveVisit: user", "archive.Notice: user"),
        "„Neu seit Ihrem letzten Besuch“; niemanden zweimal benachrichtigen",
        TASK,
        "bis zur Löschung des Kontos; je Person ein Zeitpunkt",
        "niemand außer der Person",
    ),
    Processing(
        "Dokumente und Protokolle",
        ("archive.Document: speakers uploaded_by_user deleted_by", "archive.DocumentVersion: uploaded_by withdrawn_by",
         "archive.ProtocolComment: author", "archive.ShareLink: created_by",
         "archive.DocumentationBuild: requested_by"),
        "Archiv der Ideenwerkstatt; wer etwas eingestellt, angemerkt oder freigegeben hat",
        CONTENT,
        "auf Dauer; gelöschte Fassungen ohne Datei",
        "je nach Stufe des Dokuments; Namen der Bearbeitung die Redaktion",
    ),
    Processing(
        "Einwilligungen zu Fotos und Vorträgen",
        ("archive.PublicationConsent: person recorded_by", "home.SiteImage: uploaded_by_user"),
        "nachweisen, was veröffentlicht werden darf",
        "Art. 7 Abs. 1 DSGVO (Nachweispflicht)",
        "solange das Bild oder Dokument besteht",
        "Redaktion",
    ),
    Processing(
        "Wer an Seiten arbeitet",
        ("wagtailcore.Page: owner locked_by", "wagtailcore.Revision: user", "wagtailcore.WorkflowState: requested_by",
         "wagtailcore.TaskState: finished_by", "wagtailcore.Comment: user resolved_by",
         "wagtailcore.CommentReply: user",
         "wagtailcore.PageSubscription: user", "wagtailcore.UploadedFile: uploaded_by_user",
         "wagtailadmin.EditingSession: user",
         "wagtailadmin.FormState: user", "home.PageReview: reviewed_by", "wagtaildocs.Document: uploaded_by_user",
         "wagtailimages.Image: uploaded_by_user"),
        "gemeinsam an Seiten arbeiten, Freigabe, ältere Stände",
        TASK,
        "alte Stände ein Jahr; sonst bis zur Löschung der Seite oder des Kontos",
        "Redaktion",
        tasks=("home.tasks.purge_old_revisions",),
    ),
    Processing(
        "Öffentlich genannte Personen und Stellen",
        ("home.Person: name email phone", "home.SteeringMember: name", "home.ProgrammeSpeaker: person",
         "home.CoordinationOffice: email phone", "home.SiteIdentity: email phone", "home.StatementPage: report_email"),
        "Ansprechpersonen, Referentinnen und Referenten, Steuerungsgruppe",
        CONTENT,
        "bis die Redaktion sie entfernt",
        "alle",
    ),
    Processing(
        "Meldungen von Barrieren",
        ("home.BarrierReport: name email answered_by",),
        "antworten (§ 12b BGG)",
        "Art. 6 Abs. 1 c DSGVO in Verbindung mit dem BGG LSA",
        "Name und Adresse die genannten Tage nach der Erledigung",
        "Redaktion",
        ("BARRIER_REPORT_KEEP_DAYS",),
        ("home.feedback.tasks.forget_reporters",),
    ),
    Processing(
        "Newsletter",
        ("newsletter.Subscriber: email name new_email", "newsletter.ConsentRecord: subscriber",
         "newsletter.Delivery: subscriber", "newsletter.Bounce: subscriber",
         "newsletter.Mailing: created_by written_by"),
        "den bestellten Newsletter senden; Nachweis der Einwilligung; Rückläufer. Keine Zählpixel",
        CONSENT,
        "unbestätigte Anmeldungen, Daten nach der Abmeldung und der Nachweis je die genannten Tage; dann bleibt ein "
        "Hash der Adresse, damit sie nicht wieder aufgenommen wird",
        "Chefredaktion, Verwaltung; die Person selbst über ihren Link",
        ("NEWSLETTER_UNCONFIRMED_DAYS", "NEWSLETTER_UNSUBSCRIBED_DAYS", "NEWSLETTER_PROOF_DAYS"),
        ("newsletter.tasks.forget_subscribers",),
    ),
)  # fmt: skip


def named_fields() -> Iterator[tuple[str, str]]:
    """Model ("app.Model") and name of every field in the record."""
    for processing in RECORD:
        for line in processing.fields:
            model, _, names = line.partition(": ")
            for name in names.split():
                yield model, name


def table() -> str:
    """The record as Markdown. The days are the defaults: an installation may set others."""
    parts = []
    for one in RECORD:
        periods = ", ".join(f"`{name}` = {getattr(settings, name)} Tage" for name in one.periods)
        tasks = ", ".join(f"`{name}`" for name in one.tasks)
        rows = {
            "Zweck": one.purpose,
            "Rechtsgrundlage": one.basis,
            "Wie lange": "; ".join(filter(None, (one.kept, periods))),
            "Wer es sieht": one.seen_by,
            "Löscht von selbst": tasks,
            "Felder": "; ".join(f"`{line}`" for line in one.fields),
        }
        lines = [f"### {one.title}", "", "| | |", "| --- | --- |"]
        lines += [f"| {name} | {text} |" for name, text in rows.items() if text]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def rendered(document: str) -> str:
    """A document with the record between its marks brought up to date."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table()}\n{END}{after}"
