"""wagtail-birdsong sends one campaign to many contacts, in its own environment: PORT NUMBER; prints its rate."""

import json
import sys
import tempfile
import time
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

PARAGRAPH = "Wie sprechen Verwaltungen Unternehmen so an, dass daraus eine dauerhafte Zusammenarbeit wird? "
ROW = f'<p style="font-family:Arial,sans-serif;font-size:16px">{PARAGRAPH * 2}</p>\n'
HTML = "<html lang=de><body>" + ROW * 80 + "<a href='https://example.org/{{ contact.pk }}/'>Abmelden</a></body></html>"
TEXT = (PARAGRAPH * 2 + "\n\n") * 22 + "Abmelden: https://example.org/{{ contact.pk }}/"


def main(port: int, number: int, directory: Path) -> float:
    """Mails a second; database and templates are made in `directory`."""
    (directory / "letter.html").write_text(HTML)
    (directory / "letter.txt").write_text(TEXT)
    settings.configure(
        SECRET_KEY="x",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": directory / "db.sqlite3"}},
        INSTALLED_APPS=[
            "django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions", "taggit", "modelcluster",
            "wagtail", "wagtail.admin", "wagtail.documents", "wagtail.images", "wagtail.users", "birdsong",
        ],
        USE_TZ=True, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, WAGTAIL_SITE_NAME="x", WAGTAILADMIN_BASE_URL="http://x",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField", DEFAULT_FROM_EMAIL="IKOE <a@example.org>", STATIC_URL="/s/",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [directory]}],
    )  # fmt: skip
    django.setup()
    call_command("migrate", verbosity=0)
    from birdsong.backends.smtp import SMTPEmailBackend
    from birdsong.models import Campaign, Contact
    from django.db import connection

    class Letter(Campaign):
        class Meta:
            app_label = "birdsong"

        def get_template(self, request: object) -> str:
            return "letter.html"

        def get_text_template(self, request: object) -> str:
            return "letter.txt"

        def get_context(self, request: object, contact: object) -> dict[str, object]:
            return {"contact": contact}

    with connection.schema_editor() as editor:
        editor.create_model(Letter)
    Contact.objects.bulk_create(Contact(email=f"leser{one}@example.org") for one in range(number))
    letter = Letter.objects.create(name="Ausgabe", subject="Ausgabe")
    backend = SMTPEmailBackend()
    begun = time.perf_counter()
    # A test is sent in the foreground; the real thing does the same in a thread.
    backend.send_campaign(None, letter, list(Contact.objects.all()), test_send=True)
    return number / (time.perf_counter() - begun)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        print(json.dumps({"rate": main(int(sys.argv[1]), int(sys.argv[2]), Path(name))}))
