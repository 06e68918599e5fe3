"""Runs inside of the plain Wagtail site of `bench.web_peer`: `fill PATH SIZE` and `queries PATH`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def fill(path: str, size: int) -> int:
    """Twelve pages and the one that links to them; text is added until it has `size` bytes."""
    import web_content
    from django.core.files.images import ImageFile
    from django.test import Client
    from wagtail.images.models import Image
    from wagtail.models import Page, Site

    from home.models import HomePage, ReportPage

    root = Page.objects.get(depth=1)
    home = root.add_child(instance=HomePage(title="Start", slug="start"))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": home})
    others = [
        home.add_child(instance=ReportPage(title=f"Ausgabe {number}", slug=f"a{number}", show_in_menus=number < 6))
        for number in range(12)
    ]
    body = []
    for name, value in web_content.blocks([page.pk for page in others]):
        if isinstance(value, int):
            file = ImageFile(web_content.picture(value), f"{value}.png")
            body.append((name, Image.objects.create(title="Saal", file=file, width=1200, height=900)))
        else:
            body.append((name, value))
    page = home.add_child(instance=ReportPage(title="Bericht", slug=path.strip("/"), body=body))
    missing = size - len(Client().get(path, headers={"host": "localhost"}).content)
    if missing > 0:
        page.body = [
            *body,
            ("text", f"<p>{(web_content.WORDS * (missing // len(web_content.WORDS) + 1))[:missing]}</p>"),
        ]
        page.save()
    return len(Client().get(path, headers={"host": "localhost"}).content)


def queries(path: str) -> int:
    """How often a page asks the database, after it was asked for once."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.get(path, headers={"host": "localhost"})
    with CaptureQueriesContext(connection) as captured:
        client.get(path, headers={"host": "localhost"})
    return len(captured)


if __name__ == "__main__":
    sys.path[:0] = [str(Path.cwd()), str(Path(__file__).parent)]
    os.environ["DJANGO_SETTINGS_MODULE"] = "plain.settings.bench"
    import django

    django.setup()
    print(json.dumps(fill(sys.argv[2], int(sys.argv[3])) if sys.argv[1] == "fill" else queries(sys.argv[2])))
