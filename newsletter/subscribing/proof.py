"""Everything that is stored about one person and how their consent came about: as JSON and as a PDF for people.

The PDF is a tagged one of the engine of `home.rendering` and carries the JSON as an attachment. It is written so that a
court can read it (Art. 7 (1) GDPR: the concrete declaration of the single person), and is what the person gets who asks
for their data (Art. 15 and 20 GDPR).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.utils import timezone, translation

from archive.documentation.at_once import MEMORY_BYTES, SECONDS
from archive.documentation.layout import stylesheet
from home.identity import SiteIdentity
from home.models import Topic
from home.rendering.errors import MissingGlyph
from home.rendering.limits import write_pdf_limited
from home.rendering.resources import collect
from home.rendering.source import AttachedFile, DocumentSource, Metadata
from newsletter import tokens
from newsletter.models import ConsentRecord, Subscriber
from newsletter.subscribing import letters


@dataclass(frozen=True)
class Wording:
    """A text that was agreed to. Events name it by `version`; `valid_from` is when it was written, in ISO 8601."""

    version: int
    text: str
    sha256: str
    valid_from: str
    intact: bool  # whether the text still has the hash that was written down with it


@dataclass(frozen=True)
class Event:
    """One record of consent. `wording` is the version of the text, None if none was shown; `topics` are names."""

    event: str
    label: str
    at: str
    topics: list[str]
    source: str
    wording: int | None
    mail_sha256: str
    mail_text: str  # "" where it cannot be made again with the same hash
    address_hmac: str


@dataclass(frozen=True)
class Sent:
    """A mailing to the person, or a mail that came back: then `subject` is the status code (RFC 3463), if any."""

    subject: str
    state: str
    at: str


@dataclass(frozen=True)
class Proof:
    """What is known about one person. Times are ISO 8601 with zone, "" where there is none; topics are names."""

    organisation: str
    made_at: str
    key: str
    address: str
    address_checked: bool  # given by whoever asks, and it has the keyed hash of the records
    name: str
    state: str
    topics: list[str]
    signed_up_at: str
    confirmed_at: str
    unsubscribed_at: str
    paused_until: str
    new_address: str
    events: list[Event]
    wordings: list[Wording]
    mailings: list[Sent]
    bounces: list[Sent]


def gather(subscriber: Subscriber, *, address: str = "") -> Proof:
    """Collect the data of a person. `address` is what somebody claims to be theirs, for those who are anonymised."""
    records = list(subscriber.consents.select_related("text").order_by("pk"))
    names = dict(Topic.objects.values_list("slug", "name"))
    texts = {record.text_id: record.text for record in records if record.text is not None}
    deliveries = subscriber.deliveries.select_related("mailing").order_by("pk")
    belongs = bool(address) and any(record.address_hmac in tokens.fingerprints(address) for record in records)
    return Proof(
        organisation=SiteIdentity.load().organisation,
        made_at=_iso(timezone.now()),
        key=str(subscriber.key),
        address=subscriber.email or (address if belongs else ""),
        address_checked=belongs and subscriber.email is None,
        name=subscriber.name,
        state=subscriber.get_state_display(),
        topics=sorted(topic.name for topic in subscriber.topics.all()),
        signed_up_at=_iso(records[0].at if records else subscriber.created_at),
        confirmed_at=_iso(subscriber.confirmed_at),
        unsubscribed_at=_iso(subscriber.unsubscribed_at),
        paused_until=subscriber.paused_until.isoformat() if subscriber.paused_until else "",
        new_address=subscriber.new_email or "",
        events=[
            Event(
                event=record.event,
                label=record.get_event_display(),
                at=_iso(record.at),
                topics=[names.get(slug, slug) for slug in record.topics],
                source=record.source,
                wording=record.text.version if record.text else None,
                mail_sha256=record.mail_sha256,
                mail_text=letters.reproduced(record) if record.event == ConsentRecord.Event.MAILED else "",
                address_hmac=record.address_hmac,
            )
            for record in records
        ],
        wordings=[
            Wording(
                version=text.version,
                text=text.text,
                sha256=text.sha256,
                valid_from=_iso(text.created_at),
                intact=hashlib.sha256(text.text.encode()).hexdigest() == text.sha256,
            )
            for text in sorted(texts.values(), key=lambda text: text.version)
        ],
        mailings=[Sent(one.mailing.subject, one.get_state_display(), _iso(one.sent_at)) for one in deliveries],
        bounces=[
            Sent(one.code, one.get_kind_display(), _iso(one.received_at))
            for one in subscriber.bounces.order_by("received_at")
        ],
    )


def find(address: str) -> list[Subscriber]:
    """Everybody whose proof belongs to an address, anonymised ones too; the newest first."""
    marks = tokens.fingerprints(address)
    keys = ConsentRecord.objects.filter(address_hmac__in=marks).values("subscriber")
    return list(Subscriber.objects.filter(pk__in=keys).order_by("-pk"))


def as_json(proof: Proof) -> bytes:
    """UTF-8, indented for people."""
    return (json.dumps(asdict(proof), ensure_ascii=False, indent=2) + "\n").encode()


def as_pdf(proof: Proof) -> bytes:
    """PDF/A-3a and PDF/UA-1, with the JSON inside. Raises DocumentError."""
    try:
        return write_pdf_limited(_source(proof, proof), seconds=SECONDS, memory=MEMORY_BYTES)
    except MissingGlyph:
        # A name in another script, an emoji: the code of each such character instead of no document at all.
        return write_pdf_limited(_source(proof, _spelled(proof)), seconds=SECONDS, memory=MEMORY_BYTES)


@translation.override(settings.LANGUAGE_CODE)
def _source(proof: Proof, shown: Proof) -> DocumentSource:
    """`shown` is what stands on paper; the attachment always has the original."""
    data = as_json(proof)
    made_at = datetime.fromisoformat(proof.made_at)
    context = {
        "proof": shown,
        "events": [(event, _sentence(event)) for event in shown.events],
        "data_hash": hashlib.sha256(data).hexdigest(),
        "base_url": settings.BASE_URL,
    }
    html = get_template("newsletter/proof.html").render(context)
    style = stylesheet("documentation/single_report.css", "newsletter/proof.css")
    return DocumentSource(
        html=html,
        stylesheet=style,
        metadata=Metadata(
            title="Nachweis der Einwilligung in den Newsletter der IKOE",
            author=proof.organisation,
            language="de",
            created=made_at,
            modified=made_at,
        ),
        # Of the style alone: what people typed is never an address of a file.
        resources=collect(style),
        attachments=(AttachedFile("nachweis.json", data, "Die Angaben dieses Nachweises, maschinenlesbar"),),
    )


def _sentence(event: Event) -> str:
    """What an event means, for somebody who does not know the system."""
    sentences = {
        ConsentRecord.Event.SIGNED_UP: (
            "Das Formular der Anmeldung wurde mit dieser Adresse abgesendet. Das Kästchen der Einwilligung war nicht "
            "vorbelegt und wurde angekreuzt."
        ),
        ConsentRecord.Event.MAILED: (
            "Darauf ging eine Mail mit dem Link zum Bestätigen oder zu den Einstellungen an die Adresse. Der "
            "Mailserver hat sie angenommen."
        ),
        ConsentRecord.Event.CONFIRMED: (
            "Die Seite hinter dem Link dieser Mail wurde geöffnet und die Anmeldung dort mit einer Schaltfläche "
            "bestätigt. Das bloße Öffnen des Links genügt dafür nicht."
        ),
        ConsentRecord.Event.IMPORTED: (
            "Die Adresse wurde aus einer Liste übernommen. Die Zeit ist die der Einwilligung, wie die Liste sie nennt."
        ),
        ConsentRecord.Event.CHANGED: "Die Themen wurden in den Einstellungen geändert (Link in jeder Mail).",
        ConsentRecord.Event.ADDRESS_ASKED: "In den Einstellungen wurde eine neue Adresse angegeben.",
        ConsentRecord.Event.NOTICED: "Die bisherige Adresse bekam einen Hinweis darauf.",
        ConsentRecord.Event.ADDRESS_CHANGED: (
            "Die neue Adresse wurde mit der Schaltfläche hinter dem Link bestätigt, der an sie ging. Seitdem gilt sie."
        ),
        ConsentRecord.Event.WITHDRAWN: "Die Einwilligung wurde widerrufen. Seitdem geht kein Newsletter dorthin.",
    }
    return sentences[ConsentRecord.Event(event.event)]


def _iso(moment: datetime | None) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else ""


def _spelled(value: Any) -> Any:
    """The same with `[U+1F600]` for every character that the printed font may lack."""
    if isinstance(value, str):
        return "".join(
            character if character.isascii() or _is_printed(character) else f"[U+{ord(character):04X}]"
            for character in value
        )
    if isinstance(value, list):
        return [_spelled(one) for one in value]
    if isinstance(value, (Proof, Event, Wording, Sent)):
        return type(value)(**{name: _spelled(one) for name, one in vars(value).items()})
    return value


def _is_printed(character: str) -> bool:
    """Whether Fira Sans surely has it: Latin with its extensions, and punctuation of German texts."""
    return "\u00a0" <= character <= "\u017f" or character in "–—‘’‚“”„•…€"
