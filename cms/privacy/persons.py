"""Everything about one person, found by their address: to hand it over (Art. 15, 20 GDPR), or to erase it (Art. 17).

What names somebody without their address (speakers, people on photos, texts of reports) is content of the site: nobody
can find it by an address, and an editor decides about it. Copies in backups end with the backups.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q, QuerySet
from wagtail.models import Comment, ModelLogEntry, PageLogEntry, Revision

from archive.models import AccessRecord, ArchiveVisit, Document, DocumentVersion, Notice, ProtocolComment, ShareLink
from cms.accounts.errors import Refused
from cms.accounts.review import end_sessions
from cms.models import User
from home.models import AccessRequest, BarrierReport, Invitation, OfficeMembership, Person
from newsletter.models import Mailing, Subscriber
from newsletter.subscribing import consent, proof, retention


@dataclass(frozen=True)
class Part:
    """Rows of one kind: what they are called, which, and the fields that are handed over, separated by spaces."""

    name: str
    rows: QuerySet[Any]
    fields: str


@dataclass(frozen=True)
class Step:
    """What was done (or would be) with one kind of data, and with how many rows; why, if they stay."""

    what: str
    number: int
    done: str


def export(address: str) -> dict[str, Any]:
    """Return everything that is stored about an address, ready for JSON. Secrets (passwords, keys) are left out."""
    found: dict[str, Any] = {"E-Mail-Adresse": address.strip()}
    for part in _parts(address):
        if rows := list(part.rows.values(*part.fields.split())):
            found[part.name] = rows
    if subscribers := _subscribers(address):
        found["Newsletter"] = [json.loads(proof.as_json(proof.gather(one, address=address))) for one in subscribers]
    return found


def export_text(address: str) -> str:
    """The same as JSON, indented for people."""
    return json.dumps(export(address), ensure_ascii=False, indent=2, cls=DjangoJSONEncoder) + "\n"


def forget(address: str, *, dry_run: bool = False) -> list[Step]:
    """Erase a person and return what was done; with `dry_run` nothing is changed. Raises Refused.

    All or nothing: if one app refuses, the others keep what they have.
    """
    with transaction.atomic():
        steps = [step for step in _forget(address.strip()) if step.number]
        if dry_run:
            transaction.set_rollback(True)
    return steps


def _forget(address: str) -> Iterator[Step]:
    subscribers = [one for one in _subscribers(address) if one.state != Subscriber.State.ANONYMISED]
    for subscriber in subscribers:
        retention.erase(subscriber)
    yield Step(
        "Abonnements des Newsletters",
        len(subscribers),
        "gelöscht oder anonymisiert; der Nachweis der Einwilligung bleibt als Hash bis zum Ende der Frist (§ 195 BGB)",
    )
    yield Step("Einladungen", _of_address(Invitation, address).delete()[0], "gelöscht")
    yield Step("Anfragen nach Zugang", _of_address(AccessRequest, address).delete()[0], "gelöscht")
    reports = _of_address(BarrierReport, address).update(name="", email="")
    yield Step(
        "Meldungen von Barrieren", reports, "Name und Adresse gelöscht; die Meldung selbst bleibt, bis sie erledigt ist"
    )
    for user in User.objects.filter(email__iexact=address):
        yield from _forget_account(user)
    public = _of_address(Person, address).update(email="", phone="")
    yield Step(
        "Angaben auf der Website",
        public,
        "Adresse und Telefon gelöscht; der Name ist Inhalt, bitte die Redaktion fragen",
    )


def _forget_account(user: User) -> Iterator[Step]:
    if user.is_superuser and not User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk).exists():
        raise Refused("Das ist das letzte Konto mit allen Rechten. Richten Sie zuerst ein anderes ein.")
    yield Step("Zugriffe auf interne Dokumente", AccessRecord.objects.filter(user=user).delete()[0], "gelöscht")
    content = "Inhalt und Geschichte der Website bleiben, ohne den Namen"
    about = ModelLogEntry.objects.filter(object_id=str(user.pk), content_type=ContentType.objects.get_for_model(User))
    yield Step("Protokoll über das Konto", about.delete()[0], "gelöscht")
    logged = sum(model.objects.filter(user=user).update(user=None) for model in (ModelLogEntry, PageLogEntry))
    yield Step("Protokoll der Verwaltung", logged, content)
    kept: list[tuple[str, QuerySet[Any]]] = [
        ("Hochgeladene Dateien", DocumentVersion.objects.filter(uploaded_by=user)),
        ("Anmerkungen zu Protokollen", ProtocolComment.objects.filter(author=user)),
        ("Stände von Seiten", Revision.objects.filter(user=user)),
        ("Freigegebene Mailings", Mailing.objects.filter(Q(created_by=user) | Q(written_by=user))),
    ]
    for what, rows in kept:
        yield Step(what, rows.count(), content)
    end_sessions(user)
    user.delete()
    yield Step("Konto", 1, "gelöscht, mit Rollen, Sitzungen und zweitem Faktor")


def _parts(address: str) -> Iterator[Part]:
    yield Part(
        "Einladungen", _of_address(Invitation, address), "email name office__name created_at expires_at accepted_at"
    )
    yield Part(
        "Anfragen nach Zugang",
        _of_address(AccessRequest, address),
        "name email office__name reason state created_at answer decided_at",
    )
    yield Part(
        "Meldungen von Barrieren",
        _of_address(BarrierReport, address),
        "created_at page_url message name email answered_at",
    )
    yield Part("Öffentliche Angaben", _of_address(Person, address), "name role organisation function email phone")
    for user in User.objects.filter(email__iexact=address):
        yield from _parts_of_account(user)


def _parts_of_account(user: User) -> Iterator[Part]:
    yield Part(
        "Konto",
        User.objects.filter(pk=user.pk),
        "email first_name last_name date_joined last_login is_active reviewed_on groups__name",
    )
    yield Part("Bestätigte Adressen", EmailAddress.objects.filter(user=user), "email verified primary")
    yield Part("Stellen", OfficeMembership.objects.filter(user=user), "office__name since")
    yield Part("Zweiter Faktor", Authenticator.objects.filter(user=user), "type created_at last_used_at")
    yield Part("Sitzungen", UserSession.objects.filter(user=user), "created_at last_seen_at ip user_agent")
    yield Part(
        "Zugriffe auf interne Dokumente",
        AccessRecord.objects.filter(user=user),
        "at version__document__title version__number",
    )
    yield Part("Besuch im Archiv", ArchiveVisit.objects.filter(user=user), "seen_at new_since")
    yield Part("Nachrichten aus dem Archiv", Notice.objects.filter(user=user), "kind document__title")
    yield Part(
        "Hochgeladene Dateien", DocumentVersion.objects.filter(uploaded_by=user), "document__title number uploaded_at"
    )
    yield Part("Beschriebene Dokumente", Document.with_tombstones.filter(uploaded_by_user=user), "title created_at")
    yield Part("Freigabelinks", ShareLink.objects.filter(created_by=user), "document__title created_at purpose")
    yield Part("Anmerkungen zu Protokollen", ProtocolComment.objects.filter(author=user), "text")
    yield Part("Kommentare zu Seiten", Comment.objects.filter(user=user), "page__title text created_at")
    yield Part("Stände von Seiten", Revision.objects.filter(user=user), "object_str created_at")
    yield Part("Protokoll der Verwaltung", ModelLogEntry.objects.filter(user=user), "timestamp action label")
    yield Part("Geschichte von Seiten", PageLogEntry.objects.filter(user=user), "timestamp action label")


def _of_address(model: Any, address: str) -> QuerySet[Any]:
    rows: QuerySet[Any] = model._default_manager.filter(email__iexact=address.strip())
    return rows


def _subscribers(address: str) -> list[Subscriber]:
    """By the address itself and by the keyed hash of it, which is all that is left of anonymised ones."""
    found = {one.pk: one for one in (*consent.with_address(address.strip()), *proof.find(address.strip()))}
    return [found[key] for key in sorted(found)]
