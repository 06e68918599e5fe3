"""What the name system (DNS) says about the domain that our mails come from, and what to do about it.

Receiving servers ask the same: SPF (RFC 7208) of the envelope's domain, DKIM (RFC 6376), DMARC (RFC 7489), and the name
behind the address of the sending server (PTR). Nothing here keeps a mailing from being sent.
"""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from enum import StrEnum
from typing import Any

import dns.exception
import dns.rdatatype
import dns.resolver
import dns.reversename
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.conf import settings
from django.utils import timezone

from newsletter.addresses import domain as domain_of

# Seconds for one question, and for all servers that are asked it.
TIMEOUT, LIFETIME = 1.5, 3.0
# RFC 7208, 4.6.4: more terms that need a question of their own make the record worthless.
MOST_SPF_QUESTIONS = 10
LEAST_KEY_BITS = 2048


class State(StrEnum):
    """How a check ended."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Result:
    """One check: its name, what was found and what to do, both German sentences."""

    name: str
    state: State
    found: str
    advice: str = ""


@dataclass(frozen=True)
class SenderReport:
    """All checks of one moment."""

    domain: str
    at: datetime
    results: tuple[Result, ...]

    @property
    def is_offline(self) -> bool:
        """Whether no question got an answer: then it says nothing about the domain."""
        return all(result.state == State.UNKNOWN for result in self.results)

    @property
    def troubles(self) -> list[Result]:
        """What needs a look, in the order of the checks."""
        return [result for result in self.results if result.state in (State.WARNING, State.BAD)]


class Offline(Exception):
    """The name system does not answer: nothing can be said."""


class Names:
    """The questions that are asked here. A name that does not exist has no records; silence raises Offline."""

    def __init__(self) -> None:
        server: tuple[str, int] | None = settings.NEWSLETTER_DNS
        try:
            self._resolver = dns.resolver.Resolver(configure=server is None)
        except dns.resolver.NoResolverConfiguration as error:
            raise Offline from error
        if server is not None:
            self._resolver.nameservers, self._resolver.port = [server[0]], server[1]
        self._resolver.timeout, self._resolver.lifetime = TIMEOUT, LIFETIME

    def texts(self, name: str) -> list[str]:
        """TXT records; the strings of one record belong together without a space (RFC 7208, 3.3)."""
        return [b"".join(record.strings).decode("utf-8", "replace") for record in self._ask(name, "TXT")]

    def exchanges(self, name: str) -> list[str]:
        """The hosts that take mail for a domain (MX records), without the final dot."""
        return [record.exchange.to_text(omit_final_dot=True) for record in self._ask(name, "MX")]

    def addresses(self, name: str) -> list[str]:
        """IPv4 addresses of a host, then IPv6."""
        return [record.address for kind in ("A", "AAAA") for record in self._ask(name, kind)]

    def names_of(self, address: str) -> list[str]:
        """The hosts that an IP address says it belongs to (PTR records), without the final dot."""
        found = self._ask(dns.reversename.from_address(address).to_text(), "PTR")
        return [record.target.to_text(omit_final_dot=True) for record in found]

    def _ask(self, name: str, kind: str) -> list[Any]:
        try:
            return list(self._resolver.resolve(name, kind, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.SyntaxError, dns.name.LabelTooLong, dns.name.EmptyLabel, UnicodeError):
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise Offline from error


def check_sender() -> SenderReport:
    """Ask for everything that matters to receivers of our mails; takes some seconds at most.

    As soon as one question finds no answer, the rest is not asked: all that is left is unknown.
    """
    domain = domain_of(parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
    results: list[Result] = []
    checks: list[tuple[str, Callable[[Names, str], Result]]] = [
        ("SPF", _check_spf),
        ("DKIM", _check_dkim),
        ("DMARC", _check_dmarc),
        ("Name des Mailservers (PTR)", _check_ptr),
        ("Rückläufer (MX)", _check_bounce_domain),
    ]
    offline = False
    names: Names | None = None
    for title, check in checks:
        try:
            if offline:
                raise Offline
            names = names or Names()
            results.append(check(names, domain))
        except Offline:
            offline = True
            results.append(Result(title, State.UNKNOWN, "Das Namenssystem (DNS) antwortet nicht.", _NO_NETWORK))
    return SenderReport(domain, timezone.now(), tuple(results))


_NO_NETWORK = "Der Server hat gerade keine Verbindung dorthin. Bitte prüfen Sie später noch einmal."


def _check_spf(names: Names, domain: str) -> Result:
    # Receivers look at the domain of the envelope, which is that of the bounces.
    envelope = settings.BOUNCE_DOMAIN
    records = _records(names, envelope, "v=spf1")
    example = f"Der Eintrag für {envelope} lautet zum Beispiel: v=spf1 mx -all"
    if not records:
        return Result(
            "SPF", State.BAD, f"{envelope} hat keinen SPF-Eintrag.", f"Legen Sie einen TXT-Eintrag an. {example}"
        )
    if len(records) > 1:
        return Result(
            "SPF",
            State.BAD,
            f"{envelope} hat {len(records)} SPF-Einträge. Dann gilt keiner.",
            "Fassen Sie sie zu einem zusammen.",
        )
    terms = records[0].split()
    last = next((term for term in terms if term.lstrip("+-~?") == "all" or term.startswith("redirect=")), "")
    if last in ("all", "+all"):
        return Result(
            "SPF",
            State.BAD,
            "Der SPF-Eintrag erlaubt allen Servern der Welt, in Ihrem Namen zu senden.",
            "Ersetzen Sie „+all“ durch „-all“.",
        )
    if _spf_questions(names, envelope, records[0]) > MOST_SPF_QUESTIONS:
        text = f"Der SPF-Eintrag braucht mehr als {MOST_SPF_QUESTIONS} Abfragen. Empfänger werten ihn nicht aus."
        return Result("SPF", State.BAD, text, "Nehmen Sie „include:“-Einträge heraus, die Sie nicht brauchen.")
    if not last or last == "?all":
        return Result(
            "SPF",
            State.WARNING,
            "Der SPF-Eintrag sagt nicht, was mit anderen Servern geschehen soll.",
            "Beenden Sie ihn mit „-all“ oder „~all“.",
        )
    if not _is_aligned(envelope, domain):
        text = f"Der SPF-Eintrag ist in Ordnung, aber {envelope} gehört nicht zur Domain des Absenders ({domain})."
        return Result("SPF", State.WARNING, text, "Für DMARC muss BOUNCE_DOMAIN unter der Domain des Absenders liegen.")
    return Result("SPF", State.GOOD, f"{envelope} sagt, wer in Ihrem Namen senden darf.")


def _check_dkim(names: Names, domain: str) -> Result:
    selector = settings.NEWSLETTER_DKIM_SELECTOR
    if not selector:
        return Result(
            "DKIM",
            State.WARNING,
            "Der Name des Schlüssels (Selektor) ist nicht eingetragen, also wird DKIM nicht geprüft.",
            "Der Mailserver unterschreibt die Mails. Tragen Sie seinen Selektor in NEWSLETTER_DKIM_SELECTOR ein.",
        )
    place = f"{selector}._domainkey.{domain}"
    records = [tags for text in names.texts(place) if "p" in (tags := _tags(text))]
    if not records:
        return Result(
            "DKIM",
            State.BAD,
            f"Unter {place} steht kein Schlüssel.",
            "Legen Sie dort den TXT-Eintrag an, den Ihr Mailserver nennt.",
        )
    key = records[0]["p"].replace(" ", "")
    if not key:
        return Result(
            "DKIM",
            State.BAD,
            f"Der Schlüssel unter {place} ist zurückgezogen.",
            "Tragen Sie den Schlüssel ein, mit dem der Mailserver jetzt unterschreibt.",
        )
    bits = _rsa_bits(key) if records[0].get("k", "rsa") == "rsa" else LEAST_KEY_BITS
    if bits is None:
        return Result(
            "DKIM",
            State.BAD,
            f"Der Schlüssel unter {place} ist beschädigt.",
            "Tragen Sie ihn noch einmal ein, ohne Zeilenumbrüche.",
        )
    if bits < LEAST_KEY_BITS:
        return Result(
            "DKIM",
            State.WARNING,
            f"Der Schlüssel unter {place} hat {bits} Bit.",
            f"Erzeugen Sie einen mit {LEAST_KEY_BITS} Bit.",
        )
    return Result(
        "DKIM",
        State.GOOD,
        f"Unter {place} steht ein gültiger Schlüssel.",
        "Unterschrieben sein müssen auch List-Unsubscribe und List-Unsubscribe-Post.",
    )


def _check_dmarc(names: Names, domain: str) -> Result:
    for owner in dict.fromkeys((domain, _organisation(domain))):
        records = _records(names, f"_dmarc.{owner}", "v=DMARC1")
        if records:
            break
    else:
        advice = (
            f"Legen Sie unter _dmarc.{domain} einen TXT-Eintrag an: v=DMARC1; p=quarantine; rua=mailto:dmarc@{domain}"
        )
        return Result("DMARC", State.BAD, f"{domain} hat keinen DMARC-Eintrag.", advice)
    if len(records) > 1:
        return Result(
            "DMARC",
            State.BAD,
            f"_dmarc.{owner} hat mehrere Einträge. Dann gilt keiner.",
            "Lassen Sie nur einen stehen.",
        )
    policy = _tags(records[0]).get("p", "").lower()
    if policy not in ("none", "quarantine", "reject"):
        return Result(
            "DMARC",
            State.BAD,
            f"Der DMARC-Eintrag von {owner} nennt keine gültige Regel (p=).",
            "Üblich ist p=quarantine.",
        )
    if policy == "none":
        text = f"Der DMARC-Eintrag von {owner} steht auf Beobachten (p=none)."
        return Result(
            "DMARC", State.WARNING, text, "Stellen Sie nach einigen Wochen ohne Auffälligkeiten auf p=quarantine um."
        )
    return Result("DMARC", State.GOOD, f"{owner} hat einen DMARC-Eintrag mit der Regel „{policy}“.")


def _check_ptr(names: Names, domain: str) -> Result:
    title = "Name des Mailservers (PTR)"
    hosts = dict.fromkeys(str(server["EMAIL_HOST"]) for server in settings.EMAIL_SERVERS)
    addresses = [address for host in hosts for address in _addresses(names, host)]
    public = [address for address in addresses if ipaddress.ip_address(address).is_global]
    if not public:
        text = "Der Mailserver ist von hier aus nur unter einer internen Adresse bekannt."
        advice = "Prüfen Sie auf dem Mailserver selbst, ob seine Adresse einen Namen hat, der wieder zu ihr führt."
        return Result(title, State.UNKNOWN, text, advice)
    for address in public:
        found = names.names_of(address)
        if not found:
            text = f"Die Adresse {address} des Mailservers hat keinen Namen."
            return Result(title, State.BAD, text, "Lassen Sie beim Anbieter des Servers einen PTR-Eintrag anlegen.")
        if not any(address in names.addresses(name) for name in found):
            text = f"Der Name {found[0]} führt nicht zur Adresse {address} zurück."
            return Result(
                title,
                State.WARNING,
                text,
                f"Legen Sie für {found[0]} einen A- oder AAAA-Eintrag mit dieser Adresse an.",
            )
    return Result(title, State.GOOD, "Adresse und Name des Mailservers passen zusammen.")


def _check_bounce_domain(names: Names, domain: str) -> Result:
    title, envelope = "Rückläufer (MX)", settings.BOUNCE_DOMAIN
    if names.exchanges(envelope):
        return Result(title, State.GOOD, f"{envelope} nimmt Mails an, die zurückkommen.")
    text = f"{envelope} nimmt keine Mails an: Es gibt keinen MX-Eintrag. Rückläufer gehen verloren."
    return Result(title, State.BAD, text, f"Legen Sie für {envelope} einen MX-Eintrag an, der zum Mailserver führt.")


def _records(names: Names, name: str, version: str) -> list[str]:
    texts = names.texts(name)
    return [text for text in texts if text.lower().replace(" ", "").startswith(version.lower())]


def _spf_questions(names: Names, domain: str, record: str, seen: frozenset[str] = frozenset()) -> int:
    """How many questions a receiver asks to work out the record, with those that it includes."""
    count = 0
    for term in record.split()[1:]:
        mechanism = term.lstrip("+-~?")
        name, _, target = mechanism.replace("=", ":", 1).partition(":")
        name = name.partition("/")[0]
        if name in ("a", "mx", "ptr", "exists", "include", "redirect"):
            count += 1
        if name in ("include", "redirect") and target and target not in seen and count <= MOST_SPF_QUESTIONS:
            for included in _records(names, target, "v=spf1")[:1]:
                count += _spf_questions(names, target, included, seen | {domain, target})
        if count > MOST_SPF_QUESTIONS:
            break
    return count


def _tags(text: str) -> dict[str, str]:
    """ "v=DKIM1; p=…" as a mapping (RFC 6376, 3.2)."""
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): value.strip() for name, sign, value in pairs if sign}


def _rsa_bits(key: str) -> int | None:
    try:
        found = load_der_public_key(base64.b64decode(key, validate=True))
    except ValueError:
        return None
    return found.key_size if isinstance(found, RSAPublicKey) else None


def _addresses(names: Names, host: str) -> Iterator[str]:
    try:
        yield str(ipaddress.ip_address(host))
    except ValueError:
        if host != "localhost":
            yield from names.addresses(host)


def _organisation(domain: str) -> str:
    """The last two labels: enough for the domains of associations and authorities here."""
    return ".".join(domain.split(".")[-2:])


def _is_aligned(one: str, other: str) -> bool:
    """Relaxed alignment (RFC 7489, 3.1)."""
    return _organisation(one) == _organisation(other)
