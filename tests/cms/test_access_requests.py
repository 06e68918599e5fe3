"""Somebody asks for an account, an editor decides."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms import tasks
from cms.accounts import access_requests
from cms.accounts.errors import Refused
from home.models import AccessRequest, Invitation, OfficeMembership
from home.roles import Role
from tests.accounts_content import LINK, OURS, client_of, make_office, member, shown_before, text_of
from tests.queues import waiting

pytestmark = pytest.mark.django_db
FORM = "/konto/zugang-anfragen/"


@pytest.fixture
def ask(office, client):
    """Fill the form like a person who needs ten seconds."""

    def send(email="nora@example.org", *, headers=OURS, seconds=10, **changes):
        data = {"name": "Nora Neu", "email": email, "office": office.pk, "reason": "Neu im Amt."}
        data |= {"shown": shown_before(seconds)} | changes
        return client.post(FORM, data, **headers)

    return send


def test_form_sets_no_cookie_and_is_not_kept(client, office):
    answer = client.get(FORM)

    assert answer.status_code == 200
    assert "Landkreis Harz" in text_of(answer)
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]


def test_request_is_announced_to_all_editors_in_one_mail(ask, editor, broker):
    chief = member(Role.CHIEF_EDITOR, email="chef@example.org")
    member(Role.EDITOR, email="weg@example.org", is_active=False)
    member(Role.COORDINATOR, email="stelle@example.org")

    answer = ask("Nora@Example.org")

    assert answer.status_code == 200 and not answer.cookies
    assert waiting(broker) == 1
    request = AccessRequest.objects.get()
    assert (request.name, request.email, request.reason) == ("Nora Neu", "nora@example.org", "Neu im Amt.")
    for _sweep in range(2):
        tasks.sweep_account_mails()
    assert [sorted(message.to) for message in mail.outbox] == [sorted([editor.email, chief.email])]
    assert f"http://testserver/admin/zugaenge/anfragen/{request.pk}/" in mail.outbox[0].body
    assert "Neu im Amt" not in mail.outbox[0].body


def test_known_unknown_and_repeated_addresses_get_the_same_answer(ask, office):
    user = member(Role.COORDINATOR, email="bekannt@example.org")
    OfficeMembership.objects.create(user=user, office=office)

    answers = {
        text_of(ask(f"{name}@example.org")).replace(name, "…") for name in ("bekannt", "neu", "neu", "wieder", "neu")
    }

    assert len(answers) == 1
    assert AccessRequest.objects.count() == 3


def test_robot_that_fills_everything_gets_thanks_and_nothing_else(ask):
    assert ask(website="https://example.com").status_code == 200
    assert not AccessRequest.objects.exists()


@pytest.mark.parametrize(
    "headers", [{}, {"HTTP_SEC_FETCH_SITE": "cross-site"}, {"HTTP_ORIGIN": "https://evil.example"}]
)
def test_form_of_another_site_is_refused(ask, headers):
    assert ask(headers=headers).status_code == 403
    assert not AccessRequest.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "Nora\r\nBcc: viele@example.org"},
        {"name": "http://example.com/"},
        {"name": "N" * 151},
        {"email": ""},
        {"email": "nora@"},
        {"email": "nora@example.org\nBcc: viele@example.org"},
        {"office": ""},
        {"office": "999999"},
        {"office": "harz"},
        {"reason": "x" * 1001},
        {"shown": "made up"},
        {"seconds": 1},
    ],
)
def test_what_is_wrong_is_said_in_a_summary(ask, changes):
    answer = ask(**changes)

    assert answer.status_code == 422
    assert "Bitte prüfen Sie Ihre Angaben" in text_of(answer)
    assert not AccessRequest.objects.exists()


def test_one_person_is_written_down_three_times_a_day_at_most(ask):
    offices = [make_office(f"Kreis {n}", f"1509{n}", n + 10) for n in range(5)]

    answers = {text_of(ask(office=one.pk)) for one in offices}

    assert len(answers) == 1
    assert AccessRequest.objects.count() == 3


def test_one_place_is_stopped_for_a_while(ask, client):
    for number in range(10):
        client.defaults["REMOTE_ADDR"] = f"2001:db8::{number}"
        assert ask(f"p{number}@example.org").status_code == 200

    refused = ask("p10@example.org")

    assert refused.status_code == 429
    assert "zu viele Anfragen" in text_of(refused)
    assert AccessRequest.objects.count() == 10


# The decision


def test_editor_invites_and_the_person_gets_the_account(ask, editor, office):
    ask()
    tasks.sweep_account_mails()
    request = AccessRequest.objects.get()
    client = client_of(editor)
    assert "Nora Neu" in text_of(client.get(reverse("accounts_requests")))
    assert "1 Anfrage nach Zugang" in text_of(client.get("/admin/"))
    page = text_of(client.get(reverse("accounts_request", args=[request.pk])))
    assert "Neu im Amt." in page and "noch keines" in page

    client.post(reverse("accounts_request", args=[request.pk]), {"invite": ""})
    tasks.sweep_account_mails()

    request.refresh_from_db()
    assert (request.state, request.decided_by) == (AccessRequest.State.INVITED, editor)
    assert mail.outbox[-1].to == ["nora@example.org"]
    visitor = Client()
    visitor.post(LINK.search(mail.outbox[-1].body)[1], **OURS)
    assert "Nora Neu" in text_of(visitor.get(reverse("account")))
    assert "eingeladen" in text_of(client.get(reverse("accounts_requests")))


def test_editor_declines_with_a_reason(ask, editor):
    ask()
    tasks.sweep_account_mails()
    request = AccessRequest.objects.get()

    client_of(editor).post(
        reverse("accounts_request", args=[request.pk]), {"decline": "", "answer": "Bitte fragen Sie <Ihre Leitung>."}
    )
    for _sweep in range(2):
        tasks.sweep_account_mails()

    request.refresh_from_db()
    assert request.state == AccessRequest.State.DECLINED
    assert [message.to for message in mail.outbox[1:]] == [["nora@example.org"]]
    assert "Bitte fragen Sie <Ihre Leitung>." in mail.outbox[-1].body
    assert "&lt;Ihre Leitung&gt;" in mail.outbox[-1].alternatives[0][0]
    assert not Invitation.objects.exists()


def test_second_decision_is_refused(ask, editor):
    ask()
    request = AccessRequest.objects.get()
    stale = AccessRequest.objects.get()
    access_requests.invite(request, by=editor)

    with pytest.raises(Refused, match="schon entschieden"):
        access_requests.decline(stale, by=editor)
    with pytest.raises(Refused, match="schon entschieden"):
        access_requests.invite(stale, by=editor)

    assert AccessRequest.objects.get().state == AccessRequest.State.INVITED
    answer = client_of(editor).post(reverse("accounts_request", args=[request.pk]), {"decline": ""}, follow=True)
    assert "schon entschieden" in text_of(answer)


def test_request_of_somebody_who_works_there_stays_open(ask, editor, office):
    user = member(Role.COORDINATOR, email="nora@example.org")
    OfficeMembership.objects.create(user=user, office=office)
    ask()
    request = AccessRequest.objects.get()

    answer = client_of(editor).post(reverse("accounts_request", args=[request.pk]), {"invite": ""}, follow=True)

    assert "gehört zu dieser Stelle" in text_of(answer)
    request.refresh_from_db()
    assert request.state == AccessRequest.State.OPEN


def test_asking_again_after_a_refusal_is_a_new_request(ask, editor):
    ask()
    access_requests.decline(AccessRequest.objects.get(), by=editor)

    ask()

    assert AccessRequest.objects.count() == 2


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.STEERING_GROUP])
def test_coordinators_decide_nothing(ask, role):
    ask()
    client = client_of(member(role))
    key = AccessRequest.objects.get().pk

    assert client.get(reverse("accounts_requests")).status_code == 403
    assert client.post(reverse("accounts_request", args=[key]), {"invite": ""}).status_code == 403
    assert AccessRequest.objects.get().state == AccessRequest.State.OPEN


def test_decided_requests_are_forgotten_after_ninety_days(ask, editor):
    ask("alt@example.org")
    ask("offen@example.org")
    access_requests.decline(AccessRequest.objects.get(email="alt@example.org"), by=editor)

    with time_machine.travel(timezone.now() + datetime.timedelta(days=89)):
        tasks.forget_old_requests()
        assert AccessRequest.objects.count() == 2
    with time_machine.travel(timezone.now() + datetime.timedelta(days=91)):
        tasks.forget_old_requests()
        assert AccessRequest.objects.get().email == "offen@example.org"


def test_without_mail_server_the_editors_hear_later(ask, editor, settings):
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert ask().status_code == 200
    tasks.sweep_account_mails()
    assert AccessRequest.objects.get().announced_at is None

    settings.EMAIL_BACKEND = backend
    tasks.sweep_account_mails()

    assert len(mail.outbox) == 1


# The ways there


def test_login_and_refusals_lead_to_the_form(client, office):
    pages = [client.get("/konto/login/"), client.get("/gibt-es-nicht/")]

    for page in pages:
        assert f'href="{FORM}"' in page.content.decode()
    assert [page.status_code for page in pages] == [200, 404]


def test_refusal_offers_no_account_to_who_has_one(office):
    page = client_of(member(Role.COORDINATOR)).get("/admin/")

    assert page.status_code == 403
    assert f'href="{FORM}"' not in page.content.decode()


def test_refusal_names_the_contact(client, site):
    from home.models import SiteIdentity

    SiteIdentity.objects.create(email="ikoe@example.org", phone="0391 5371-271")

    page = client_of(member(Role.COORDINATOR)).get("/admin/").content.decode()
    main = page[page.index("<main") : page.index("</main>")]

    assert "mailto:ikoe@example.org" in main
    assert ">0391 5371-271</a>" in main


def test_form_without_token_gets_a_german_page(site):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(member(Role.EDITOR))

    answer = strict.post("/konto/ansehen-als/", {"level": "0"})

    assert answer.status_code == 403
    assert "Das Formular ist nicht mehr gültig" in text_of(answer)
