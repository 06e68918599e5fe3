"""Mailings on the first page of the admin: those to come, and those that need a hand."""

import datetime

import pytest
from django.utils import timezone

from home.roles import Role
from newsletter.models import Delivery, Mailing
from newsletter.sending import mailings
from tests.accounts_content import desk_of, member

pytestmark = pytest.mark.django_db
SOON = datetime.timedelta(hours=5)


@pytest.fixture
def mailing(issue, subscribe):
    for name in ("erika", "max"):
        subscribe(f"{name}@example.org")
    return mailings.start_mailing(issue, at=timezone.now() + SOON)


def test_a_planned_mailing_is_announced(mailing):
    text = desk_of(member(Role.CHIEF_EDITOR))

    assert "Geplant" in text
    assert "Uhr Newsletter: Grüße aus Halle geht an 2 Personen" in text
    assert "Hier wird Hilfe gebraucht" not in text


@pytest.mark.parametrize(
    ("state", "sentence"), [("overdue", "Die Zeit ist vorbei"), ("paused", "Der Versand ist angehalten.")]
)
def test_a_mailing_that_waits_for_a_decision_is_named(mailing, state, sentence):
    Mailing.objects.update(state=state)

    text = desk_of(member(Role.CHIEF_EDITOR))

    assert f"Newsletter: Grüße aus Halle {sentence}" in text
    assert "geht an 2 Personen" not in text


def test_what_did_not_arrive_is_counted_for_two_weeks(mailing):
    states = [Delivery.State.FAILED, Delivery.State.UNCERTAIN]
    for delivery, state in zip(Delivery.objects.all(), states, strict=True):
        Delivery.objects.filter(pk=delivery.pk).update(state=state)
    now = timezone.now()
    Mailing.objects.update(state=Mailing.State.COMPLETE, started_at=now, finished_at=now)
    chief = member(Role.CHIEF_EDITOR)

    text = desk_of(chief)

    assert "Bei 1 Adresse hat der Mailserver die Mail abgelehnt." in text
    assert "Bei 1 Adresse ist unklar, ob die Mail angekommen ist." in text

    Mailing.objects.update(started_at=now - datetime.timedelta(days=20))

    assert "Hier wird Hilfe gebraucht" not in desk_of(chief)


def test_who_may_not_see_mailings_hears_nothing_of_them(mailing):
    Mailing.objects.update(state=Mailing.State.OVERDUE)

    assert "Grüße aus Halle" not in desk_of(member(Role.EDITOR))
