"""One step of `bench.mail` in a process of its own: `python -m bench.mail_work STEP ARGUMENT…` prints JSON."""

from __future__ import annotations

import datetime
import json
import resource
import selectors
import sys
import time
import uuid
from collections.abc import Iterator
from typing import Any

from bench.mail_content import HTML, SUBJECT, TEXT

DOMAINS = 40
OUT = "https://www.example.org/abmelden/"
# After so much time a look is taken whether enough was sent.
SLICE = datetime.timedelta(seconds=0.5)


def alone(number: int, sessions: int) -> dict[str, float]:
    """Builder and session: every mail is personal, nothing is written down."""
    from newsletter.sending.message import prepare
    from newsletter.sending.servers import configured
    from newsletter.sending.session import Kind, SmtpSession

    letters = prepare(
        subject=SUBJECT, html_part=HTML, text_part=TEXT, date=datetime.datetime(2025, 1, 15, tzinfo=datetime.UTC)
    )
    people = _recipients(number)
    selector = selectors.DefaultSelector()
    lines = [SmtpSession.open(configured()[0]) for _session in range(sessions)]
    announced: dict[SmtpSession, Any] = {}
    begun = _begin()
    for line in lines:
        selector.register(line, selectors.EVENT_READ, line)
        announced[line] = letters.letter(next(people))
        line.transmit(None, announced[line])
    taken = 0
    while taken < number:
        for key, _events in selector.select():
            line = key.data
            answer = line.collect()
            if answer is None:
                continue
            if answer.content is not None:
                assert answer.content.kind is Kind.TAKEN, answer
                taken += 1
            if answer.envelope is not None:
                assert answer.envelope.kind is Kind.READY, answer
                recipient = next(people, None)
                following = letters.letter(recipient) if recipient else None
                line.transmit(announced[line].content, following)
                announced[line] = following
    return _spent(begun, number) | {"bytes": len(letters.letter(next(_recipients(1))).content)}


def _recipients(number: int) -> Iterator[Any]:
    from newsletter.sending.message import Recipient

    for one in range(number):
        key = uuid.UUID(int=one)
        yield Recipient(
            one, key, f"leser{one}@domain{one % DOMAINS}.example.org", "", f"<1.20250115.{key}@example.org>"
        )


def django_messages(number: int) -> dict[str, float]:
    """What Django offers: templates, EmailMultiAlternatives, one connection for all."""
    from django.core.mail import EmailMultiAlternatives, get_connection
    from django.template import Context, Template

    page, plain = Template(as_template(HTML)), Template(as_template(TEXT))
    begun = _begin()
    for start in range(0, number, 200):
        messages = []
        for one in range(start, min(start + 200, number)):
            context = Context({"unsubscribe_url": f"{OUT}{one}/", "settings_url": "x", "name": ""})
            message = EmailMultiAlternatives(
                SUBJECT, plain.render(context), to=[f"leser{one}@example.org"],
                headers={"List-Unsubscribe": f"<{OUT}{one}/>"},
            )  # fmt: skip
            message.attach_alternative(page.render(context), "text/html")
            messages.append(message)
        get_connection().send_messages(messages)
    return _spent(begun, number)


def as_template(text: str) -> str:
    """The same text for Django, with variables in the place of the markers."""
    from newsletter.sending.message import SLOTS

    for marker, name in SLOTS.items():
        text = text.replace(marker, f"{{{{ {name} }}}}")
    return text


def fill(*sizes: int) -> dict[str, int]:
    """Mailings of the given sizes, paused, each with subscribers of its own; their numbers by size."""
    from django.db import connection

    from newsletter.models import Mailing, NewsletterIndexPage, NewsletterIssuePage, Subscriber
    from newsletter.sending import mailings
    from tests.basic_content import ensure_legal_pages, ensure_site

    site = ensure_site()
    ensure_legal_pages(site.root_page)
    index = site.root_page.add_child(instance=NewsletterIndexPage(title="Newsletter", slug="newsletter"))
    made = {}
    for place, size in enumerate(sizes):
        Subscriber.objects.update(state=Subscriber.State.PAUSED)
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO newsletter_subscriber (key, email, name, state, stop_reason, state_before_stop, created_at)
                SELECT gen_random_uuid(), 'leser' || n || '@g%s.domain' || n %% %s || '.example.org', '', 'active',
                    '', '', now()
                FROM generate_series(1, %s) n
                """,
                [place, DOMAINS, size],
            )
        issue = index.add_child(
            instance=NewsletterIssuePage(
                title=str(place), slug=str(place), number=str(place), subject=SUBJECT, body=[("text", "<p>Text</p>")]
            )
        )
        mailing = mailings.start_mailing(issue)
        mailings.pause(mailing)
        Mailing.objects.filter(pk=mailing.pk).update(html=HTML, text=TEXT)
        made[str(place)] = mailing.pk
    Subscriber.objects.update(state=Subscriber.State.ACTIVE)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE newsletter_delivery")
        cursor.execute("VACUUM ANALYZE newsletter_subscriber")
    return made


def drain(mailing: int, number: int) -> dict[str, float]:
    """Send at least `number` mails of a mailing in this process."""
    from newsletter.models import Mailing
    from newsletter.sending import delivering

    Mailing.objects.filter(pk=mailing).update(state=Mailing.State.SENDING)
    begun = _begin()
    count = _Counting()
    count.install()
    while count.sent < number and delivering.deliver(mailing, limit=SLICE):
        pass
    Mailing.objects.filter(pk=mailing, state=Mailing.State.SENDING).update(state=Mailing.State.PAUSED)
    return _spent(begun, count.sent)


class _Counting:
    """Counts the mails that were taken, without a look at the database."""

    def __init__(self) -> None:
        self.sent = 0

    def install(self) -> None:
        """Count from now on; the process ends with it."""
        from newsletter.sending import lines

        worked = lines.Lines.worked

        def counted(these: lines.Lines, line: lines.Line) -> None:
            self.sent += 1
            worked(these, line)

        lines.Lines.worked = counted  # type: ignore[method-assign,assignment]


def claims(mailing: int, number: int) -> dict[str, float]:
    """Milliseconds of single claims, durable commit and rows included."""
    from newsletter.models import Mailing
    from newsletter.sending.claiming import CLAIM_SIZE, Ledger

    Mailing.objects.filter(pk=mailing).update(state=Mailing.State.SENDING)
    ledger = Ledger(mailing)
    times = []
    for _claim in range(number):
        begun = time.perf_counter()
        assert len(ledger.take()) == CLAIM_SIZE
        times.append((time.perf_counter() - begun) * 1000)
    Mailing.objects.filter(pk=mailing).update(state=Mailing.State.PAUSED)
    times.sort()
    return {"median": times[len(times) // 2], "p95": times[int(len(times) * 0.95)]}


def _begin() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _spent(begun: tuple[float, float], number: int) -> dict[str, float]:
    wall, processor = time.perf_counter() - begun[0], time.process_time() - begun[1]
    return {
        "rate": number / wall,
        "cpu": processor / number * 1_000_000,
        "mails": number,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


STEPS = {step.__name__: step for step in (alone, django_messages, fill, drain, claims)}

if __name__ == "__main__":
    import django

    django.setup()
    name, *numbers = sys.argv[1:]
    print(json.dumps(STEPS[name](*map(int, numbers))))
