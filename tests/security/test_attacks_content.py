"""Attacks by what people write, and by people who may do some things and not others."""

from __future__ import annotations

import http.server
import json
import re
import threading
from contextlib import contextmanager

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.test.utils.form_data import nested_form_data, streamfield

from archive.access import Level
from archive.consents.models import PublicationConsent
from archive.intake import take_in
from archive.models import AccessRecord, Document, DocumentVersion
from home.blocks.content import CallToActionBlock
from home.models import ContentPage, CoordinationOffice
from home.roles import Role
from tests.accounts_content import client_of, member, text_of
from tests.security.logging_in import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(site):
    return client_of(member(Role.CHIEF_EDITOR, email="chefin@example.org"))


def written(text: str, *, url: str = "", entity: str = "LINK", style: str = "BOLD") -> str:
    """What the editor of rich text posts, as an attacker would write it."""
    ranges = [{"offset": 0, "length": 3, "key": 0}] if url else []
    return json.dumps(
        {
            "blocks": [
                {"key": "a", "text": text, "type": "unstyled", "depth": 0, "entityRanges": ranges,
                 "inlineStyleRanges": [{"offset": 0, "length": 3, "style": style}]}
            ],
            "entityMap": {"0": {"type": entity, "mutability": "MUTABLE", "data": {"url": url, "src": url}}},
        }
    )  # fmt: skip


def publish(client: Client, page: ContentPage, body, **fields) -> str:
    """Post the form of a page, publish it, and return what visitors get."""
    data = {"title": "Projekt", "slug": "projekt", "lead": "", "body": streamfield(body), "action-publish": "1"}
    data |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"} | fields
    client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), nested_form_data(data))
    return Client().get("/projekt/").text


# Rich text and blocks


@pytest.mark.attack("CWE-83")
@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", " JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "\x01javascript:alert(1)",
     "data:text/html,<script>alert(1)</script>", "vbscript:x", 'https://a/" onclick="alert(1)'],
)  # fmt: skip
def test_cwe_83_link_in_rich_text_runs_nothing(chief, page, url):
    html = publish(chief, page, [("text", written("Text mit Link", url=url))])

    assert "Text mit Link" in text_of(Client().get("/projekt/"))
    article = html.partition("<main")[2].partition("</main>")[0]
    assert not re.search(r"(?i)href=[\"'][^\"']*(?:script|data):", article)
    assert 'onclick="' not in article


@pytest.mark.attack("CWE-80")
def test_cwe_80_markup_in_rich_text_and_unknown_kinds_are_text(chief, page):
    blocks = [
        ("text", written("<script>alert(1)</script><img src=x onerror=alert(1)>")),
        ("text", written("Text", url="https://evil.example/x.js", entity="SCRIPT", style="SCRIPT")),
        ("text", written("Bild", url="https://evil.example/x.png", entity="IMAGE")),
        ("text", written("Film", url="https://evil.example/film", entity="EMBED")),
        ("raw_html", "<script>alert(2)</script>"),
    ]

    html = publish(chief, page, blocks)

    assert "<script>alert" not in html and "onerror=alert(1)>" not in html
    assert "evil.example" not in html


@pytest.mark.attack("CWE-184")
def test_cwe_184_addresses_of_blocks_and_offices_are_addresses_of_the_web(site):
    for address in (
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example\\@x",
        "https://a b/",
        "file:///etc/passwd",
    ):
        with pytest.raises(ValidationError):
            CallToActionBlock().clean({"text": "Los", "url": address, "page": None})
        with pytest.raises(ValidationError) as refused:
            CoordinationOffice(name="Harz", website=address).clean_fields()
        assert "website" in refused.value.message_dict


@pytest.mark.attack("CWE-91")
def test_cwe_91_title_of_a_page_adds_nothing_to_feed_and_sitemap(chief, page):
    title = "]]></title><script>alert(1)</script>&x; \x0b"
    page.title = title
    page.save_revision().publish()

    for address in ("/sitemap.xml", "/archiv/feed/"):
        assert "<script>" not in Client().get(address).text
    assert "<script>alert(1)" not in Client().get("/projekt/").text


@pytest.mark.attack("CWE-698")
def test_cwe_698_redirection_of_an_editor_runs_no_code(site):
    for number, target in enumerate(("javascript:alert(1)", "data:text/html,x", "\r\nSet-Cookie: a=b")):
        Redirect.objects.create(old_path=f"/alt-{number}", redirect_link=target, site=site)
        answer = Client(raise_request_exception=False).get(f"/alt-{number}/")
        assert answer.status_code in (400, 404, 301)
        assert not answer.get("Location", "").lower().startswith(("javascript", "data")) and not answer.cookies


@contextmanager
def listening():
    """A server inside of the network that is not ours to ask; yields its address and what it was asked."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments):
            """Nothing: the output belongs to pytest."""

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.attack("CWE-918")
def test_cwe_918_address_of_an_embed_is_not_asked(chief, page):
    with listening() as (inside, asked):
        for address in (f"{inside}/geheim", f"{inside}/video?https://www.youtube.com/watch?v=aaaaaaaaaaa"):
            chief.post(reverse("wagtailembeds:chooser_upload"), {"embed-chooser-url": address})
            publish(chief, page, [("video", {"url": address, "title": "Film", "transcript": written("Film")})])

    assert asked == []


# Searching


@pytest.mark.attack("CWE-89")
def test_cwe_89_questions_to_the_search_are_no_sql(site):
    take_in(ContentFile(b"Text"), "a.txt", document=Document(title="Streng geheim", level=Level.EDITORS))
    for query in ("' OR 1=1 --", '" OR ""="', "%' UNION SELECT password FROM cms_user --", "x') OR ('1'='1", "\\'; --"):
        for path in ("/suche/", "/archiv/"):
            answer = Client().get(path, {"q": query, "art": query, "jahr": query, "seite": query})
            assert answer.status_code == 200
            assert "Streng geheim" not in answer.text


@pytest.mark.attack("CWE-943")
def test_cwe_943_lists_of_the_admin_are_ordered_by_their_columns_only(site):
    administration = client_of(member(Role.ADMINISTRATION))
    plain = text_of(administration.get("/admin/users/results/"))

    for order in ("password", "-password", "user_permissions__codename", "?", "id; DROP TABLE cms_user"):
        answer = administration.get("/admin/users/results/", {"ordering": order, "password__startswith": "pbkdf2"})
        assert answer.status_code == 200
        assert text_of(answer) == plain


# Addresses


@pytest.mark.attack("CWE-178")
def test_cwe_178_letter_that_looks_alike_gets_no_link_of_somebody_else(site):
    owner = make_user("besitzin@example.org", Role.COORDINATOR)
    for alike in ("bes\u0131tzin@example.org", "besitzin@examp\u217ce.org", "\uff42esitzin@example.org"):
        for name in ("account_reset_password", "account_request_login_code"):
            Client().post(reverse(name), {"email": alike})

    links = [message for message in mail.outbox if "/konto/password/reset/key/" in message.body]
    assert all(message.to == [owner.email] for message in links)
    codes = [message for message in mail.outbox if "Code" in message.subject]
    assert all(message.to == [owner.email] for message in codes)


# What somebody else may do


@pytest.mark.attack("CWE-285")
def test_cwe_285_editor_cannot_publish(page):
    editor = client_of(member(Role.EDITOR))

    publish(editor, page, [], title="Vom Entwurf zur Seite")
    editor.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    editor.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))

    page.refresh_from_db()
    assert (page.title, page.live) == ("Projekt", True)


@pytest.mark.attack("CWE-269")
@pytest.mark.parametrize("role", [Role.EDITOR, Role.CHIEF_EDITOR])
def test_cwe_269_editors_make_nobody_more_than_they_are(site, role):
    user = member(role)
    client, boss = client_of(user), Group.objects.get(name=Role.ADMINISTRATION)
    fields = {"email": user.email, "first_name": "E", "last_name": "B", "is_active": "on", "is_superuser": "on",
              "groups": [boss.pk]}  # fmt: skip

    client.post(reverse("wagtailusers_users:edit", args=[user.pk]), fields)
    client.post(reverse("wagtailusers_users:add"), fields | {"email": "neu@example.org", "password1": "x" * 20})
    client.post(reverse("wagtailusers_groups:edit", args=[boss.pk]), {"name": "Koordination"})
    client.post(reverse("wagtailadmin_account"), {"name_email-email": "a@example.org", "is_superuser": "on"})

    user.refresh_from_db()
    assert not user.is_superuser and list(user.groups.values_list("name", flat=True)) == [role]
    assert get_user_model().objects.count() == 1
    assert Group.objects.get(pk=boss.pk).name == Role.ADMINISTRATION


@pytest.mark.attack("CWE-266")
def test_cwe_266_administration_gives_no_rights_beyond_the_roles(site):
    boss = client_of(member(Role.ADMINISTRATION))
    group = Group.objects.get(name=Role.EDITOR)
    before = set(group.permissions.values_list("pk", flat=True))

    boss.post(
        reverse("wagtailusers_groups:edit", args=[group.pk]), {"name": group.name, "permissions": ["1", "2", "3"]}
    )
    boss.post(reverse("wagtailusers_groups:add"), {"name": "Alles", "permissions": ["1"]})

    assert set(group.permissions.values_list("pk", flat=True)) == before
    assert not Group.objects.filter(name="Alles").exists()


@pytest.mark.attack("CWE-862")
def test_cwe_862_lists_of_people_are_for_the_roles_that_need_them(site):
    addresses = {
        "accesses": reverse("archive_accesses"),
        "export": reverse("newsletter_export"),
        "import": reverse("newsletter_import"),
        "proof": reverse("newsletter_find_proof"),
        "subscribers": reverse("subscriber:index"),
        "users": reverse("wagtailusers_users:index"),
        "invitations": reverse("accounts_invite"),
        "requests": reverse("accounts_requests"),
    }
    of_editors = {"invitations", "requests"}
    allowed = {
        Role.COORDINATOR: set(),
        Role.STEERING_GROUP: set(),
        Role.EDITOR: of_editors,
        Role.CHIEF_EDITOR: of_editors | {"proof", "subscribers"},
        Role.ADMINISTRATION: set(addresses),
    }

    for role, names in allowed.items():
        client = client_of(member(role, email=f"{role.name.lower()}@example.org"))
        answers = {name: client.get(address) for name, address in addresses.items()}
        assert {name for name, answer in answers.items() if answer.status_code == 200} == names, role


@pytest.mark.attack("CWE-639")
def test_cwe_639_what_belongs_to_one_document_is_not_changed_by_way_of_another(chief):
    one, other = (
        take_in(ContentFile(name.encode()), f"{name}.txt", document=Document(title=name)).document
        for name in ("Eins", "Zwei")
    )
    consent = PublicationConsent.objects.create(document=one, person="Kim", scope="public", given_on="2026-01-01")

    wrong = chief.post(reverse("archive_withdraw_consent", args=[other.pk, consent.pk]), {"withdrawn_on": "2026-01-02"})
    gone = chief.post(reverse("archive_withdraw_version", args=[other.pk, 99]), {"reason": "Versehen"})

    consent.refresh_from_db()
    assert (wrong.status_code, gone.status_code) == (404, 404)
    assert consent.withdrawn_on is None
    assert not DocumentVersion.objects.filter(withdrawn_at__isnull=False).exists()


@pytest.mark.attack("CWE-915")
def test_cwe_915_form_of_a_document_decides_no_more_than_its_fields(site):
    editor = client_of(member(Role.EDITOR))
    document = take_in(ContentFile(b"Text"), "a.txt", document=Document(title="A", people="named")).document

    editor.post(
        reverse("wagtaildocs:edit", args=[document.pk]),
        {"title": "A", "level": "0", "publication_agreed": "on", "current_version": "", "deleted_at": "2020-01-01",
         "uploaded_by_user": "1", "file_hash": "0" * 40, "id": "77"},
    )  # fmt: skip

    stored = Document.with_tombstones.get()
    assert (stored.pk, stored.publication_agreed, stored.deleted_at) == (document.pk, False, None)
    assert stored.current_version == document.current_version


@pytest.mark.attack("CWE-425")
def test_cwe_425_pages_of_wagtail_that_the_site_does_not_use_are_closed(site):
    coordinator = client_of(member(Role.COORDINATOR))
    for path in ("/admin/", "/admin/api/main/pages/", "/admin/reports/site-history/", "/admin/pages/1/edit/",
                 "/admin/images/", "/admin/account/", "/documents/1/a.pdf", "/api/v2/pages/"):  # fmt: skip
        assert coordinator.get(path).status_code in (302, 403, 404), path
        assert Client().get(path).status_code in (302, 404), path


@pytest.mark.attack("CWE-497")
def test_cwe_497_probes_and_headers_tell_no_versions(site, client):
    for path in ("/healthz", "/readyz", "/", "/gibt-es-nicht/"):
        answer = client.get(path)
        told = f"{answer.text[:200] if path.endswith('z') else ''}{dict(answer.headers)}"
        assert not re.search(r"(?i)django|wagtail|python|gunicorn|sqlite|postgres|redis|\d+\.\d+\.\d+", told), path


@pytest.mark.attack("CWE-359")
def test_cwe_359_record_of_who_read_what_cannot_be_taken_away_as_a_list(site):
    reader = member(Role.COORDINATOR)
    document = take_in(ContentFile(b"x"), "a.txt", document=Document(title="Lesen", level=Level.COORDINATION)).document
    AccessRecord.objects.create(user=reader, version=document.current_version, at="2026-01-01T00:00:00Z")
    boss = client_of(member(Role.ADMINISTRATION, email="verwaltung@example.org"))

    exported = boss.get(reverse("archive_accesses"), {"export": "csv"})

    assert "attachment" not in exported.get("Content-Disposition", "")
