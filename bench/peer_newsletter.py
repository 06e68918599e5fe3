"""django-newsletter sends one message to many subscribers, in its own environment: PORT NUMBER; prints its rate."""

import json
import sys
import tempfile
import time
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

PARAGRAPH = "Wie sprechen Verwaltungen Unternehmen so an, dass daraus eine dauerhafte Zusammenarbeit wird? "
BODY = "".join(f'<p style="font-family:Arial,sans-serif;font-size:16px">{PARAGRAPH * 2}</p>\n' for _one in range(80))


def main(port: int, number: int, directory: Path) -> float:
    """Mails a second; the database is made in `directory`."""
    settings.configure(
        SECRET_KEY="x",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": directory / "db.sqlite3"}},
        INSTALLED_APPS=[
            "django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sites", "sorl.thumbnail",
            "newsletter",
        ],
        SITE_ID=1, USE_TZ=True, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, NEWSLETTER_CONFIRM_EMAIL=False,
        ROOT_URLCONF="newsletter.urls", MEDIA_ROOT=directory, NEWSLETTER_THUMBNAIL="sorl-thumbnail",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    )  # fmt: skip
    django.setup()
    call_command("migrate", verbosity=0)
    from django.contrib.sites.models import Site

    from newsletter.models import Article, Message, Newsletter, Submission, Subscription

    letter = Newsletter.objects.create(title="Newsletter", slug="newsletter", email="a@example.org", sender="IKOE")
    letter.site.set(Site.objects.all())
    message = Message.objects.create(title="Ausgabe", slug="ausgabe", newsletter=letter)
    Article.objects.create(title="Artikel", text=BODY, post=message, sortorder=1)
    Subscription.objects.bulk_create(
        Subscription(newsletter=letter, email_field=f"leser{one}@example.org", subscribed=True) for one in range(number)
    )
    submission = Submission.from_message(message)
    submission.prepared = True
    submission.save()
    begun = time.perf_counter()
    Submission.submit_queue()
    assert Submission.objects.get().sent
    return number / (time.perf_counter() - begun)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        print(json.dumps({"rate": main(int(sys.argv[1]), int(sys.argv[2]), Path(name))}))
