"""Asking another website: against a real server on this machine, which only these tests may reach."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from urllib.parse import quote

import pytest

from home.upkeep import connecting
from home.upkeep.connecting import AddressRefused, Line, is_public
from home.upkeep.models import ExternalLink
from home.upkeep.probing import Answer, Prober
from tests.home.other_website import Website, certificate, website

State = ExternalLink.State


def only_here(address: connecting.Address) -> bool:
    return str(address) == "127.0.0.1"


@pytest.fixture
def elsewhere():
    with website() as found:
        yield found


def ask(url: str, seconds: float = 5.0) -> Answer:
    return Prober(judge=only_here, seconds=seconds).ask(url)


def test_working_link_is_asked_once_with_head_and_our_name(elsewhere, settings):
    settings.BASE_URL = "https://ikoe.example.org"

    answer = ask(elsewhere.url("/status/200?a=b#c"))

    assert (answer.state, answer.status) == (State.WORKING, 200)
    assert elsewhere.asked == [("HEAD", "/status/200?a=b")]
    assert "https://ikoe.example.org" in elsewhere.requests[0].user_agent


@pytest.mark.parametrize(
    ("path", "state", "reason"),
    [
        ("/status/404", State.FAILING, "Adresse nicht gefunden (404)"),
        ("/status/410", State.FAILING, "Die Seite wurde gelöscht (410)"),
        ("/status/500", State.FAILING, "Fehler auf dem Server (500)"),
        ("/status/503", State.FAILING, "Fehler auf dem Server (503)"),
        ("/status/401", State.REFUSED, "Die Website lässt sich nicht automatisch prüfen (401)"),
        ("/status/403", State.REFUSED, "Die Website lässt sich nicht automatisch prüfen (403)"),
        ("/status/405", State.REFUSED, "Die Website lässt sich nicht automatisch prüfen (405)"),
        ("/status/999", State.REFUSED, "Die Website lässt sich nicht automatisch prüfen (999)"),
        ("/chain/4", State.WORKING, ""),
        ("/chain/40", State.FAILING, "Leitet zu oft weiter"),
        ("/loop/a", State.FAILING, "Leitet im Kreis weiter"),
        ("/nonsense/", State.FAILING, "Server antwortet unverständlich"),
        ("/to/mailto%3Aa%40example.org", State.REFUSED, "Leitet zu etwas weiter, das keine Website ist"),
    ],
)
def test_answers_are_put_in_words(elsewhere, path, state, reason):
    answer = ask(elsewhere.url(path))

    assert (answer.state, answer.reason) == (state, reason)
    assert not answer.later
    assert answer.reached


@pytest.mark.parametrize("path", ["/status/429", "/status/503/Retry-After"])
def test_site_that_asks_for_rest_is_not_asked_again(elsewhere, path):
    answer = ask(elsewhere.url(path))

    assert answer.later
    assert answer.state == State.REFUSED
    assert len(elsewhere.requests) == 1


@pytest.mark.parametrize("path", ["/get_only/405", "/get_only/404", "/hangs_up_on_head/"])
def test_get_follows_where_head_says_nothing(elsewhere, path):
    answer = ask(elsewhere.url(path))

    assert answer.state == State.WORKING
    assert [method for method, _path in elsewhere.asked] == ["HEAD", "GET"]


def test_huge_body_stays_where_it_is(elsewhere):
    started = time.monotonic()

    answer = ask(elsewhere.url("/huge/"))

    assert answer.state == State.WORKING
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("path", ["/silent/", "/drips/"])
def test_time_of_a_check_is_limited(elsewhere, path):
    started = time.monotonic()

    answer = ask(elsewhere.url(path), seconds=1.0)

    assert (answer.state, answer.reason, answer.reached) == (State.FAILING, "Server antwortet nicht", False)
    assert time.monotonic() - started < 2.5


def test_dead_host_does_not_answer():
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))

        answer = ask(f"http://127.0.0.1:{reserved.getsockname()[1]}/")

    assert (answer.state, answer.reason, answer.reached) == (State.FAILING, "Server antwortet nicht", False)


def test_unknown_name_is_told_apart():
    answer = ask("http://gibt-es-nicht.invalid/")

    assert answer.state == State.FAILING
    assert "Name nicht gefunden" in answer.reason


@pytest.mark.parametrize("url", ["http://", "http://[::1", "http://a:99999/", "ftp://example.org/", "http://a\x00b/"])
def test_what_is_no_address_is_said_to_be_faulty(url):
    assert ask(url) == Answer(State.FAILING, "Die Adresse ist fehlerhaft")


def test_umlauts_in_path_and_redirect_arrive_encoded(elsewhere):
    target = quote("/status/200?ort=Köthen & Süd", safe="")

    answer = ask(elsewhere.url(f"/to/{target}"))

    assert answer.state == State.WORKING
    assert elsewhere.asked[-1] == ("HEAD", "/status/200?ort=K%C3%B6then%20&%20S%C3%BCd")


# Other networks


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
        "224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1", "192.88.99.1",
        "::1", "::", "fe80::1", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::",
    ],
)  # fmt: skip
def test_addresses_of_no_public_network_are_refused(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "2a00:1450:4001:82f::200e", "::ffff:93.184.215.14"])
def test_public_addresses_are_let_through(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "[::1]"])
def test_loopback_is_refused_however_it_is_written(elsewhere, host):
    answer = Prober(seconds=5).ask(elsewhere.url("/status/200", host))

    assert answer.state == State.REFUSED
    assert "nicht öffentlich" in answer.reason
    assert elsewhere.requests == []


def test_redirect_to_another_network_is_refused(elsewhere):
    with website() as inner:
        target = quote(inner.url("/status/200", "127.0.0.2"), safe="")

        answer = ask(elsewhere.url(f"/to/{target}"))

        assert answer.state == State.REFUSED
        assert "nicht öffentlich" in answer.reason
        assert inner.requests == []


def test_name_is_resolved_once_and_its_judged_address_is_used(elsewhere, monkeypatch):
    asked = []
    resolve = socket.getaddrinfo

    def rebinding(host, *args, **kwargs):
        """The first answer is harmless, every later one leads inside."""
        asked.append(host)
        return resolve("127.0.0.1" if len(asked) == 1 else "127.0.0.2", *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)

    answer = ask(f"http://wechselhaft.example:{elsewhere.port}/status/200")

    assert answer.state == State.WORKING
    assert asked == ["wechselhaft.example"]


def test_name_with_one_inner_address_among_public_ones_is_refused(monkeypatch):
    def mixed(host, port, **kwargs):
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in ("93.184.215.14", "10.0.0.1")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", mixed)

    with Line(seconds=1) as line, pytest.raises(AddressRefused):
        line.open("gemischt.example", 80)


# Certificates


@pytest.fixture
def secure(tmp_path):
    """Starts servers with a certificate for the names given; yields the file of the certificate, too."""
    from contextlib import ExitStack

    with ExitStack() as stack:

        def start(*names: str, days: int = 30) -> tuple[Website, str]:
            path = certificate(tmp_path, *names, days=days)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(path)
            return stack.enter_context(website(context)), str(path)

        yield start


def test_certificate_that_fits_is_accepted(secure):
    site, authority = secure("127.0.0.1")
    prober = Prober(judge=only_here, seconds=5, context=ssl.create_default_context(cafile=authority))

    answer = prober.ask(site.url("/status/200"))

    assert (answer.state, answer.reason) == (State.WORKING, "")


@pytest.mark.parametrize(("names", "days"), [(("anders.example.org",), 30), (("127.0.0.1",), -1)])
def test_certificate_for_another_name_or_time_is_invalid(secure, names, days):
    site, authority = secure(*names, days=days)
    prober = Prober(judge=only_here, seconds=5, context=ssl.create_default_context(cafile=authority))

    answer = prober.ask(site.url("/status/200"))

    assert (answer.state, answer.reason) == (State.FAILING, "Zertifikat ungültig")
    assert site.requests == []


def test_self_made_certificate_is_invalid(secure):
    site, _authority = secure("127.0.0.1")

    answer = ask(site.url("/status/200"))

    assert (answer.state, answer.reason) == (State.FAILING, "Zertifikat ungültig")
