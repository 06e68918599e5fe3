"""An editor who looks at the site as somebody else sees exactly what that somebody sees."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client, RequestFactory, TestCase
from django.urls import reverse
from django.utils import timezone

from archive.access import Level, level_of
from archive.intake import take_in
from archive.models import Document, DocumentLeaf, DownloadCount
from archive.viewing import SESSION_KEY, ViewingMiddleware
from home.roles import Role
from tests.accounts_content import client_of, member, text_of
from tests.contents import made_once
from tests.editions_content import make_edition, make_series

pytestmark = pytest.mark.django_db
VIEW_AS = "/konto/ansehen-als/"
BAR = re.compile(r'\n<aside class="viewing".*?</aside>\n', re.DOTALL)
DOCUMENTS = {
    "public": {"level": Level.PUBLIC},
    "coordination": {"level": Level.COORDINATION},
    "steering": {"level": Level.STEERING_GROUP},
    "editors": {"level": Level.EDITORS},
    "embargoed": {"level": Level.PUBLIC, "embargo_until": "2999-01-01"},
    "expired": {"level": Level.COORDINATION, "expires_on": "2001-01-01"},
}
TELLING = re.compile(rf"Titel-\w+|Inhalt (?:{'|'.join(DOCUMENTS)})|\d+ Dokumente?|fehlt Ihnen der Zugang")
# Who is imitated, and by what the imitation is measured.
MODELS = {
    Level.PUBLIC: None,
    Level.COORDINATION: Role.COORDINATOR,
    Level.STEERING_GROUP: Role.STEERING_GROUP,
}


@made_once
def documents(site):
    edition = make_edition(make_series(site.root_page), start_date=timezone.localdate())
    made = {}
    for name, fields in DOCUMENTS.items():
        document = Document(title=f"Titel-{name}", summary="Stammtisch", edition=edition, **fields)
        taken = take_in(ContentFile(f"Inhalt {name}".encode()), f"{name}.txt", document=document)
        leaf = DocumentLeaf(version=taken.version, number=1, text="Stammtisch")
        leaf.image.save("1.webp", ContentFile(b"RIFF    WEBP"))
        made[name] = taken.document
    gone = Document(title="Titel-deleted", level=Level.COORDINATION)
    made["deleted"] = take_in(ContentFile(b"weg"), "weg.txt", document=gone).document
    with TestCase.captureOnCommitCallbacks(execute=True):
        made["deleted"].delete()
    return made


def viewer(level: Level, role: Role = Role.EDITOR) -> Client:
    client = client_of(member(role, email="redaktion@example.org"))
    assert client.post(VIEW_AS, {"level": int(level), "next": "/archiv/"}).url == "/archiv/"
    return client


def imitated(level: Level) -> Client:
    role = MODELS[level]
    return client_of(member(role, email="vorbild@example.org")) if role else Client()


def addresses(documents) -> list[str]:
    """Every way to a document that the site has."""
    keys = [document.pk for document in documents.values()]
    parts = {"document": [], "file": [], "version_file": [1], "leaf_image": [1, 1]}
    single = [reverse(f"archive:{route}", args=[key, *more]) for route, more in parts.items() for key in keys]
    return [
        *single,
        reverse("archive:document", args=[max(keys) + 1]),
        "/archiv/",
        "/archiv/?q=Stammtisch",
        "/archiv/?jahr=2024",
        "/archiv/zip/?ausgabe=13",
        f"/archiv/zip/?{'&'.join(f'dokument={key}' for key in keys)}",
        "/archiv/zip/?dokument=999999",
        "/ideenwerkstatt/13/",
        "/ideenwerkstatt/",
        "/suche/?q=Titel",
        "/",
    ]


def seen(client: Client, address: str) -> tuple[int, str]:
    """Status and body, without the bar and without what differs with every answer."""
    response = client.get(address)
    body = response.getvalue()
    if response.get("Content-Type") == "application/zip":
        with zipfile.ZipFile(BytesIO(body)) as archive:
            return response.status_code, str({name: archive.read(name) for name in archive.namelist()})
    return response.status_code, BAR.sub("", body.decode(errors="replace"))


def visible_to_eye(page: tuple[int, str]) -> tuple[int, list[str]]:
    """Status and titles: what does not depend on the name and the rights of the person."""
    return page[0], TELLING.findall(page[1])


@pytest.mark.slow  # every address of every document, twice
def test_the_public_sees_the_same_byte_for_byte(documents):
    editor, visitor = viewer(Level.PUBLIC), Client()

    differing = [one for one in addresses(documents) if seen(editor, one) != seen(visitor, one)]

    assert differing == []
    statuses = {seen(editor, one)[0] for one in addresses(documents)}
    assert statuses == {200, 404}, "404 and never 403, as for visitors"


@pytest.mark.parametrize("level", [Level.COORDINATION, Level.STEERING_GROUP])
@pytest.mark.slow  # every address of every document, twice
def test_the_levels_between_see_the_same_documents(documents, level):
    editor, reader = viewer(level), imitated(level)

    for one in addresses(documents):
        assert visible_to_eye(seen(editor, one)) == visible_to_eye(seen(reader, one)), one


@pytest.mark.parametrize("role", [Role.EDITOR, Role.CHIEF_EDITOR, Role.ADMINISTRATION, None])
def test_everybody_who_sees_everything_can_look_down(documents, role):
    fields = {"is_superuser": role is None}
    client = client_of(member(*([role] if role else []), **fields))
    secret = reverse("archive:document", args=[documents["editors"].pk])
    assert client.get(secret).status_code == 200

    client.post(VIEW_AS, {"level": int(Level.COORDINATION)})
    assert client.get(secret).status_code == 403
    client.post(VIEW_AS, {"level": int(Level.PUBLIC)})
    assert client.get(secret).status_code == 404
    client.post(VIEW_AS, {"level": "", "next": "/"})

    assert client.get(secret).status_code == 200


def test_bar_stands_on_every_public_page_and_ends_it(documents):
    client = viewer(Level.COORDINATION)

    for address in ("/", "/archiv/", "/archiv/999999/", "/konto/", "/gibt-es-nicht/"):
        page = client.get(address)
        assert "Sie sehen die Website als: Koordination" in text_of(page), address
        assert f'name="next" value="{address}"' in page.content.decode()
    client.post(VIEW_AS, {"level": "", "next": "/archiv/"})

    assert "Sie sehen die Website als" not in text_of(client.get("/archiv/"))


def test_answers_are_kept_by_no_cache(documents):
    client = viewer(Level.PUBLIC)

    for address in ("/", "/archiv/", "/ideenwerkstatt/13/", reverse("archive:file", args=[documents["public"].pk])):
        answer = client.get(address)
        answer.getvalue()  # To the end, so that the file is closed.
        assert answer["Cache-Control"] == "private, no-store", address
    assert "no-store" not in Client().get("/archiv/").get("Cache-Control", "")


def test_admin_and_account_stay_as_they_are(documents):
    client = viewer(Level.PUBLIC)

    assert client.get("/admin/").status_code == 200
    assert "Sie sehen die Website als" not in text_of(client.get("/admin/"))
    listing = text_of(client.get(reverse("wagtaildocs:index")))
    assert "Titel-editors" in listing
    account = text_of(client.get("/konto/"))
    assert "redaktion@example.org" in account and "Sie sehen alles" in account


def test_downloads_of_an_editor_are_not_counted(documents):
    client = viewer(Level.PUBLIC)

    answer = client.get(reverse("archive:file", args=[documents["public"].pk]))

    assert answer.getvalue() == b"Inhalt public"
    assert not DownloadCount.objects.exists()


def test_preview_in_the_admin_is_not_changed(documents):
    editor = member(Role.CHIEF_EDITOR)
    request = RequestFactory().get("/", HTTP_COOKIE="session=x")
    request.user, request.session, request.is_dummy = editor, {SESSION_KEY: int(Level.PUBLIC)}, True

    ViewingMiddleware(lambda _request: HttpResponse())(request)

    assert request.user is editor and level_of(request.user) == Level.EDITORS


# It only takes away


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.STEERING_GROUP])
def test_readers_cannot_choose(documents, role):
    client = client_of(member(role))

    assert client.get(VIEW_AS).status_code == 403
    assert client.post(VIEW_AS, {"level": int(Level.STEERING_GROUP)}).status_code == 403

    assert client.get(reverse("archive:document", args=[documents["editors"].pk])).status_code == 403
    assert "Ansehen als" not in text_of(client.get("/konto/"))


@pytest.mark.parametrize("value", [int(Level.STEERING_GROUP), int(Level.EDITORS), 99, "30", "x", None, [1], True])
def test_session_can_raise_nobody(documents, value):
    client = client_of(member(Role.COORDINATOR))
    session = client.session
    session[SESSION_KEY] = value
    session.save()

    assert client.get(reverse("archive:document", args=[documents["steering"].pk])).status_code == 403
    assert client.get(reverse("archive:document", args=[documents["coordination"].pk])).status_code == 200


@pytest.mark.parametrize("value", ["30", "99", "x", " 0"])
def test_other_levels_cannot_be_chosen(documents, value):
    client = client_of(member(Role.EDITOR))

    assert client.post(VIEW_AS, {"level": value}).status_code == 200
    assert SESSION_KEY not in client.session


def test_get_changes_nothing_and_posts_need_the_token(documents):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(member(Role.EDITOR))

    assert strict.get(f"{VIEW_AS}?level=0").status_code == 200
    assert strict.post(VIEW_AS, {"level": "0"}).status_code == 403
    assert SESSION_KEY not in strict.session


def test_visitors_are_asked_to_log_in_and_their_pages_do_not_vary(documents):
    assert Client().get(VIEW_AS).url.startswith("/konto/login/")
    assert Client().get("/konto/zugang-anfragen/").cookies == {}


def test_logout_ends_it(documents):
    client = viewer(Level.COORDINATION)

    client.post(reverse("account_logout"))
    client.force_login(member(Role.EDITOR, email="zweite@example.org"))

    assert client.get(reverse("archive:document", args=[documents["editors"].pk])).status_code == 200


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_way_back_stays_on_the_site(documents, target):
    client = client_of(member(Role.EDITOR))

    for level in ("0", ""):
        assert client.post(VIEW_AS, {"level": level, "next": target}).url == "/"


def test_user_bar_offers_it(documents):
    client = client_of(member(Role.EDITOR))

    assert f"{VIEW_AS}?next=%2Fideenwerkstatt%2F13%2F" in client.get("/ideenwerkstatt/13/").content.decode()
