"""Attacks with requests: headers, addresses and forms."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.signing import Signer
from django.core.signing import dumps as sign
from django.test import Client
from django.urls import reverse

from home.models import AccessRequest, BarrierReport
from home.roles import Role
from home.visitor_forms import time_token
from tests.accounts_content import OURS, PASSWORD, client_of, make_office, member, shown_before
from tests.routes import views
from tests.security.logging_in import log_in

pytestmark = pytest.mark.django_db
EVIL = "evil.invalid"


# Headers


@pytest.mark.attack("CWE-644")
def test_cwe_644_link_to_a_new_password_never_names_a_host_of_the_request(visitor):
    user = member(Role.COORDINATOR)
    for headers in (
        {"host": EVIL},
        {"host": f"testserver:80@{EVIL}"},
        {"host": "testserver", "x-forwarded-host": EVIL},
    ):
        visitor.post(reverse("account_reset_password"), {"email": user.email}, headers=headers)

    assert len(mail.outbox) == 1
    assert EVIL not in mail.outbox[0].body and "http://testserver/konto/" in mail.outbox[0].body


@pytest.mark.attack("CWE-349")
def test_cwe_349_no_header_of_a_reader_changes_what_the_proxy_keeps_for_all(visitor):
    plain = visitor.get("/termine/").content
    poison = {
        "x-forwarded-host": EVIL, "x-host": EVIL, "forwarded": f"host={EVIL}", "x-original-url": "/admin/",
        "x-rewrite-url": "/admin/", "x-forwarded-prefix": f"//{EVIL}", "x-forwarded-scheme": "gopher",
        "x-http-method-override": "DELETE", "x-forwarded-port": "1337", "true-client-ip": "127.0.0.1",
    }  # fmt: skip

    for name, value in poison.items():
        answer = visitor.get("/termine/", headers={name: value})
        assert (answer.status_code, answer.content) == (200, plain), name


@pytest.mark.attack("CWE-650")
def test_cwe_650_other_methods_change_nothing(site, client):
    user = member(Role.COORDINATOR)
    client.force_login(user)
    for method in ("put", "delete", "patch", "trace"):
        getattr(client, method)(reverse("account_logout"))
        client.get(reverse("account_logout"), HTTP_X_HTTP_METHOD_OVERRIDE="POST")
    client.get("/konto/login/", {"_method": "DELETE"})

    assert client.get(reverse("account")).status_code == 200


@pytest.mark.attack("CWE-1021")
def test_cwe_1021_no_page_can_be_framed_by_another_site(visitor):
    framed = []
    for route, _view in views():
        if re.search(r"[<(\\\[]", route) or route.startswith("admin/"):
            continue
        answer = visitor.get(f"/{route}")
        answer.getvalue()
        policy = answer.get("Content-Security-Policy", "")
        if "frame-ancestors 'none'" not in policy or answer["X-Frame-Options"] != "DENY":
            framed.append(route)

    assert framed == []


@pytest.mark.attack("CWE-1275")
def test_cwe_1275_cookies_do_not_come_along_from_other_sites(site, client):
    log_in(client, member(Role.COORDINATOR).email, PASSWORD)

    assert {cookie["samesite"] for cookie in client.cookies.values()} == {"Lax"}
    assert {cookie["domain"] for cookie in client.cookies.values()} == {""}


@pytest.mark.attack("CWE-113")
@pytest.mark.parametrize(
    "target", ["/%0d%0aSet-Cookie:%20b=c", "/x\r\nSet-Cookie: b=c", "/x\nLocation: //evil.example"]
)
def test_cwe_113_target_of_a_redirection_adds_no_header(site, client, target):
    answer = log_in(client, member(Role.COORDINATOR).email, PASSWORD, next=target)

    assert "b" not in client.cookies
    assert "\n" not in answer["Location"] and "\r" not in answer["Location"]


# Redirections


@pytest.mark.attack("CWE-601")
@pytest.mark.parametrize(
    "target", [f"//{EVIL}/", f"https://{EVIL}/", f"/\\{EVIL}", "javascript:alert(1)", f"/\t/{EVIL}"]
)
def test_cwe_601_reports_of_the_admin_lead_back_to_the_site_only(site, target):
    editor = client_of(member(Role.CHIEF_EDITOR))

    answer = editor.post(reverse("home_review_page", args=[site.root_page.pk]), {"next": target})

    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/")


@pytest.mark.attack("CWE-1022")
def test_cwe_1022_path_with_two_slashes_leads_to_no_other_site(visitor):
    for path in (f"//{EVIL}/termine", f"//{EVIL}//termine", f"/\\{EVIL}/termine", f"/en//{EVIL}"):
        answer = visitor.get(path)
        location = answer.get("Location", "")
        assert not location.startswith(("//", "/\\", "http:", "https:")), path


# Forms


@pytest.mark.attack("CWE-352")
def test_cwe_352_no_form_behind_a_login_works_without_its_token(site):
    exempt = {route for route, view in views() if getattr(view, "csrf_exempt", False)}
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(member(Role.ADMINISTRATION))
    forms = ["account_logout", "account_change_password", "account_view_as", "mfa_index", "usersessions_list"]
    forms += ["accounts_invite", "accounts_review", "privacy_person", "newsletter_import", "wagtailusers_users:add"]

    statuses = {name: strict.post(reverse(name), {"x": "y"}).status_code for name in forms}

    # Visitors have no cookie; these look at where a request comes from (`same_origin_only`).
    behind_login = {route for route in exempt if route.startswith(("admin/", "^admin/", "konto/", "^konto/"))}
    reading = {route for route in behind_login if route.startswith("admin/api/main/")}
    assert behind_login - reading == {"konto/einladung/<str:token>/", "konto/zugang-anfragen/"}
    assert {strict.post(f"/admin/api/main/{kind}/").status_code for kind in ("pages", "images", "documents")} <= {
        403,
        405,
    }
    assert statuses == dict.fromkeys(forms, 403)


@pytest.mark.attack("CWE-346")
@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": "null"}, {"origin": f"https://{EVIL}"}, {"origin": f"http://testserver.{EVIL}"},
     {"sec-fetch-site": "same-site"}, {"sec-fetch-site": "none"}, {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
     {"referer": "http://testserver/"}],
)  # fmt: skip
def test_cwe_346_forms_of_visitors_come_from_this_site(visitor, headers):
    make_office()

    for path in ("/konto/zugang-anfragen/", "/barrierefreiheit/melden/", "/newsletter/einstellungen/"):
        assert visitor.post(path, {"message": "x", "shown": shown_before()}, headers=headers).status_code == 403


@pytest.mark.attack("CWE-345")
def test_cwe_345_time_of_a_form_cannot_be_made_up(visitor):
    tokens = ["", "0", "0.AAAA", "1e9." + "A" * 43, Signer(key="x", salt="home.form", sep=".").sign("0"), sign("0"),
              time_token().replace(".", ".A"), "\ufeff" + time_token(), "9" * 5000]  # fmt: skip
    for token in tokens:
        answer = visitor.post("/barrierefreiheit/melden/", {"message": "Meldung", "shown": token}, **OURS)
        assert answer.status_code == 422, token

    assert not BarrierReport.objects.exists()


@pytest.mark.attack("CWE-915")
def test_cwe_915_fields_that_a_form_does_not_have_are_left_alone(visitor):
    office = make_office()
    visitor.post(
        "/konto/zugang-anfragen/",
        {"name": "Kim", "email": "kim@example.org", "office": office.pk, "shown": shown_before(), "state": "invited",
         "decided_by": 1, "id": 77, "answer": "ja", "is_superuser": "on"},
        **OURS,
    )  # fmt: skip
    visitor.post(
        "/barrierefreiheit/melden/",
        {"message": "x", "shown": shown_before(), "answered_at": "2020-01-01", "note": "erledigt", "pk": 9},
        **OURS,
    )

    request, report = AccessRequest.objects.get(), BarrierReport.objects.get()
    assert (request.state, request.decided_by, request.answer) == ("open", None, "")
    assert (report.answered_at, report.note) == (None, "")
    assert (request.pk, report.pk) != (77, 9)


@pytest.mark.attack("CWE-235")
def test_cwe_235_parameter_that_comes_twice_means_one_thing(site, client):
    user = member(Role.COORDINATOR, email="besitz@example.org")
    body = "email=besitz%40example.org&email=evil%40example.net"
    client.post(reverse("account_request_login_code"), body, content_type="application/x-www-form-urlencoded")
    client.post(f"{reverse('account_reset_password')}?email=besitz%40example.org", {"email": "evil@example.net"})

    assert [message.to for message in mail.outbox] == [["evil@example.net"]] * 2
    assert all("gibt es kein Konto" in message.body for message in mail.outbox)
    assert user.email not in "".join(message.body for message in mail.outbox)


@pytest.mark.attack("CWE-770")
def test_cwe_770_ten_thousand_fields_are_refused(visitor):
    fields = {f"f{number}": "" for number in range(10_001)}
    for path in ("/konto/login/", "/barrierefreiheit/melden/", "/konto/zugang-anfragen/"):
        assert visitor.post(path, fields, **OURS).status_code == 400, path


@pytest.mark.attack("CWE-789")
def test_cwe_789_body_of_megabytes_is_refused(visitor):
    for path in ("/konto/login/", "/barrierefreiheit/melden/", "/konto/2fa/webauthn/login/"):
        body = b"message=" + b"x" * 3_000_000
        answer = visitor.post(path, body, content_type="application/x-www-form-urlencoded", **OURS)
        assert answer.status_code in (400, 413), path


@pytest.mark.attack("CWE-400")
def test_cwe_400_thousands_of_files_are_refused(visitor):
    part = "--x\r\nContent-Disposition: form-data; name=f; filename=a\r\n\r\n\r\n"

    answer = visitor.post("/konto/login/", part * 500 + "--x--\r\n", content_type="multipart/form-data; boundary=x")

    assert answer.status_code == 400


@pytest.mark.attack("CWE-20")
@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data", "multipart/form-data; boundary=", "text/plain", "\xff/x", "application/json",
     "application/x-www-form-urlencoded; charset=utf-7"],
)  # fmt: skip
def test_cwe_20_body_of_another_kind_is_an_empty_form(visitor, content_type):
    for path in ("/konto/login/", "/barrierefreiheit/melden/"):
        answer = visitor.generic("POST", path, b"\x00\xff{}", content_type=content_type, **OURS)
        assert answer.status_code in (200, 400, 403, 422), path


@pytest.mark.attack("CWE-674")
@pytest.mark.parametrize(
    "credential",
    ["[" * 100_000, '{"a":' * 100_000, "[]", "1", "null", '"x"', "{}", '{"id": "\\ud800", "rawId": "\\ud800"}',
     '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": "AA", "authenticatorData": "AA", '
     '"clientDataJSON": "AA", "signature": "AA"}}', "NaN", "9" * 5000, '{"response": null}'],
    ids=lambda value: value[:12],
)  # fmt: skip
def test_cwe_674_credential_of_a_passkey_may_be_anything(visitor, credential):
    visitor.get("/konto/2fa/webauthn/login/", HTTP_X_REQUESTED_WITH="XMLHttpRequest")

    answer = visitor.post("/konto/2fa/webauthn/login/", {"credential": credential})

    assert answer.status_code in (200, 302, 400)
    assert "_auth_user_id" not in visitor.session


@pytest.mark.attack("CWE-158")
def test_cwe_158_nul_and_half_characters_in_every_field_get_an_answer(visitor):
    make_office()
    values = (
        "a\0b@example.org",
        "\ud800".encode("utf-8", "surrogatepass"),
        b"\xff\xfe@example.org",
        "\ufffe",
        "\u202e",
    )
    failed = []
    for path in ("/konto/login/", "/konto/login/code/", "/konto/password/reset/", "/konto/zugang-anfragen/",
                 "/barrierefreiheit/melden/", "/newsletter/einstellungen/"):  # fmt: skip
        for value in values:
            names = ("login", "password", "email", "name", "message", "reason", "page", "office", "website")
            answer = visitor.post(path, dict.fromkeys(names, value) | {"shown": shown_before()}, **OURS)
            if answer.status_code >= 500:
                failed.append((path, value))

    assert failed == []
