"""Steps of `bench.web` that need Django: `python -m bench.web_work STEP …` prints its result as JSON."""

from __future__ import annotations

import datetime
import json
import sys
from typing import Any

import django

PAGE = "/aktuelles/bericht/"
SEARCHES = ("/archiv/?q=F%C3%B6rdermittel", "/suche/?q=Halle")
LOGIN = ("/konto/", "/archiv/")
HOST = {"host": "localhost"}


def fill() -> dict[str, Any]:
    """The demo, the page of `web_content` as a report, and a login; sizes of pages and the cookie."""
    from django.core.files.images import ImageFile
    from django.core.management import call_command
    from django.test import Client
    from django.utils import timezone
    from wagtail.models import Page

    from bench import web_content
    from home.models import NewsIndexPage, NewsPage, SiteImage
    from home.roles import Role
    from tests.accounts_content import cookie_of, member

    call_command("load_demo", verbosity=0)
    pages = list(Page.objects.live().filter(depth__gt=2).values_list("pk", flat=True)[:12])
    body: list[tuple[str, Any]] = []
    for name, value in web_content.blocks(pages):
        if isinstance(value, int):
            file = ImageFile(web_content.picture(value), f"{value}.png")
            image = SiteImage.objects.create(title="Saal", description="Menschen im Saal", credit="Kim", file=file)
            body.append((name, {"image": image, "caption": "Blick in den Saal", "alternative": ""}))
        elif name == "heading":
            body.append((name, {"text": value, "level": "2"}))
        elif name == "quote":
            body.append((name, {"text": value, "attribution": "Kim", "function": "", "consent": True}))
        else:
            body.append((name, value))
    report = NewsPage(
        title="Bericht", slug="bericht", teaser="Anriss", date=datetime.date(2024, 11, 22), body=body,
        first_published_at=timezone.now(),
    )  # fmt: skip
    NewsIndexPage.objects.get(slug="aktuelles").add_child(instance=report)
    page = Client().get(PAGE, headers=HOST)
    assert page.status_code == 200, page.status_code
    return {"size": len(page.content), "cookie": cookie_of(member(Role.COORDINATOR))}


def queries(cookie: str) -> dict[str, int]:
    """How often each address asks the database, after it was asked for once."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    counted = {}
    for path in (PAGE, *SEARCHES, *LOGIN):
        client = Client()
        # With a cookie of any kind no whole page is kept.
        client.cookies["other"] = "1"
        if path in LOGIN:
            name, _equals, value = cookie.partition("=")
            assert name == settings.SESSION_COOKIE_NAME
            client.cookies[name] = value
        client.get(path, headers=HOST)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(path, headers=HOST)
        assert response.status_code == 200, (path, response.status_code)
        counted[path] = len(captured)
    return counted


if __name__ == "__main__":
    django.setup()
    step, *arguments = sys.argv[1:]
    print(json.dumps(fill() if step == "fill" else queries(*arguments)))
