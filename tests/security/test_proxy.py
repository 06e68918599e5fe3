"""The same answer with and without the proxy: status, headers and bytes of stored files, with a real nginx."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.files.base import ContentFile

from archive.access import Level
from archive.deletion import withdraw_version
from archive.intake import add_version, take_in
from archive.models import Document, DocumentLeaf
from home.roles import Role
from tests.accounts_content import cookie_of, member
from tests.pictures import make_image, picture

pytestmark = [pytest.mark.django_db, pytest.mark.nginx]

# Each of the two has its own, and nobody relies on them.
OF_THE_SERVER = {"date", "server", "connection", "transfer-encoding"}
PDF_NAME = "Anträge – neu.pdf"


@pytest.fixture
def public(site, minimal_pdf):
    taken = take_in(ContentFile(minimal_pdf), PDF_NAME, document=Document(title="Anträge", level=Level.PUBLIC))
    leaf = DocumentLeaf(version=taken.version, number=1, text="Anträge")
    leaf.image.save("1.webp", ContentFile(picture(80, 60).read()))
    return taken.document


@pytest.fixture
def minimal_pdf():
    return b"%PDF-1.7\n" + b"%\xe2\xe3\xcf\xd3 stays as it is\n" * 4000 + b"%%EOF\n"


@pytest.fixture
def both(web, settings):
    """Asks the bare application and nginx, and returns both answers without what belongs to the server."""

    def ask(path, **options):
        settings.ACCEL_PREFIX = ""
        bare = web.get("application", path, **options)
        settings.ACCEL_PREFIX = "/_archiv/"
        proxied = web.get("nginx", path, **options)
        for answer in (bare, proxied):
            for name in OF_THE_SERVER:
                answer.headers.pop(name, None)
        return bare, proxied

    return ask


def requests_of(etag):
    """What a client may ask about one file, and the status that answers."""
    return {
        "whole": ({}, 200),
        "head": ({"method": "HEAD"}, 200),
        "first bytes": ({"Range": "bytes=0-99"}, 206),
        "from the middle": ({"Range": "bytes=100-"}, 206),
        "last bytes": ({"Range": "bytes=-50"}, 206),
        "two ranges": ({"Range": "bytes=0-1,5-6"}, 200),
        "outside": ({"Range": "bytes=999999999-"}, 416),
        "known": ({"If_None_Match": etag}, 304),
        "known, head": ({"If_None_Match": etag, "method": "HEAD"}, 304),
        "known, weak": ({"If_None_Match": f"W/{etag}"}, 304),
        "another known": ({"If_None_Match": '"other"'}, 200),
        "go on": ({"Range": "bytes=5-9", "If_Range": etag}, 206),
        "go on with another": ({"Range": "bytes=5-9", "If_Range": '"other"'}, 200),
        "by date": ({"If_Modified_Since": "Fri, 01 Jan 2100 00:00:00 GMT"}, 200),
        "head of a range": ({"method": "HEAD", "Range": "bytes=0-99"}, 206),
    }


def differences(bare, proxied):
    """What differs, by the name of the header; first what the application says."""
    names = sorted(bare.headers.keys() | proxied.headers.keys())
    pairs = {name: (bare.headers.get(name), proxied.headers.get(name)) for name in names}
    pairs |= {"status": (bare.status, proxied.status), "body": (bare.body[:60], proxied.body[:60])}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@pytest.mark.every_storage
@pytest.mark.parametrize("internal", [False, True], ids=["public", "internal"])
def test_file_is_the_same_with_and_without_proxy(both, public, minimal_pdf, internal):
    headers = {}
    if internal:
        Document.objects.update(level=Level.COORDINATION)
        headers["Cookie"] = cookie_of(member(Role.COORDINATOR))
    etag = f'"{public.current_version.sha256}"'
    different = {}

    for path in (public.url, f"/archiv/{public.pk}/v/1/datei/"):
        for name, (options, status) in requests_of(etag).items():
            bare, proxied = both(path, **options, **headers)
            assert bare.status == status, name
            if status == 416:
                # The words of this refusal are the server's own.
                for answer in (bare, proxied):
                    for of_the_words in ("content-type", "content-length", "content-disposition"):
                        answer.headers.pop(of_the_words, None)
                bare = replace(bare, body=proxied.body)
            if bare != proxied:
                different[path, name] = differences(bare, proxied)
            if name == "whole":
                assert proxied.body == minimal_pdf

    assert different == {}


@pytest.mark.every_storage
def test_text_is_not_packed_on_its_way(both, site):
    """A packed answer would have neither length nor parts, and another ETag."""
    text = ("Förderung " * 4000).encode()
    document = take_in(ContentFile(text), "a.txt", document=Document(title="A", level=Level.PUBLIC)).document

    bare, proxied = both(document.url, Accept_Encoding="gzip, br")
    _bare, part = both(document.url, Accept_Encoding="gzip, br", Range="bytes=0-9")

    assert proxied == bare
    assert (proxied.body, proxied.headers["content-length"]) == (text, str(len(text)))
    assert (part.status, part.body) == (206, text[:10])


@pytest.mark.every_storage
def test_zip_is_the_same_with_and_without_proxy(both, public, minimal_pdf):
    bare, proxied = both(f"/archiv/zip/?dokument={public.pk}", Accept_Encoding="gzip, br")

    assert proxied.headers == bare.headers
    assert minimal_pdf in proxied.body
    assert len(proxied.body) == int(proxied.headers["content-length"])


def test_public_picture_of_a_bucket_is_shown_as_one_of_a_disk(web, bucket, settings):
    rendition = make_image(60, 40).get_rendition("width-30")

    shown = web.get("nginx", rendition.url)
    missing = web.get("nginx", rendition.url.replace(".png", "-2.png"))

    assert (shown.status, shown.body[:4], shown.headers["content-type"]) == (200, b"\x89PNG", "image/png")
    assert shown.headers["cache-control"] == "public, max-age=31536000, immutable"
    # Mails show it on the pages of webmail.
    assert shown.headers["cross-origin-resource-policy"] == "cross-origin"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert missing.status == 404


@pytest.mark.every_storage
def test_picture_is_the_same_with_and_without_proxy(both, public):
    for path in (f"/archiv/{public.pk}/v/1/seite/1.webp", f"/archiv/{public.pk}/v/1/seite/1-klein.webp"):
        bare, proxied = both(path)

        assert bare == proxied
        assert proxied.status == 200
        assert proxied.body


def test_refusals_are_the_same_with_and_without_proxy(both, public):
    internal = take_in(ContentFile(b"geheim"), "intern.txt", document=Document(title="Intern")).document
    add_version(public, ContentFile(b"neu"), "neu.txt")
    withdraw_version(public.versions.get(number=1), user=None, reason="Versehen")
    cookie = cookie_of(member())
    wanted = {
        (internal.url, ""): 404,
        ("/archiv/999999/datei/", ""): 404,
        (internal.url, cookie): 403,
        (f"/archiv/{public.pk}/v/1/datei/", ""): 410,
    }

    for (path, sent), status in wanted.items():
        bare, proxied = both(path, **({"Cookie": sent} if sent else {}))

        assert bare == proxied
        assert proxied.status == status
        assert b"geheim" not in proxied.body


def test_headers_keep_a_file_a_file_behind_the_proxy(both, public):
    _bare, proxied = both(public.url)

    assert proxied.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in proxied.headers["content-security-policy"]
    assert proxied.headers["cross-origin-resource-policy"] == "same-origin"
    assert proxied.headers["referrer-policy"] == "same-origin"
    assert proxied.headers["etag"] == f'"{public.current_version.sha256}"'
    assert proxied.headers["content-disposition"].endswith("filename*=UTF-8''Antr%C3%A4ge%20%E2%80%93%20neu.pdf")
    assert "last-modified" not in proxied.headers


def test_place_of_the_files_does_not_exist_from_outside(web, public, settings):
    settings.ACCEL_PREFIX = "/_archiv/"
    name = public.file.name

    for path in (f"/_archiv/{name}", f"/_archiv/../_archiv/{name}", f"/media/../_archiv/{name}", "/_archiv/"):
        assert web.get("nginx", path).status == 404


def test_access_log_knows_no_token_no_question_and_no_whole_address(web, public, settings):
    settings.ACCEL_PREFIX = "/_archiv/"
    token = "k3y-that-nobody-may-read"

    for path in (
        f"/archiv/teilen/{token}/",
        f"/archiv/teilen/{token}/datei/",
        f"/newsletter/abmelden/{token}/",
        f"/konto/einladung/{token}/",
        "/archiv/?q=Gehaltsliste",
    ):
        web.get("nginx", path, Referer=f"http://testserver/archiv/teilen/{token}/")
    web.get("nginx", public.url)

    log = web.access_log.read_text()
    assert token not in log
    assert "Gehaltsliste" not in log
    assert f'"GET {public.url}" 200' in log
    assert "127.0.0.1" not in log and log.startswith("127.0.0.0 [")
    assert log.count("\n") == 2
