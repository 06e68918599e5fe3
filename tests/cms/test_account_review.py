"""Once a year somebody looks at every account. And help for those who have lost the second factor."""

from __future__ import annotations

import datetime
import io
import json
import logging

import pytest
import redis
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cms import tasks
from cms.accounts import mails, review, second_factor
from home.models import Invitation, OfficeMembership
from home.roles import Role
from tests.accounts_content import PASSWORD, TOTP_SECRET, client_of, make_office, member, text_of
from tests.contents import made_once

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - datetime.timedelta(days=400)
User = get_user_model()


def old_member(*roles: Role, email: str, **fields):
    return member(*roles, email=email, date_joined=LONG_AGO, **fields)


@made_once
def people(site):
    """One of each kind, all older than a year."""
    return {
        "editor": old_member(Role.EDITOR, email="redaktion@example.org", last_name="Redaktion"),
        "administration": old_member(Role.ADMINISTRATION, email="verwaltung@example.org", last_name="Verwaltung"),
        "boss": old_member(email="chefin@example.org", last_name="Chefin", is_superuser=True),
        "coordinator": old_member(Role.COORDINATOR, email="stelle@example.org", last_name="Stelle"),
        "steering": old_member(Role.STEERING_GROUP, email="gruppe@example.org", last_name="Gruppe"),
    }


def listed(client: Client, people, query: str = "") -> set[str]:
    page = text_of(client.get(reverse("accounts_review") + query))
    return {name for name, user in people.items() if user.email in page}


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("editor", {"coordinator", "steering"}),
        ("administration", {"editor", "coordinator", "steering"}),
        ("boss", {"editor", "administration", "coordinator", "steering"}),
    ],
)
def test_everybody_sees_the_accounts_they_look_after(people, who, seen):
    assert listed(client_of(people[who]), people) == seen


def test_young_and_confirmed_and_locked_accounts_are_not_due(people):
    member(Role.COORDINATOR, email="neu@example.org")
    User.objects.filter(pk=people["coordinator"].pk).update(reviewed_on=timezone.localdate())
    User.objects.filter(pk=people["steering"].pk).update(is_active=False)
    client = client_of(people["editor"])

    assert listed(client, people) == set()
    assert "Alles erledigt" in text_of(client.get(reverse("accounts_review")))
    assert listed(client, people, "?alle") == {"coordinator"}


def test_confirmation_holds_for_a_year(people):
    client = client_of(people["editor"])
    keys = [people["coordinator"].pk, people["steering"].pk]

    client.post(reverse("accounts_review"), {"account": keys, "confirm": ""})

    assert listed(client, people) == set()
    entries = ModelLogEntry.objects.filter(action=review.CONFIRMED)
    assert {entry.object_id for entry in entries} == {str(key) for key in keys}
    with time_machine.travel(timezone.now() + datetime.timedelta(days=366)):
        assert listed(client_of(people["editor"]), people) == {"coordinator", "steering"}


def test_locking_asks_first_and_ends_sessions(people):
    user = people["coordinator"]
    office = make_office()
    OfficeMembership.objects.create(user=user, office=office)
    Invitation.objects.create(
        email=user.email, office=make_office("Saalekreis", "15088", 4), token_hash="x", expires_at=timezone.now()
    )
    theirs = Client()
    theirs.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert theirs.get(reverse("account")).status_code == 200
    client = client_of(people["editor"])

    question = client.post(reverse("accounts_review"), {"account": [user.pk], "lock": ""})
    user.refresh_from_db()
    assert user.is_active and user.email in text_of(question)
    client.post(reverse("accounts_review"), {"account": [user.pk], "lock": "", "sure": "1"})

    user.refresh_from_db()
    assert not user.is_active
    assert not user.office_memberships.exists()
    assert not Invitation.objects.exists()
    assert theirs.get(reverse("account")).status_code == 302
    assert not theirs.session.keys()
    assert ModelLogEntry.objects.get(action=review.DEACTIVATED).user == people["editor"]


@pytest.mark.parametrize("button", [{"confirm": ""}, {"lock": "", "sure": "1"}])
def test_nobody_touches_accounts_above_or_the_own(people, button):
    for who, others in [
        ("editor", ("editor", "administration", "boss")),
        ("administration", ("administration", "boss")),
        ("boss", ("boss",)),
    ]:
        keys = [people[name].pk for name in others]

        client_of(people[who]).post(reverse("accounts_review"), {"account": keys, **button})

    assert User.objects.filter(is_active=True, reviewed_on=None).count() == len(people)


@pytest.mark.parametrize("keys", [[], ["x"], ["9" * 30], ["0"]])
def test_nothing_chosen_is_said(people, keys):
    answer = client_of(people["editor"]).post(reverse("accounts_review"), {"account": keys, "confirm": ""}, follow=True)

    assert "kreuzen Sie zuerst an" in text_of(answer)


def test_coordinators_review_nobody(people):
    assert client_of(people["coordinator"]).get(reverse("accounts_review")).status_code == 403


# The reminder


def test_reminder_goes_to_those_who_have_something_to_do(people, broker, caplog):
    with caplog.at_level(logging.DEBUG):
        tasks.call_for_review()
        for user in people.values():
            mails.remind_of_review(user.pk)

    sent = {message.to[0]: message.body for message in mail.outbox}
    assert set(sent) == {"redaktion@example.org", "verwaltung@example.org", "chefin@example.org"}
    assert "2 Konten wurden" in sent["redaktion@example.org"]
    assert "3 Konten wurden" in sent["verwaltung@example.org"]
    assert "/admin/zugaenge/pruefen/" in sent["redaktion@example.org"]
    assert "stelle@example.org" not in "".join(sent.values())
    assert "@example.org" not in caplog.text


def test_reminder_does_not_run_out_before_the_task_has_tried_again(people, broker):
    tasks.call_for_review()

    with redis.Redis.from_url(broker) as server:
        headers = [json.loads(message)["headers"] for message in server.lrange("default", 0, -1)]
    assert [header["task"] for header in headers] == ["cms.tasks.remind_of_review"] * 2
    assert {header["expires"] for header in headers} == {None}


def test_no_reminder_without_need(people):
    User.objects.update(reviewed_on=timezone.localdate())

    tasks.call_for_review()
    tasks.remind_of_review(people["administration"].pk)

    assert mail.outbox == []


def test_first_page_of_the_admin_tells_what_is_due(people):
    page = text_of(client_of(people["editor"]).get("/admin/"))

    assert "2 Konten zu prüfen" in page


# The second factor


@pytest.fixture
def locked_out(site):
    user = member(Role.EDITOR, email="verloren@example.org", first_name="Lena", last_name="Los")
    TOTP.activate(user, TOTP_SECRET)
    RecoveryCodes.activate(user)
    return user


def reset_address(user) -> str:
    return reverse("accounts_reset_factor", args=[user.pk])


def test_administration_takes_a_lost_factor_off(locked_out, people):
    client = client_of(people["administration"])
    edit = reverse("wagtailusers_users:edit", args=[locked_out.pk])
    assert reset_address(locked_out) in client.get(edit).content.decode()
    assert "am Telefon" in text_of(client.get(reset_address(locked_out)))
    assert Authenticator.objects.count() == 2

    client.post(reset_address(locked_out))

    assert not Authenticator.objects.exists()
    assert mail.outbox[-1].to == [locked_out.email]
    assert "entfernt" in mail.outbox[-1].body
    assert ModelLogEntry.objects.get(action="cms.second_factor_reset").object_id == str(locked_out.pk)
    assert reset_address(locked_out) not in client.get(edit).content.decode()


def test_after_the_reset_staff_sets_up_a_new_factor_first(locked_out, people, settings):
    settings.STAFF_MFA = "optional"
    client_of(people["administration"]).post(reset_address(locked_out))
    settings.STAFF_MFA = "required"
    client = Client()

    client.post(reverse("account_login"), {"login": locked_out.email, "password": PASSWORD})

    assert client.get("/admin/").url == reverse("mfa_index")


def test_only_administrators_reset_administrators_and_nobody_the_own(locked_out, people):
    for user in (people["boss"], people["administration"]):
        TOTP.activate(user, TOTP_SECRET)
    number = Authenticator.objects.count()

    for who, whose in [
        (people["administration"], people["boss"]),
        (people["administration"], people["administration"]),
        (people["boss"], people["boss"]),
        (people["editor"], locked_out),
        (people["coordinator"], locked_out),
    ]:
        assert client_of(who).post(reset_address(whose)).status_code in (302, 403)

    assert Authenticator.objects.count() == number
    client_of(people["boss"]).post(reset_address(people["administration"]))
    assert not Authenticator.objects.filter(user=people["administration"]).exists()


def test_lost_mail_server_is_told_to_the_administration(locked_out, people, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    answer = client_of(people["administration"]).post(reset_address(locked_out), follow=True)

    assert "sagen Sie der Person selbst Bescheid" in text_of(answer)
    assert not Authenticator.objects.exists()


def test_account_without_factor_has_nothing_to_reset(people):
    client = client_of(people["administration"])

    answer = client.post(reset_address(people["coordinator"]), follow=True)

    assert "kein zweiter Faktor eingerichtet" in text_of(answer)
    assert mail.outbox == []


def test_operator_helps_the_last_administrator_on_the_command_line(site):
    boss = get_user_model().objects.create_superuser("admin@example.org", PASSWORD)
    TOTP.activate(boss, TOTP_SECRET)

    call_command("reset_second_factor", "Admin@example.org", stdout=io.StringIO())

    assert not boss.authenticator_set.exists()
    assert ModelLogEntry.objects.filter(action=second_factor.RESET, user=None).count() == 1
    for address, reason in (("admin@example.org", "kein zweiter Faktor"), ("wer@example.org", "kein Konto")):
        with pytest.raises(CommandError, match=reason):
            call_command("reset_second_factor", address)
