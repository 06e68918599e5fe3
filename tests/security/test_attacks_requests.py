"""Attacks with requests: headers, addresses, forms, tokens and logs."""

from __future__ import annotations

import json
import logging
import re
import signal
from contextlib import contextmanager

import pytest
from allauth.account.utils import user_pk_to_url_str
from django.core import mail
from django.core.signing import Signer
from django.core.signing import dumps as sign
from django.test import Client
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse
from kombu.exceptions import ContentDisallowed
from kombu.serialization import dumps, loads

from cms.accounts import invitations, mails
from cms.celery import app
from home.models import AccessRequest, BarrierReport, Invitation
from home.roles import Role
from home.search import analysis, phrases
from home.visitor_forms import time_token
from newsletter.bounces import parsing
from tests.accounts_content import OURS, PASSWORD, client_of, make_office, member, shown_before
from tests.security.test_every_route import routes
from tests.security.test_login import log_in

pytestmark = pytest.mark.django_db
EVIL = "evil.invalid"


@pytest.fixture
def visitor(site):
    return Client(raise_request_exception=False)


@contextmanager
def hanging_is_failing(seconds: int = 20):
    """A pattern that takes a step for every way to read a text takes years: that is what this ends, no time is told."""

    def stop(*_arguments):
        raise AssertionError("It hangs.")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


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
    for route in routes(get_resolver()):
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


def views(resolver, prefix: str = ""):
    """Every address of the site with its view."""
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from views(pattern, route)
        else:
            yield route, pattern.callback


@pytest.mark.attack("CWE-352")
def test_cwe_352_no_form_behind_a_login_works_without_its_token(site):
    exempt = {route for route, view in views(get_resolver()) if getattr(view, "csrf_exempt", False)}
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


# Tokens


@pytest.mark.attack("CWE-640")
def test_cwe_640_link_to_a_new_password_works_once_and_dies_with_the_old_one(site):
    user = member(Role.COORDINATOR)
    Client().post(reverse("account_reset_password"), {"email": user.email})
    link = re.search(r"https?://testserver(\S+)", mail.outbox[-1].body)[1]
    new = "acht-zwerge-im-harz"

    def use(password: str) -> None:
        client = Client()
        form = client.get(link, follow=True)
        target = form.redirect_chain[-1][0] if form.redirect_chain else link
        client.post(target, {"password1": password, "password2": password})

    use(new)
    use("fuenf-zwerge-im-harz")

    user.refresh_from_db()
    assert user.check_password(new)


@pytest.mark.attack("CWE-347")
def test_cwe_347_link_to_a_new_password_cannot_be_made_for_somebody_else(site):
    user, other = member(Role.COORDINATOR), member(Role.EDITOR, email="andere@example.org")
    Client().post(reverse("account_reset_password"), {"email": user.email})
    path, own, rest = re.search(r"testserver(/konto/password/reset/key/)([^-]+)-(\S+?)/", mail.outbox[-1].body).groups()
    foreign = user_pk_to_url_str(other)
    for key in (f"{foreign}-{rest}", f"{own}-{rest}x", f"{own}-set-password", f"{foreign}-set-password", "-", "0-0"):
        client = Client()
        client.post(f"{path}{key}/", {"password1": "neun-zwerge-im-harz", "password2": "neun-zwerge-im-harz"})

    for one in (user, other):
        one.refresh_from_db()
        assert one.check_password(PASSWORD)


@pytest.mark.attack("CWE-598")
def test_cwe_598_pages_with_a_token_in_their_address_tell_it_to_nobody(visitor):
    office = make_office()
    token = invitations.new_token(invitations.invite("neu@example.org", office, by=member(Role.EDITOR)))
    for path in (f"/konto/einladung/{token}/", "/newsletter/abmelden/x/", "/newsletter/einstellungen/x/",
                 "/newsletter/bestaetigen/x/", "/archiv/teilen/x/"):  # fmt: skip
        answer = visitor.get(path)
        assert answer["Referrer-Policy"] in ("same-origin", "no-referrer"), path
        assert "no-store" in answer["Cache-Control"], path
        assert not re.search(r'(?:src|href)="https?://(?!testserver)', answer.text), path


@pytest.mark.attack("CWE-287")
def test_cwe_287_invitation_is_no_login_for_somebody_else(site):
    office = make_office()
    editor = member(Role.EDITOR, email="redaktion@example.org")
    token = invitations.new_token(invitations.invite(editor.email, office, by=member(Role.ADMINISTRATION)))
    client = Client()

    client.post(f"/konto/einladung/{token}/", **OURS)

    assert "_auth_user_id" not in client.session, "whoever may do more than read logs in as always"
    assert Invitation.objects.get().accepted_by == editor


# What text can do


@pytest.mark.attack("CWE-1333")
@pytest.mark.parametrize(
    "text", ["der " * 60_000, "A-" * 60_000, '"' * 120_000, "ä\u0301" * 60_000, "Aund" * 30_000, "1.-" * 40_000]
)
def test_cwe_1333_words_of_a_search_are_found_in_any_text(text):  # fmt: skip
    with hanging_is_failing():
        list(phrases.pairs(text))
        list(analysis.words(text))


@pytest.mark.attack("CWE-1333")
def test_cwe_1333_search_of_any_length_gets_an_answer(visitor):
    with hanging_is_failing():
        for query in (
            '"' * 3000,
            "(" * 3000,
            "a* " * 1000,
            "NEAR(" * 500,
            "x" * 7000,
            "-" * 3000,
            "a" + "\u0308" * 3000,
        ):
            for path in ("/suche/", "/archiv/"):
                assert visitor.get(path, {"q": query}).status_code in (200, 400, 414)


@pytest.mark.attack("CWE-1286")
def test_cwe_1286_bounces_nested_without_end_are_read(db):
    nested = (
        b"Content-Type: multipart/report; boundary=a\n\n" + b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 2000
    )

    with hanging_is_failing():
        parsing.parse(nested)


@pytest.mark.attack("CWE-117")
def test_cwe_117_address_cannot_write_a_line_of_the_log(visitor, caplog):
    with caplog.at_level(logging.WARNING):
        visitor.get("/gibt-es-nicht%0a2026-01-01 ERROR root angemeldet/")
        visitor.get("/x", headers={"host": "evil\nERROR root"})
        log_in(visitor, "a\nERROR root@example.org", "x")

    lines = [record.getMessage() for record in caplog.records]
    assert lines and not any("\n" in line for line in lines)


@pytest.mark.attack("CWE-93")
def test_cwe_93_name_of_a_visitor_adds_no_header_to_a_mail(visitor):
    office = make_office()
    editor = member(Role.EDITOR)
    fields = {"name": "Kim\r\nBcc: evil@example.net", "email": "kim@example.org", "office": office.pk,
              "reason": "a\r\n.\r\nMAIL FROM:<evil@example.net>", "shown": shown_before()}  # fmt: skip
    visitor.post("/konto/zugang-anfragen/", fields, **OURS)
    visitor.post(
        "/barrierefreiheit/melden/",
        {"message": "x", "email": "kim@example.org\nBcc: evil@example.net", "shown": shown_before()},
        **OURS,
    )
    for request in AccessRequest.objects.all():
        mails.announce_request(request.pk)

    assert not BarrierReport.objects.exists()
    for message in mail.outbox:
        assert message.recipients() == [editor.email]
        assert "evil@example.net" not in str(message.message()["Subject"])
        assert message.message()["Bcc"] is None


@pytest.mark.attack("CWE-502")
def test_cwe_502_workers_read_no_pickles():
    body, content_type, encoding = dumps({"x": 1}, serializer="pickle")

    with pytest.raises(ContentDisallowed):
        loads(body, content_type, encoding, accept=app.conf.accept_content)
    assert set(app.conf.accept_content) == {"json"}


@pytest.mark.attack("CWE-565")
def test_cwe_565_session_is_nothing_that_a_browser_can_write(site):
    user = member(Role.ADMINISTRATION)
    session = {
        "_auth_user_id": str(user.pk),
        "_auth_user_backend": "allauth.account.auth_backends.AuthenticationBackend",
    }
    for value in (
        sign(session, salt="django.contrib.sessions.backends.signed_cookies"),
        json.dumps(session),
        "../" * 9,
        "\0",
    ):
        client = Client()
        client.cookies["session"] = value
        assert client.get("/admin/").status_code == 302


@pytest.mark.attack("CWE-209")
def test_cwe_209_error_page_tells_nothing_of_the_program(visitor, settings):
    settings.ROOT_URLCONF = "tests.security.failing_urls"

    answer = visitor.get("/kaputt/")

    assert answer.status_code == 500
    for word in ("Traceback", "SECRET", "geheimer Grund", "tests/", "Exception"):
        assert word not in answer.text
    assert 'lang="de"' in answer.text


@pytest.mark.attack("CWE-1336")
def test_cwe_1336_signs_of_a_template_stay_signs(site, client):
    office = make_office()
    name = "{{ 7|add:7 }}{% debug %}{{ settings.SECRET_KEY }}${7*7}"
    Client().post(
        "/konto/zugang-anfragen/",
        {"name": name, "email": "kim@example.org", "office": office.pk, "reason": name, "shown": shown_before()},
        **OURS,
    )
    member(Role.EDITOR)
    mails.announce_request(AccessRequest.objects.get().pk)

    assert name in mail.outbox[0].body
    assert "14" not in mail.outbox[0].subject


@pytest.mark.attack("CWE-841")
def test_cwe_841_second_step_of_the_login_is_none_without_the_first(site):
    member(Role.EDITOR)
    for name in ("mfa_authenticate", "account_confirm_login_code", "mfa_reauthenticate", "account_reauthenticate"):
        client = Client()
        client.post(reverse(name), {"code": "000000", "password": PASSWORD})
        assert "_auth_user_id" not in client.session, name


@pytest.mark.attack("CWE-306")
def test_cwe_306_second_factor_is_set_up_by_who_knows_the_password_only(site):
    """An open browser is not enough to add a factor of one's own, or to see the recovery codes."""
    client = client_of(member(Role.EDITOR))

    for name in ("mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"):
        try:
            answer = client.get(reverse(name))
        except NoReverseMatch:
            continue
        assert answer.status_code in (302, 403, 404), name
        assert "secret" not in answer.text
