"""The conversation with a mail server that takes, refuses, or goes away."""

import select

import pytest

from newsletter.sending import servers
from newsletter.sending.message import Letter
from newsletter.sending.servers import Resting, configured
from newsletter.sending.session import Kind, ServerUnavailable, SmtpSession
from tests.faults.post_office import PostOffice


@pytest.fixture
def office():
    office = PostOffice()
    office.start()
    yield office
    office.stop()


@pytest.fixture(params=[True, False], ids=["pipelined", "step by step"])
def session(office, request):
    office.pipelining = request.param
    SmtpSession._stumbled.clear()
    session = SmtpSession.open(servers.Server("127.0.0.1", office.port))
    assert session.pipelining == request.param
    yield session
    session.end()


def letter(name):
    content = f"Message-ID: <{name}@example.org>\r\n\r\nText\r\n".encode()
    return Letter("bounce@example.org", f"{name}@example.org", content)


def answer(session):
    while True:
        assert select.select([session], [], [], 5)[0], "no answer"
        found = session.collect()
        if found is not None:
            return found


def converse(session, *letters):
    """Hand over the letters; what became of each, by name."""
    found = {}
    ready = None
    for following in [*letters, None]:
        if ready is None and following is None:
            break
        reply = session.transmit(ready.content if ready else None, following) or answer(session)
        if ready:
            found[ready.recipient.partition("@")[0]] = reply.content
        ready = None
        if following and reply.envelope:
            if reply.envelope.kind is Kind.READY:
                ready = following
            else:
                found[following.recipient.partition("@")[0]] = reply.envelope
    return found


def test_each_mail_gets_its_own_answer(office, session):
    office.faults |= {"b@example.org": "refuse", "c@example.org": "refuse-envelope", "d@example.org": "refuse-envelope"}

    found = converse(session, *map(letter, "abcde"))

    kinds = {name: outcome.kind for name, outcome in found.items()}
    refused = Kind.REFUSED
    assert kinds == {"a": Kind.TAKEN, "b": refused, "c": refused, "d": refused, "e": Kind.TAKEN}
    assert (found["b"].reply.code, str(found["c"].reply)) == (451, "451 4.7.1 greylisted")
    assert found["b"].temporary and found["c"].temporary
    assert office.accepted == {"<a@example.org>": 1, "<e@example.org>": 1}


def test_what_was_not_answered_is_unknown_and_what_was_not_asked_untouched(office, session):
    office.faults["b@example.org"] = "drop-answer"

    found = converse(session, letter("a"), letter("b"), letter("c"))

    assert {name: outcome.kind for name, outcome in found.items()} == {
        "a": Kind.TAKEN, "b": Kind.UNKNOWN, "c": Kind.UNTOUCHED,
    }  # fmt: skip
    assert session.closed


def test_a_connection_lost_before_the_content_leaves_everything_untouched(office, session):
    office.faults["a@example.org"] = "drop-envelope"

    assert converse(session, letter("a"))["a"].kind is Kind.UNTOUCHED
    assert session.closed


def test_a_server_that_sends_us_away_is_heard(office, session):
    office.faults["b@example.org"] = "turn-away"
    found = converse(session, letter("a"), letter("b"))

    assert (found["a"].kind, found["b"].kind, found["b"].reply.code) == (Kind.TAKEN, Kind.REFUSED, 421)
    assert session.closed and not session.sent_away, "it was about the recipient"


def test_421_at_the_sender_is_about_the_server(office, session):
    office.most_mails = 1

    found = converse(session, letter("a"), letter("b"))

    assert (found["a"].kind, found["b"].kind) == (Kind.TAKEN, Kind.UNTOUCHED)
    assert session.sent_away.code == 421


def test_a_server_that_closed_meanwhile_gets_no_content(office, session):
    assert session.transmit(None, letter("a")) is None
    assert answer(session).envelope.kind is Kind.READY
    office.close()
    select.select([session], [], [], 5)
    session.last_heard -= 60

    found = session.transmit(letter("a").content, None)

    assert found.content.kind is Kind.UNTOUCHED


def test_an_address_cannot_become_a_command(session):
    with pytest.raises(ValueError, match="address"):
        session.transmit(None, Letter("a@example.org", "b@example.org>\r\nDATA", b""))


def test_a_silent_server_is_given_up(office, session):
    office.faults["a@example.org"] = "hang"
    session.transmit(None, letter("a"))
    answer(session)
    session.transmit(letter("a").content, None)

    assert session.expire().content.kind is Kind.UNKNOWN


def test_nobody_listening_is_unavailable():
    with pytest.raises(ServerUnavailable):
        SmtpSession.open(servers.Server("127.0.0.1", 1))


def test_the_address_of_a_server_says_what_it_may_be_asked_for():
    from cms.environment import mail_server

    [server] = configured(
        [mail_server("smtp+tls://u:p@mail.example.org:587?weight=2&rate=5&connections=3&messages=10")]
    )

    assert (server.weight, server.rate, server.connections, server.messages) == (2, 5, 3, 10)
    assert (server.security, server.user, server.name) == ("starttls", "u", "mail.example.org:587")
    for wrong in ("weight=0", "colour=2", "messages=none"):
        with pytest.raises(ValueError):
            mail_server(f"smtp://mail.example.org?{wrong}")


def test_a_heavier_server_comes_first_more_often():
    light, heavy = servers.Server("light", 25, weight=1), servers.Server("heavy", 25, weight=9)

    first = [servers.by_turn([light, heavy])[0] for _turn in range(400)]

    assert 320 < first.count(heavy) < 395


def test_a_server_that_failed_rests_until_it_answers():
    resting, server = Resting(), servers.Server("mail", 25)

    resting.send_to_rest(server)
    assert resting.awake([server]) == []

    resting.answered(server)
    assert resting.awake([server]) == [server]
