"""Guessing passwords, codes and addresses: it is stopped, and it locks nobody else out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cms.accounts import limits
from cms.models import AttemptCount
from home.roles import Role
from tests.accounts_content import PASSWORD, TOTP_SECRET, member, totp
from tests.security.logging_in import ATTACKER, OWNER, at, is_in, log_in, make_user, strip_tokens

pytestmark = pytest.mark.django_db
WRONG = "falsch-falsch-falsch"


def guess(client: Client, times: int, email: str = "besitz@example.org") -> None:
    for _guess in range(times):
        # The guard against load of one network is another matter, and in the cache.
        cache.clear()
        log_in(client, email, WRONG)


@pytest.mark.attack("CWE-645")
def test_cwe_645_thousand_wrong_logins_from_one_network_lock_nobody_out(owner):
    attacker = at(ATTACKER)
    for _guess in range(1000):
        log_in(attacker, owner.email, WRONG)

    log_in(attacker, owner.email, PASSWORD)
    owners = at(OWNER)
    log_in(owners, owner.email, PASSWORD)

    assert not is_in(attacker), "the right guess came after the end"
    assert is_in(owners)


@pytest.mark.attack("CWE-307")
def test_cwe_307_guesses_with_one_account_end_after_five(owner):
    attacker = at(ATTACKER)
    guess(attacker, 5)

    answer = log_in(attacker, owner.email, PASSWORD)

    assert "Zu viele Versuche" in answer.text
    assert not is_in(attacker)


def test_limit_ends_by_itself(owner):
    client = at(ATTACKER)
    guess(client, 6)

    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        log_in(client, owner.email, PASSWORD)

    assert is_in(client)


@pytest.mark.attack("CWE-799")
def test_cwe_799_one_network_tries_one_account_twenty_times_a_day(owner):
    attacker = at(ATTACKER)
    looked_at = 0
    for hour in range(20):
        with time_machine.travel(timezone.now() + timedelta(hours=hour)):
            cache.clear()
            for _guess in range(5):
                cache.clear()
                looked_at += "Zu viele Versuche" not in log_in(attacker, owner.email, WRONG).text

    assert looked_at == 20


def test_right_passwords_are_no_guesses(owner):
    for _login in range(25):
        client = at(OWNER)
        cache.clear()
        log_in(client, owner.email, PASSWORD)

        assert is_in(client)


@pytest.mark.attack("CWE-521")
def test_cwe_521_one_password_for_many_accounts_ends_with_the_network(owner):
    attacker = at(ATTACKER)
    for number in range(limits.PASSWORD.place.most):
        guess(attacker, 1, f"person-{number}@example.org")

    log_in(attacker, owner.email, PASSWORD)

    assert not is_in(attacker)


@pytest.mark.attack("CWE-290")
def test_cwe_290_guessing_through_many_networks_ends_and_the_known_network_stays_open(owner):
    log_in(at(OWNER), owner.email, PASSWORD)
    for number in range(limits.PASSWORD.strangers.most):
        log_in(at(f"198.51.100.{number}"), owner.email, WRONG)

    stranger, owners = at("192.0.2.1"), at(OWNER)
    log_in(stranger, owner.email, PASSWORD)
    log_in(owners, owner.email, PASSWORD)

    assert not is_in(stranger)
    assert is_in(owners)


@pytest.mark.attack("CWE-348")
def test_cwe_348_forwarded_addresses_and_ipv6_make_no_new_network(owner, settings):
    for number in range(5):
        cache.clear()
        log_in(Client(REMOTE_ADDR=ATTACKER, HTTP_X_FORWARDED_FOR=f"192.0.2.{number}"), owner.email, WRONG)
        log_in(at(f"2001:db8::{number}"), owner.email, WRONG)

    by_header = Client(REMOTE_ADDR=ATTACKER, HTTP_X_FORWARDED_FOR="192.0.2.99")
    by_address = at("2001:db8::ffff")
    for client in (by_header, by_address):
        log_in(client, owner.email, PASSWORD)
        assert not is_in(client)


@pytest.mark.attack("CWE-636")
def test_cwe_636_lost_redis_opens_no_door(owner, settings):
    settings.CACHES = settings.CACHES | {
        "default": {"BACKEND": "cms.cache.FailOpenRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    attacker = at(ATTACKER)
    for _guess in range(5):
        log_in(attacker, owner.email, WRONG)

    log_in(attacker, owner.email, PASSWORD)
    owners = at(OWNER)
    log_in(owners, owner.email, PASSWORD)

    assert not is_in(attacker)
    assert is_in(owners)


@pytest.mark.attack("CWE-308")
def test_cwe_308_codes_of_the_second_factor_cannot_be_guessed(site):
    user = make_user("person@example.org", Role.EDITOR, factor=True)
    attacker = at(ATTACKER)
    log_in(attacker, user.email)
    for _guess in range(5):
        cache.clear()
        attacker.post(reverse("mfa_authenticate"), {"code": "000000"})

    answer = attacker.post(reverse("mfa_authenticate"), {"code": totp(TOTP_SECRET)})
    owners = at(OWNER)
    log_in(owners, user.email)
    owners.post(reverse("mfa_authenticate"), {"code": totp(TOTP_SECRET)})

    assert "Zu viele falsche Codes" in answer.text
    assert not is_in(attacker)
    assert is_in(owners)


@pytest.mark.attack("CWE-294")
def test_cwe_294_code_of_the_app_is_good_once(site):
    user = make_user("person@example.org", Role.EDITOR, factor=True)
    code = totp(TOTP_SECRET)
    entered = []

    for address in (OWNER, ATTACKER):
        client = at(address)
        log_in(client, user.email)
        client.post(reverse("mfa_authenticate"), {"code": code})
        entered.append(is_in(client))

    assert entered == [True, False]


@pytest.mark.attack("CWE-620")
def test_cwe_620_old_password_cannot_be_guessed_in_an_open_browser(owner):
    client = at(OWNER)
    client.force_login(owner)
    new = "acht-zwerge-im-harz"
    for old in [WRONG] * 5 + [PASSWORD]:
        cache.clear()
        answer = client.post(
            reverse("account_change_password"), {"oldpassword": old, "password1": new, "password2": new}
        )

    assert "Zu viele Versuche" in answer.text
    owner.refresh_from_db()
    assert owner.check_password(PASSWORD)


# Codes by mail


def ask_for_code(client: Client, email: str):
    cache.clear()
    return client.post(reverse("account_request_login_code"), {"email": email}, follow=True)


@pytest.mark.attack("CWE-406")
def test_cwe_406_nobody_can_flood_a_mailbox_or_keep_the_owner_from_a_code(owner):
    # A new session each time: in one, allauth does not ask twice.
    answers = [ask_for_code(at(ATTACKER), owner.email) for _request in range(9)]
    sent_to_attacker = len(mail.outbox)

    ask_for_code(at(OWNER), owner.email)

    assert sent_to_attacker == limits.MAIL.here[0].most
    assert len(mail.outbox) == sent_to_attacker + 1
    assert "zu viele E-Mails" in answers[-1].text


@pytest.mark.attack("CWE-940")
def test_cwe_940_site_is_no_relay_for_mails_to_strangers(site):
    for number in range(limits.UNKNOWN_ADDRESSES.most + 3):
        ask_for_code(at(f"198.51.100.{number}"), f"fremd-{number}@example.net")

    assert len(mail.outbox) == limits.UNKNOWN_ADDRESSES.most


@pytest.mark.attack("CWE-330")
def test_cwe_330_login_code_ends_after_three_wrong_guesses(owner):
    client = at(OWNER)
    ask_for_code(client, owner.email)
    code = re.findall(r"^[A-Z0-9]{3,}-?[A-Z0-9]{3,}$", str(mail.outbox[-1].body), re.MULTILINE)[0]
    for wrong in ("AAAAAA", "BBBBBB", "CCCCCC"):
        client.post(reverse("account_confirm_login_code"), {"code": wrong})

    client.post(reverse("account_confirm_login_code"), {"code": code})

    assert not is_in(client)


# Who has an account


class CountingHasher(MD5PasswordHasher):
    """Hashing is what takes time at a login: counts it."""

    hashed = 0

    def encode(self, password, salt):
        type(self).hashed += 1
        return super().encode(password, salt)


@pytest.mark.attack("CWE-208")
def test_cwe_208_every_kind_of_account_costs_one_hash(owner, settings):
    settings.PASSWORD_HASHERS = ["tests.security.test_login_limits.CountingHasher"]
    people = {
        "with password": owner,
        "without password": member(Role.COORDINATOR, email="ohne@example.org"),
        "locked": member(Role.COORDINATOR, email="gesperrt@example.org", is_active=False),
    }
    people["without password"].set_unusable_password()
    for user in people.values():
        if user.has_usable_password():
            user.set_password(PASSWORD)
        user.save()
    hashes, pages = {}, set()

    for name, email in {**{name: user.email for name, user in people.items()}, "unknown": "wer@example.org"}.items():
        before = CountingHasher.hashed
        answer = log_in(Client(), email, WRONG)
        hashes[name] = CountingHasher.hashed - before
        pages.add((answer.status_code, strip_tokens(answer.text).replace(email, "")))

    assert hashes == dict.fromkeys(hashes, 1)
    assert len(pages) == 1


@pytest.mark.attack("CWE-204")
@pytest.mark.parametrize("view", ["account_reset_password", "account_request_login_code"])
def test_cwe_204_limits_of_mails_are_the_same_for_unknown_addresses(owner, view):
    pages = []
    for email in (owner.email, "niemand@example.org"):
        for _request in range(7):
            cache.clear()
            answer = Client().post(reverse(view), {"email": email}, follow=True)
        pages.append((answer.redirect_chain, strip_tokens(answer.text).replace(email, "")))

    assert pages[0] == pages[1]
    sent = [message.to[0] for message in mail.outbox]
    assert sent.count(owner.email) == sent.count("niemand@example.org") == limits.MAIL.here[0].most


@pytest.mark.attack("CWE-203")
def test_cwe_203_stopped_guesses_look_alike_for_unknown_addresses(owner):
    pages = []
    for email in (owner.email, "niemand@example.org"):
        client = at(ATTACKER)
        guess(client, 6, email)
        answer = log_in(client, email, WRONG)
        pages.append((answer.status_code, strip_tokens(answer.text).replace(email, "")))

    assert pages[0] == pages[1]


# What is written down


def test_counters_name_nobody_and_are_deleted(owner):
    guess(at(ATTACKER), 3)
    log_in(at(OWNER), owner.email, PASSWORD)

    rows = repr(list(AttemptCount.objects.values()))
    assert owner.email not in rows and ATTACKER not in rows and OWNER not in rows
    assert limits.forget_old() == 0
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        limits.forget_old()
        assert not AttemptCount.objects.exists()


def test_logins_and_stopped_guesses_stand_in_the_log_without_address(owner, caplog):
    log_in(at(OWNER), owner.email, PASSWORD)
    guess(at(ATTACKER), 9)

    entries = ModelLogEntry.objects.exclude(action="cms.roles_changed").order_by("timestamp")
    assert [(entry.action, entry.object_id, entry.message) for entry in entries] == [
        ("cms.logged_in", str(owner.pk), "Angemeldet"),
        ("cms.login_stopped", str(owner.pk), "Nach zu vielen falschen Versuchen gebremst (Passwort)"),
    ]
    assert ATTACKER not in repr(list(entries.values()))
    assert "too many attempts: password" in caplog.text
    assert owner.email not in caplog.text and ATTACKER not in caplog.text
