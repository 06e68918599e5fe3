"""The newsletter in the admin: who sees what, and the way from an issue to its mailing."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from wagtail.users.models import UserProfile

from home.roles import Role
from newsletter.models import Mailing

pytestmark = pytest.mark.django_db


def test_a_chief_editor_sends_an_issue_after_a_last_look(login, issue, subscribe, broker):
    subscribe("eins@example.org")
    subscribe("zwei@example.org")
    client = login(Role.CHIEF_EDITOR)
    url = reverse("newsletter_send_issue", args=[issue.pk])

    page = client.get(url).content.decode()
    assert "An 2 Personen versenden" in page
    assert url in client.get(reverse("wagtailadmin_pages:edit", args=[issue.pk])).content.decode()

    stale = client.post(url, {"recipients": "1"})
    assert stale.status_code == 200 and not Mailing.objects.exists()
    sent = client.post(url, {"recipients": "2"}, follow=True)
    again = client.post(url, {"recipients": "2"}, follow=True)

    mailing = Mailing.objects.get()
    assert mailing.state == Mailing.State.SENDING
    assert mailing.created_by.email == "chief_editor@example.org"
    assert "Der Versand hat begonnen." in sent.content.decode()
    assert "schon einen Versand" in again.content.decode()


def test_a_mailing_can_be_paused_and_the_page_names_who_is_missing(login, issue, subscribe, broker):
    subscribe("eins@example.org")
    client = login(Role.CHIEF_EDITOR)
    client.post(reverse("newsletter_send_issue", args=[issue.pk]), {"recipients": "1"})
    mailing = Mailing.objects.get()
    mailing.deliveries.update(state="failed", reply="550 5.1.1 No such user")

    page = client.post(reverse("newsletter_move_mailing", args=[mailing.pk, "anhalten"]), follow=True).content.decode()

    assert "angehalten" in page and "550 5.1.1 No such user" in page and "eins@example.org" in page


def test_a_schedule_is_kept(login, issue, subscribe):
    subscribe("eins@example.org")
    client = login(Role.CHIEF_EDITOR)

    client.post(reverse("newsletter_send_issue", args=[issue.pk]), {"recipients": "1", "at": "15.01.2099 08:30"})

    mailing = Mailing.objects.get()
    assert mailing.state == Mailing.State.SCHEDULED
    assert mailing.scheduled_at.isoformat() == "2099-01-15T07:30:00+00:00"


def test_a_schedule_is_in_german_time_for_an_editor_abroad(login, issue, subscribe):
    subscribe("eins@example.org")
    client = login(Role.CHIEF_EDITOR)
    UserProfile.objects.create(user=get_user_model().objects.get(), current_time_zone="Europe/London")
    url = reverse("newsletter_send_issue", args=[issue.pk])

    client.post(url, {"recipients": "1", "at": "15.01.2099 08:30"})

    assert Mailing.objects.get().scheduled_at.isoformat() == "2099-01-15T07:30:00+00:00"
    assert 'value="15.01.2099 08:30"' in client.get(url).content.decode()


def test_an_editor_does_not_send(login, issue):
    client = login(Role.EDITOR)

    url = reverse("newsletter_send_issue", args=[issue.pk])

    assert "Freigeben" not in client.get(url).content.decode()
    assert client.post(url, {"recipients": "0"}).status_code in (302, 403)
    assert client.get(reverse("subscriber:index")).status_code == 302


@pytest.mark.parametrize("name", ["subscriber", "mailing", "delivery", "newsletter_issues"])
def test_lists_open_without_a_way_to_add_or_change(login, issue, subscribe, name):
    subscribe("eins@example.org")
    client = login(Role.CHIEF_EDITOR)

    page = client.get(reverse(f"{name}:index"))

    assert page.status_code == 200
    if name != "newsletter_issues":
        assert client.get(reverse(f"{name}:add")).status_code == 302


def test_a_new_wording_is_a_new_version(admin_client, wording, site):
    assert admin_client.get(reverse("consenttext:index")).status_code == 200

    response = admin_client.post(reverse("consenttext:add"), {"text": "Ein anderer Wortlaut."})

    assert response.status_code == 302
    assert type(wording).objects.get(version=wording.version + 1).text == "Ein anderer Wortlaut."
    assert admin_client.get(reverse("consenttext:edit", args=[wording.pk])).status_code == 302
