"""What became of a mailing in figures, and the story of one subscription."""

import csv
import datetime
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from home.roles import Role
from newsletter.bounces import acting
from newsletter.following import domain_groups, statistics
from newsletter.models import Delivery, Mailing, Subscriber
from newsletter.subscribing import consent
from tests.newsletter.mixed_mailing import came_back, login, row, text
from tests.newsletter.returned_mails import another

pytestmark = pytest.mark.django_db
State = Delivery.State
EXPLOSIVE = '=HYPERLINK("https://x.example"; "hier")'


def test_statistics_count_what_became_of_every_mail(mailing, people):
    consent.unsubscribe(people[0].key)

    counted = statistics.statistics_of(mailing)

    assert counted.figures == {
        "total": 6, "sent": 2, "pending": 1, "failed": 1, "uncertain": 1, "skipped": 1,
        "hard": 0, "soft": 0, "policy": 1, "complaint": 0, "unsubscribed": 1,
    }  # fmt: skip
    assert counted.refusals == [("Adresse nicht erreichbar (5.1.1)", 1)]
    assert counted.groups == {
        "Übrige": {"total": 6, "sent": 2, "failed": 1, "bounced": 1, "unsubscribed": 1},
    }


def test_who_leaves_is_counted_at_the_last_mail_before_it(mailing, issue, people):
    long_ago = timezone.now() - datetime.timedelta(days=30)
    mailing.deliveries.filter(state=State.SENT).update(sent_at=long_ago)
    later = another(issue, 2)

    consent.unsubscribe(people[0].key)

    assert statistics.statistics_of(mailing).figures["unsubscribed"] == 0
    assert statistics.statistics_of(later).figures["unsubscribed"] == 1


def test_small_groups_are_put_together():
    def rows(**domains):
        return {name.replace("_", ".").replace("..", "-"): {"total": total} for name, total in domains.items()}

    merged = domain_groups.merged
    assert merged(rows(gmail_com=20, googlemail_com=5, web_de=3, example_org=9)) == {
        "Gmail": {"total": 25},
        "Übrige": {"total": 12},
    }
    assert merged(rows(gmail_com=20, web_de=2)) == {"Übrige": {"total": 22}}, "two people would be the difference"
    assert merged(rows(gmail_com=20, web_de=8, example_org=1)) == {"Gmail": {"total": 20}, "Übrige": {"total": 9}}
    assert merged(rows(gmail_com=4)) == {}
    assert merged({}) == {}


@pytest.mark.parametrize(
    ("domain", "group"),
    [
        ("googlemail.com", "Gmail"),
        ("GMX.de", "GMX und Web.de"),
        ("mi.sachsen-anhalt.de", "Verwaltungen in Sachsen-Anhalt"),
        ("notsachsen-anhalt.de", "Übrige"),
        ("evil.gmx.de.example", "Übrige"),
        ("", "Übrige"),
        ("...", "Übrige"),
    ],
)
def test_a_domain_belongs_to_its_provider(domain, group):
    assert domain_groups.group_of(domain) == group


def test_figures_of_anonymous_people_stay(mailing):
    Subscriber.objects.update(email=None, state=Subscriber.State.ANONYMISED)

    assert statistics.statistics_of(mailing).groups["Übrige"]["total"] == 6


def test_csv_files_are_safe_in_a_spreadsheet(mailing):
    Mailing.objects.update(subject=EXPLOSIVE)
    client = login(Role.CHIEF_EDITOR)

    one = client.get(reverse("newsletter_mailing_csv", args=[mailing.pk]))
    all_of_them = client.get(reverse("newsletter_statistics_csv"))

    assert one["Content-Disposition"] == f'attachment; filename="versand-{mailing.pk}.csv"'
    for answer in (one, all_of_them):
        content = answer.getvalue()
        assert content.startswith("\ufeff".encode())
        cells = [cell for line in csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";") for cell in line]
        assert f"'{EXPLOSIVE}" in cells and EXPLOSIVE not in cells


def test_all_mailings_stand_in_one_list(mailing):
    client = login(Role.CHIEF_EDITOR)

    page = text(client.get(reverse("newsletter_statistics")).content.decode())

    assert "Grüße aus Halle" in page and "zurückgekommen" in page
    assert client.get(f"{reverse('newsletter_statistics')}?p=nonsense").status_code == 200


# The page of a person


def test_the_page_of_a_subscription_tells_its_story_and_undoes_a_stop(mailing):
    delivery = row(mailing, 0)
    subscriber = delivery.subscriber
    came_back(delivery, kind="hard", code="5.1.1", words="550 5.1.1 User unknown")
    acting._stop(subscriber, "Die Adresse ist dauerhaft nicht erreichbar.")
    client = login(Role.CHIEF_EDITOR)
    url = reverse("subscriber:inspect", args=[subscriber.pk])

    page = text(client.get(url).content.decode())
    for words in (
        "An diese Adresse wird nichts mehr versendet.", "Die Adresse ist dauerhaft nicht erreichbar.", "angemeldet",
        "bestätigt", "Newsletter „Grüße aus Halle“: gesendet", "Rückläufer: dauerhaft (5.1.1)",
        "550 5.1.1 User unknown", "Wieder aufnehmen",
    ):  # fmt: skip
        assert words in page

    page = text(client.post(reverse("newsletter_restore", args=[subscriber.pk]), follow=True).content.decode())

    assert "Das Abonnement ist wieder aktiv." in page
    assert "wieder aufgenommen durch chief_editor@example.org" in page
    assert Subscriber.objects.get(pk=subscriber.pk).state == Subscriber.State.ACTIVE
    again = client.post(reverse("newsletter_restore", args=[subscriber.pk]), follow=True).content.decode()
    assert "Dieses Abonnement ist nicht gestoppt." in text(again)


def test_the_page_of_somebody_anonymous_opens(mailing):
    Subscriber.objects.update(email=None, name="", state=Subscriber.State.ANONYMISED)

    page = login(Role.CHIEF_EDITOR).get(reverse("subscriber:inspect", args=[row(mailing, 0).subscriber_id]))

    assert page.status_code == 200
