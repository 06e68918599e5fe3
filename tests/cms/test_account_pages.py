"""The pages below /konto/: our own templates, in German, for everybody who has an account."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils.html import strip_tags

from cms.templatetags.accounts import device, has_security_key
from home.models import OfficeMembership
from home.roles import Role
from tests.accounts_content import PASSWORD, TOTP_SECRET, make_office, member

pytestmark = pytest.mark.django_db
ENGLISH = re.compile(r"\b(the|your|you|sign in|email|password|please|add|remove|change|sessions)\b", re.IGNORECASE)

VISITOR = ["account_login", "account_signup", "account_reset_password", "account_reset_password_done",
           "account_request_login_code", "account_inactive", "account_reset_password_from_key_done",
           "account_request_access"]  # fmt: skip
PERSON = ["account", "account_change_password", "account_logout", "usersessions_list", "mfa_index",
          "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn", "account_reauthenticate"]  # fmt: skip
PERSON_WITH_FACTOR = ["mfa_index", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
                      "mfa_reauthenticate"]  # fmt: skip


@pytest.fixture
def person(site, client):
    """Logged in, and has just confirmed the password, which the second factor asks for."""
    user = member(email="da@example.org", first_name="Nora", last_name="Neu")
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return user


def check(client, address: str) -> str:
    response = client.get(address)

    assert response.status_code == 200, address
    html = response.content.decode()
    assert html.count("<h1") == 1
    own = {template.name: template.origin.name for template in response.templates if template.name}
    foreign = {name for name, origin in own.items() if not origin.startswith(str(settings.BASE_DIR / "templates"))}
    # Allauth's base_*.html only pass on to our layout; the others belong to the frame of every page or to widgets.
    assert {name for name in foreign if name.startswith(("account/", "mfa/", "usersessions/"))} <= {
        name for name in foreign if "/base" in name
    }
    main = html[html.index("<main") : html.index("</main>")]
    text = strip_tags(re.sub(r"<script\b.*?</script>", "", main, flags=re.DOTALL)).replace("Mozilla", "")
    assert not ENGLISH.search(re.sub(r"\S+@\S+", "", text)), text
    return text


@pytest.mark.parametrize("name", ["account_login", "account_request_login_code", "account_reset_password"])
def test_the_address_has_the_same_name_wherever_it_is_asked_for(client, site, name):
    assert "E-Mail-Adresse" in re.findall(r"<label[^>]*>([^<]*)", client.get(reverse(name)).content.decode())


@pytest.mark.parametrize("name", VISITOR)
def test_pages_for_visitors(site, client, name):
    check(client, reverse(name))


def test_login_code_pages(person, client):
    client.post(reverse("account_logout"))
    client.post(reverse("account_request_login_code"), {"email": person.email})

    assert person.email in check(client, reverse("account_confirm_login_code"))


def test_pages_for_people(person, client):
    for name in PERSON:
        check(client, reverse(name))


def test_pages_for_people_with_a_second_factor(person, client):
    TOTP.activate(person, TOTP_SECRET)
    RecoveryCodes.activate(person)
    key = Authenticator.objects.create(user=person, type="webauthn", data={"name": "Schlüsselbund", "credential": {}})

    for name in PERSON_WITH_FACTOR:
        check(client, reverse(name))
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        check(client, reverse(name, args=[key.pk]))
    key.delete()
    client.post(reverse("account_logout"))
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert "Sicherheitsschlüssel" not in check(client, reverse("mfa_authenticate"))


def test_only_people_with_a_security_key_are_asked_for_it(person):
    assert not has_security_key(person)

    Authenticator.objects.create(user=person, type="webauthn", data={"name": "Schlüsselbund", "credential": {}})

    assert has_security_key(person)


def test_overview_shows_roles_office_and_ways(person, client):
    OfficeMembership.objects.create(user=person, office=make_office())
    person.groups.add(Group.objects.get(name=Role.COORDINATOR))

    text = check(client, reverse("account"))

    assert "Nora Neu" in text
    assert "Landkreis Harz" in text
    assert "Koordination" in text
    assert "Zum Archiv" in text
    assert "Zur Redaktion" not in text


@pytest.mark.parametrize(
    ("roles", "sentence"),
    [
        ([], "dasselbe wie alle Besucherinnen und Besucher"),
        ([Role.COORDINATOR], "nur für die Koordinierungsstellen bestimmt"),
        ([Role.COORDINATOR, Role.STEERING_GROUP], "die für die Steuerungsgruppe"),
        ([Role.EDITOR], "Sie sehen alles"),
    ],
)
def test_overview_says_in_plain_words_what_one_sees(person, client, roles, sentence):
    person.groups.set(Group.objects.filter(name__in=roles))

    text = check(client, reverse("account"))

    assert sentence in text
    assert "auf 1 Gerät angemeldet" in text
    assert ("Ansehen als" in text) == (Role.EDITOR in roles)


def test_editors_choose_as_whom_to_look(person, client):
    person.groups.add(Group.objects.get(name=Role.EDITOR))

    text = check(client, reverse("account_view_as"))

    assert all(label in text for label in ("Öffentlichkeit", "Koordination", "Steuerungsgruppe"))


def test_fields_have_a_label_and_no_second_one_inside(site, client):
    for name in ("account_login", "account_request_login_code", "account_reset_password"):
        html = client.get(reverse(name)).content.decode()
        assert "<label" in html and "placeholder=" not in html


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox auf Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
            "Safari/537.36 Edg/126.0.0.0",
            "Edge auf Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari auf iOS",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36",
            "Chrome auf Android",
        ),
        ("curl/8.8.0", "unbekannter Browser"),
        ("", "unbekannter Browser"),
    ],
)
def test_sessions_are_told_apart_in_words(user_agent, words):
    assert device(user_agent) == words


def test_overview_asks_visitors_to_log_in(site, client):
    assert client.get(reverse("account")).url == "/konto/login/?next=/konto/"


def test_account_without_password_can_set_one(site, client):
    user = get_user_model().objects.create_user("ohne@example.org")
    client.force_login(user)

    assert "Passwort festlegen" in check(client, reverse("account"))
    client.post(reverse("account_set_password"), {"password1": PASSWORD, "password2": PASSWORD})

    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_other_sessions_can_be_ended(person, client):
    from django.test import Client

    other = Client()
    other.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert other.get(reverse("account")).status_code == 200

    client.post(reverse("usersessions_list"))

    assert other.get(reverse("account")).status_code == 302
    assert client.get(reverse("account")).status_code == 200
