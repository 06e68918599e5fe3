"""What the page "Absender prüfen" says about the sender's domain, asked of a name server of our own."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse

from home.roles import Role
from newsletter.composing.sender import State, check_sender
from tests.newsletter.name_server import name_server

DOMAIN, BOUNCES, HOST = "example.org", "bounce.example.org", "mail.example.org"


def key(bits):
    public = rsa.generate_private_key(65537, bits).public_key()
    return base64.b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def text(value):
    """A TXT record; long ones come in strings of 255 octets at most."""
    return " ".join(f'"{value[start : start + 250]}"' for start in range(0, len(value), 250))


KEY = key(2048)
GOOD = {
    (BOUNCES, "TXT"): [text("something else"), text("v=spf1 mx include:provider.example.net -all")],
    ("provider.example.net", "TXT"): [text("v=spf1 ip4:192.0.2.0/24 -all")],
    (f"ikoe._domainkey.{DOMAIN}", "TXT"): [text(f"v=DKIM1; k=rsa; p={KEY}")],
    (f"_dmarc.{DOMAIN}", "TXT"): [text("v=DMARC1; p=quarantine; rua=mailto:dmarc@example.org")],
    (HOST, "A"): ["93.184.216.34"],
    ("34.216.184.93.in-addr.arpa", "PTR"): [f"{HOST}."],
    (BOUNCES, "MX"): [f"10 {HOST}."],
}


@pytest.fixture(autouse=True)
def sender(settings):
    settings.NEWSLETTER_DKIM_SELECTOR = "ikoe"
    settings.EMAIL_SERVERS = [{"EMAIL_HOST": HOST, "EMAIL_PORT": 25}]


@pytest.fixture
def ask(settings):
    def report(changes=None):
        records = {place: found for place, found in (GOOD | (changes or {})).items() if found}
        with name_server(records) as port:
            settings.NEWSLETTER_DNS = ("127.0.0.1", port)
            return {result.name.split()[0]: result for result in check_sender().results}

    return report


def test_a_domain_that_is_set_up_well_has_no_trouble(ask):
    results = ask()

    assert {name: result.state for name, result in results.items()} == dict.fromkeys(
        ["SPF", "DKIM", "DMARC", "Name", "Rückläufer"], State.GOOD
    )


@pytest.mark.parametrize(
    ("place", "found", "name", "state", "words"),
    [
        ((BOUNCES, "TXT"), [], "SPF", "bad", "keinen SPF-Eintrag"),
        ((BOUNCES, "TXT"), [text("v=spf1 -all"), text("v=spf1 mx -all")], "SPF", "bad", "2 SPF-Einträge"),
        ((BOUNCES, "TXT"), [text("v=spf1 +all")], "SPF", "bad", "allen Servern der Welt"),
        ((BOUNCES, "TXT"), [text("v=spf1 mx")], "SPF", "warning", "anderen Servern"),
        ((BOUNCES, "TXT"), [text("v=spf1 " + "a:x.example.org " * 11 + "-all")], "SPF", "bad", "mehr als 10 Abfragen"),
        # An include that includes itself must not keep anybody busy.
        (("provider.example.net", "TXT"), [text("v=spf1 include:provider.example.net -all")], "SPF", "good", ""),
        ((f"ikoe._domainkey.{DOMAIN}", "TXT"), [], "DKIM", "bad", "kein Schlüssel"),
        ((f"ikoe._domainkey.{DOMAIN}", "TXT"), [text("v=DKIM1; p=")], "DKIM", "bad", "zurückgezogen"),
        ((f"ikoe._domainkey.{DOMAIN}", "TXT"), [text("v=DKIM1; p=kaputt!")], "DKIM", "bad", "beschädigt"),
        ((f"ikoe._domainkey.{DOMAIN}", "TXT"), [text(f"p={key(1024)}")], "DKIM", "warning", "1024 Bit"),
        ((f"_dmarc.{DOMAIN}", "TXT"), [], "DMARC", "bad", "keinen DMARC-Eintrag"),
        ((f"_dmarc.{DOMAIN}", "TXT"), [text("v=DMARC1; p=none")], "DMARC", "warning", "p=none"),
        ((f"_dmarc.{DOMAIN}", "TXT"), [text("v=DMARC1; rua=x")], "DMARC", "bad", "keine gültige Regel"),
        (("34.216.184.93.in-addr.arpa", "PTR"), [], "Name", "bad", "keinen Namen"),
        (("34.216.184.93.in-addr.arpa", "PTR"), ["other.example.net."], "Name", "warning", "zurück"),
        ((HOST, "A"), ["10.0.0.5"], "Name", "unknown", "internen Adresse"),
        ((BOUNCES, "MX"), [], "Rückläufer", "bad", "MX-Eintrag"),
    ],
)
def test_each_trouble_is_named_with_advice(ask, place, found, name, state, words):
    result = ask({place: found})[name]

    assert result.state == state and words in result.found
    assert state == "good" or result.advice


def test_a_sender_of_another_domain_than_the_bounces_is_named(ask, settings):
    settings.DEFAULT_FROM_EMAIL = "IKOE <ikoe@example.com>"

    assert "gehört nicht zur Domain des Absenders" in ask()["SPF"].found


def test_without_a_selector_dkim_is_not_judged(ask, settings):
    settings.NEWSLETTER_DKIM_SELECTOR = ""

    result = ask()["DKIM"]

    assert result.state == State.WARNING and "NEWSLETTER_DKIM_SELECTOR" in result.advice


def test_without_a_network_the_page_says_so_and_stops_asking(settings, monkeypatch):
    # A port that nobody listens at: the kernel says so at once.
    settings.NEWSLETTER_DNS = ("127.0.0.1", 1)
    monkeypatch.setattr("newsletter.composing.sender.TIMEOUT", 0.2)
    monkeypatch.setattr("newsletter.composing.sender.LIFETIME", 0.3)

    report = check_sender()

    assert report.is_offline and report.troubles == []
    assert all("antwortet nicht" in result.found for result in report.results)


@pytest.mark.parametrize("host", ["a" * 300, "..", "mail_\x00.example.org", "-", "127.0.0.1"])
def test_a_strange_mail_server_is_no_error_of_the_page(ask, settings, host):
    settings.EMAIL_SERVERS = [{"EMAIL_HOST": host, "EMAIL_PORT": 25}]

    assert ask()["Name"].state in (State.UNKNOWN, State.BAD)


@pytest.mark.django_db
def test_the_page_shows_the_report_and_the_send_page_knows_of_it(issue, client, settings):
    user = get_user_model().objects.create_user("chef@example.org", "a long password 123")
    user.groups.add(Group.objects.get(name=Role.CHIEF_EDITOR.value))
    client.force_login(user)
    url = reverse("newsletter_sender")

    before = client.get(url).content.decode()
    with name_server({place: found for place, found in GOOD.items() if place[0] != f"_dmarc.{DOMAIN}"}) as port:
        settings.NEWSLETTER_DNS = ("127.0.0.1", port)
        answer = client.post(url).content.decode()
    send = client.get(reverse("newsletter_send_issue", args=[issue.pk])).content.decode()

    assert "Jetzt prüfen" in before
    assert "keinen DMARC-Eintrag" in answer and "v=DMARC1; p=quarantine" in answer
    assert "gibt es 1 Hinweis" in send
    user.groups.set([Group.objects.get(name=Role.EDITOR.value)])
    assert client.get(url).status_code in (302, 403)
