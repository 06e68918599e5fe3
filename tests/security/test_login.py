"""Login: no way around the second factor, no open redirect, no hint who has an account."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.urls import reverse

from home.roles import Role
from tests.accounts_content import PASSWORD, TOTP_SECRET, totp
from tests.contents import made_once
from tests.routes import plain_paths
from tests.security.logging_in import log_in, make_user, strip_tokens

pytestmark = pytest.mark.django_db


@made_once
def editor(site):
    """Staff with a second factor."""
    return make_user("redaktion@example.org", Role.CHIEF_EDITOR, factor=True)


@made_once
def coordinator(site):
    """Has no password: a code by mail is the only way in."""
    return make_user("koordination@example.org", Role.COORDINATOR, password=None)


def request_code(client: Client, email: str) -> str:
    """Ask for a login code and return the one in the mail."""
    client.post(reverse("account_request_login_code"), {"email": email})
    return re.findall(r"^[A-Z0-9]{3,}-?[A-Z0-9]{3,}$", str(mail.outbox[-1].body), re.MULTILINE)[0]


def may_use_admin(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


# The second factor


@pytest.mark.slow
def test_every_route_with_the_password_only_leaves_the_admin_closed(editor):
    routes = plain_paths()
    routes |= {f"/{language}/_util/login/" for language, _name in django_settings.LANGUAGES}
    credentials = {"login": editor.email, "email": editor.email, "username": editor.email, "password": PASSWORD}
    assert {"/konto/login/", "/admin/login/", "/_util/login/", "/konto/reauthenticate/"} <= routes
    entered = []

    for route in sorted(routes):
        client = Client(raise_request_exception=False)
        # Read to its end: then the test client closes the file behind it, and not the database with it.
        b"".join(client.post(route, credentials | {"next": "/admin/"}, follow=True))
        if "_auth_user_id" in client.session or may_use_admin(client):
            entered.append(route)

    assert entered == []


def test_password_and_app_code_open_the_admin(editor, client):
    answer = log_in(client, editor.email, next="/admin/")
    assert answer.url.startswith(reverse("mfa_authenticate"))
    assert not may_use_admin(client)

    client.post(reverse("mfa_authenticate"), {"code": totp(TOTP_SECRET)})

    assert may_use_admin(client)


def test_recovery_code_opens_the_admin_once(editor, client):
    code = RecoveryCodes(editor.authenticator_set.get(type="recovery_codes")).get_unused_codes()[0]
    log_in(client, editor.email)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert may_use_admin(client)

    second = Client()
    log_in(second, editor.email)
    second.post(reverse("mfa_authenticate"), {"code": code})

    assert not may_use_admin(second)


def test_login_code_does_not_replace_the_second_factor(editor, client):
    code = request_code(client, editor.email)

    answer = client.post(reverse("account_confirm_login_code"), {"code": code})

    assert answer.url.startswith(reverse("mfa_authenticate"))
    assert not may_use_admin(client)


def test_new_password_by_mail_does_not_replace_the_second_factor(editor, client):
    client.post(reverse("account_reset_password"), {"email": editor.email})
    link = re.search(r"https?://testserver(\S+)", mail.outbox[-1].body)[1]
    form = client.get(link, follow=True)
    new = "acht-zwerge-im-harz"

    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})

    assert not may_use_admin(client)
    log_in(client, editor.email, new)
    assert not may_use_admin(client)
    editor.refresh_from_db()
    assert editor.check_password(new)


# Staff without a second factor


@pytest.mark.parametrize("role", [Role.EDITOR, Role.CHIEF_EDITOR, Role.ADMINISTRATION])
def test_staff_must_set_up_a_second_factor(site, client, settings, role):
    settings.STAFF_MFA = "required"
    user = make_user("neu@example.org", role)

    first = log_in(client, user.email)

    assert client.get(first.url).url == reverse("mfa_index")
    for path in ("/admin/", "/admin/pages/", "/admin/documents/", "/archiv/", "/"):
        assert client.get(path).url == reverse("mfa_index")
    page = client.get(reverse("mfa_index"))
    assert "zweiten Faktor" in page.content.decode()


@pytest.mark.django_db(transaction=True)  # The mail goes out with the commit.
def test_staff_can_set_up_an_app_and_then_use_the_admin(site, client, settings, django_capture_on_commit_callbacks):
    settings.STAFF_MFA = "required"
    user = make_user("neu@example.org", Role.EDITOR)
    log_in(client, user.email)

    question = client.get(reverse("mfa_activate_totp")).url
    assert question.startswith(reverse("account_reauthenticate"))
    form = client.post(question, {"password": PASSWORD}, follow=True)
    assert 'src="data:image/svg+xml;base64,' in form.content.decode()
    secret = form.context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": totp(secret)})

    assert answer.status_code == 302
    assert may_use_admin(client)
    assert mail.outbox[-1].subject == "IKOE: Authenticator-App eingerichtet"


def test_optional_second_factor_lets_staff_in(site, client, settings):
    settings.STAFF_MFA = "optional"
    user = make_user("neu@example.org", Role.EDITOR)

    log_in(client, user.email)

    assert may_use_admin(client)


def test_coordinators_need_no_second_factor_and_get_a_clear_answer_at_the_admin(coordinator, client, settings):
    settings.STAFF_MFA = "required"
    code = request_code(client, coordinator.email)

    answer = client.post(reverse("account_confirm_login_code"), {"code": code})

    assert client.get(answer.url).status_code == 200
    refused = client.get("/admin/")
    assert refused.status_code == 403
    assert "fehlt Ihnen der Zugang" in refused.content.decode()


# Doors beside the door


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/admin/login/?next=/admin/pages/", "/konto/login/?next=/admin/pages/"),
        ("/_util/login/?next=/intern/", "/konto/login/?next=/intern/"),
        ("/en/_util/login/", "/konto/login/"),
        ("/admin/password_reset/", "/konto/password/reset/"),
        ("/admin/password_reset/confirm/MQ/set-password/", "/konto/password/reset/"),
        ("/konto/email/", "/konto/"),
        ("/konto/confirm-email/MQ:1abc/", "/konto/"),
    ],
)
def test_other_doors_lead_to_the_account_pages(site, client, path, target):
    answer = client.get(path)

    assert (answer.status_code, answer.url) == (302, target)


def test_admin_asks_visitors_to_log_in_and_brings_them_back(site, client):
    answer = client.get("/admin/pages/", follow=True)

    assert unquote(answer.redirect_chain[-1][0]) == "/konto/login/?next=/admin/pages/"


def test_nobody_can_sign_up(site, client):
    page = client.get(reverse("account_signup"))
    client.post(reverse("account_signup"), {"email": "neu@example.org", "password1": PASSWORD})

    assert "Zugang gibt es auf Einladung" in page.content.decode()
    assert not get_user_model().objects.filter(email="neu@example.org").exists()


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "https:evil.example", "javascript:alert(1)"],
)
def test_login_never_leads_to_another_site(coordinator, client, target):
    user = make_user("mit-passwort@example.org", Role.COORDINATOR)

    by_password = log_in(client, user.email, next=target)
    client.post(reverse("account_logout"))
    code = request_code(client, coordinator.email)
    by_code = client.post(reverse("account_confirm_login_code"), {"code": code, "next": target})
    logout = client.post(reverse("account_logout"), {"next": target})
    from_admin = client.get("/admin/login/", {"next": target})

    for answer in (by_password, by_code, logout):
        assert answer.status_code == 302
        assert urlsplit(answer.url).netloc == "" and "evil" not in answer.url
    assert urlsplit(from_admin.url)[:3] == ("", "", "/konto/login/")


# No hint who has an account


def test_wrong_password_and_unknown_address_look_alike(editor):
    pages = []
    for email in (editor.email, "niemand@example.org"):
        answer = log_in(Client(), email, "falsch-falsch-falsch")
        pages.append((answer.status_code, strip_tokens(answer.content.decode()).replace(email, "")))

    assert pages[0] == pages[1]
    assert "stimmen nicht überein" in pages[0][1]


@pytest.mark.parametrize("view", ["account_reset_password", "account_request_login_code"])
def test_asking_for_a_mail_looks_alike_for_unknown_addresses(editor, view):
    pages = []
    for email in (editor.email, "niemand@example.org"):
        answer = Client().post(reverse(view), {"email": email}, follow=True)
        page = strip_tokens(answer.content.decode()).replace(email, "")
        pages.append((answer.redirect_chain, page))

    assert pages[0] == pages[1]
    assert [message.to for message in mail.outbox] == [[editor.email], ["niemand@example.org"]]
    assert "gibt es kein Konto" in mail.outbox[1].body


def test_too_many_wrong_passwords_are_stopped_for_a_while(editor, client):
    for _attempt in range(5):
        log_in(client, editor.email, "falsch-falsch-falsch")

    answer = log_in(client, editor.email, PASSWORD)

    assert answer.status_code == 200
    assert "Zu viele" in answer.content.decode()


# Mails and addresses


def test_accounts_get_a_confirmed_address_however_they_are_made(site, client):
    user = get_user_model().objects.create_user("  Neu.Person@Example.org ")
    assert list(EmailAddress.objects.values_list("user", "email", "primary", "verified")) == [
        (user.pk, "neu.person@example.org", True, True)
    ]

    user.email = "andere@example.org"
    user.save()

    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["andere@example.org"]
    code = request_code(client, "ANDERE@example.org")
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert client.get(reverse("account")).status_code == 200


def test_code_mail_is_german_and_goes_over_a_real_server(coordinator, client, smtp_server):
    client.post(reverse("account_request_login_code"), {"email": coordinator.email})

    (received,) = smtp_server.received
    assert received.recipients == [coordinator.email]
    assert received.message["Subject"] == "IKOE: Ihr Code zum Anmelden"
    assert "15 Minuten" in received.message.get_body(("plain",)).get_content()


def test_lost_mail_server_is_a_sentence_and_not_an_error_page(coordinator, client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    answer = client.post(reverse("account_request_login_code"), {"email": coordinator.email}, follow=True)

    assert answer.status_code == 200
    assert "konnte gerade nicht verschickt werden" in answer.content.decode()


# Where requests come from


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "address"),
    [
        ([], "203.0.113.5", "198.51.100.1", "203.0.113.5"),
        (["10.0.0.0/8"], "10.0.0.2", "198.51.100.1", "198.51.100.1"),
        (["10.0.0.0/8"], "10.0.0.2", "192.0.2.66, 198.51.100.1, 10.0.0.9", "198.51.100.1"),
        (["10.0.0.0/8"], "203.0.113.5", "198.51.100.1", "203.0.113.5"),
        (["10.0.0.0/8"], "", "198.51.100.1", "198.51.100.1"),
        ([], "", "", "127.0.0.1"),
        (["10.0.0.0/8"], "10.0.0.2", "unknown", "127.0.0.1"),
    ],
)
def test_client_address_is_believed_from_trusted_proxies_only(rf, settings, proxies, peer, forwarded, address):
    from cms.accounts.login import AccountAdapter

    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)

    assert AccountAdapter(request).get_client_ip(request) == address
