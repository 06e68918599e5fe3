"""The first page of the admin: shortcuts, what is planned, what failed, images that nobody has described."""

from __future__ import annotations

import datetime
import re

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from home import models as home
from home.editing.alt_texts import WEAK, weakness
from home.roles import Role
from home.tasks import clear_sessions, purge_old_revisions
from tests.accounts_content import client_of, desk_of, member
from tests.editions_content import make_edition, make_series
from tests.pictures import make_image

pytestmark = pytest.mark.django_db
LATER = timezone.now() + datetime.timedelta(days=3)


def add_report(news, title="Bericht", **fields):
    return news.add_child(
        instance=home.NewsPage(title=title, date=datetime.date(2024, 11, 25), teaser="Kurz", body=[], **fields)
    )


# What is planned


def test_approved_schedules_are_listed_next_first(news):
    for days in (5, 2):
        page = add_report(news, f"In {days} Tagen", live=False)
        page.go_live_at = timezone.now() + datetime.timedelta(days=days)
        page.save_revision().publish()
    going = add_report(news, "Geht bald")
    going.expire_at = timezone.now() + datetime.timedelta(days=3)
    going.save_revision().publish()

    text = desk_of(member(Role.CHIEF_EDITOR))

    assert text.index("In 2 Tagen wird veröffentlicht") < text.index("Geht bald wird von der Website genommen")
    assert text.index("Geht bald") < text.index("In 5 Tagen wird veröffentlicht")


def test_a_time_without_approval_is_said_to_be_none(news):
    add_report(news, "Nur gespeichert", live=False, go_live_at=LATER)

    assert "Nur gespeichert noch nicht freigegeben" in desk_of(member(Role.EDITOR))


def test_a_slow_day_is_said_to_be_one_and_other_empty_panels_vanish(news):
    text = desk_of(member(Role.CHIEF_EDITOR))

    assert "Geplant Nichts geplant." in text
    for heading in ("Hier wird Hilfe gebraucht", "Alternativtexte ansehen"):
        assert heading not in text


# What failed


def test_reports_that_were_not_forwarded_are_listed_with_their_form(site):
    report = home.BarrierReport.objects.create(message="Das Formular lässt sich nicht absenden.")
    home.BarrierReport.objects.update(created_at=timezone.now() - datetime.timedelta(hours=1))

    html = client_of(member(Role.EDITOR)).get("/admin/").content.decode()

    address = re.search(r'href="([^"]+)">Meldung einer Barriere', html)[1]
    assert str(report.pk) in address
    assert client_of(member(Role.EDITOR, email="zwei@example.org")).get(address).status_code == 200


def test_young_and_forwarded_reports_are_not_said_to_be_stuck(site):
    home.BarrierReport.objects.create(message="Gerade eben")
    home.BarrierReport.objects.create(message="Ist angekommen", forwarded_at=timezone.now())
    home.BarrierReport.objects.filter(message="Ist angekommen").update(created_at=LATER - datetime.timedelta(days=9))

    text = desk_of(member(Role.EDITOR))

    assert text.count("Meldung einer Barriere") == 2
    assert "konnte nicht per E-Mail weitergeleitet werden" not in text


def test_a_stuck_report_has_one_line(site):
    home.BarrierReport.objects.create(message="Das Formular lässt sich nicht absenden.")
    home.BarrierReport.objects.update(created_at=timezone.now() - datetime.timedelta(hours=1))

    assert desk_of(member(Role.EDITOR)).count("Meldung einer Barriere") == 1


# Text alternatives

WEAK_TEXTS = ["IMG_2041.jpg", "dsc 0042", "Gruppenfoto", "20241121-101500", "Bild 3", "Foto_Halle", "halle.webp", " "]
GOOD_TEXTS = ["Logo der AGSA", "Drei Frauen am Tisch, eine schreibt", "Plakat: 13. Ideenwerkstatt in Halle"]


@pytest.mark.parametrize("text", WEAK_TEXTS)
def test_weak_text_alternatives_are_found(site, text):
    image = make_image(description=text)

    assert weakness(image)
    assert home.SiteImage.objects.filter(WEAK).get() == image


@pytest.mark.parametrize("text", GOOD_TEXTS)
def test_good_text_alternatives_are_left_alone(site, text):
    image = make_image(description=text)

    assert weakness(image) == ""
    assert not home.SiteImage.objects.filter(WEAK).exists()


def test_the_title_again_is_no_text_alternative(site):
    image = make_image(title="Vor dem Rathaus", description="vor dem rathaus")

    assert "wiederholt" in weakness(image)
    assert home.SiteImage.objects.filter(WEAK).get() == image


def test_weak_text_alternatives_lead_to_the_form_of_the_image(site):
    image = make_image(title="Abschlussrunde", description="DSC_0042.JPG")
    client = client_of(member(Role.EDITOR))

    html = client.get("/admin/").content.decode()

    assert "„DSC_0042.JPG“ ist ein Dateiname." in html
    address = reverse("wagtailimages:edit", args=[image.pk])
    assert f'href="{address}"' in html
    assert client.get(address).status_code == 200


# Roles and cost


@pytest.mark.parametrize("role", [Role.EDITOR, Role.CHIEF_EDITOR, Role.ADMINISTRATION])
def test_everybody_who_may_gets_the_shortcuts(news, role):
    from newsletter.models import NewsletterIndexPage

    root = Page.objects.get(pk=news.pk).get_parent()
    make_series(root)
    root.add_child(instance=NewsletterIndexPage(title="Newsletter", slug="newsletter"))

    text = desk_of(member(role))

    for label in ("Neuer Bericht", "Neue Ausgabe", "Dokumente hochladen", "Newsletter vorbereiten"):
        assert label in text


def test_the_number_of_queries_does_not_grow(news):
    def fill(count):
        for number in range(count):
            page = add_report(news, f"Geplant {number}", live=False)
            page.go_live_at = LATER
            page.save_revision().publish()
            going = add_report(news, f"Geht {number}")
            going.expire_at = LATER
            going.save_revision().publish()
            make_image(title=f"Bild {number}", description=f"IMG_{number}.jpg")
            home.BarrierReport.objects.create(message="Barriere")
        home.BarrierReport.objects.update(created_at=timezone.now() - datetime.timedelta(hours=1))

    client = client_of(member(Role.CHIEF_EDITOR))
    fill(2)
    client.get("/admin/")  # Makes thumbnails and fills Wagtail's caches.
    few = queries_of(client)
    fill(10)
    client.get("/admin/")

    assert queries_of(client) == few


def queries_of(client) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as context:
        assert client.get("/admin/").status_code == 200
    return len(context)


# Menus


def test_menus_leave_out_machinery_and_english_manuals(news):
    html = client_of(member(Role.EDITOR)).get("/admin/").content.decode()

    assert "Auswertungen" in html
    for needless in (
        "Workflow-Aufgaben",
        "Nutzung der Seitentypen",
        "Was ist neu",
        "Editor-Leitfaden",
        "guide.wagtail",
    ):
        assert needless not in html


def test_administrators_have_one_list_of_old_pages(news):
    client = client_of(get_user_model().objects.create_superuser("admin@example.org"))

    html = client.get("/admin/").content.decode()

    assert reverse("home_pages_due") in html
    assert "Alternde Seiten" not in html
    assert "Workflow-Aufgaben" in html


def test_lists_of_reports_and_editions_show_and_filter_what_editors_look_for(news):
    series = make_series(Page.objects.get(pk=news.pk).get_parent())
    for number, state in ((12, "held"), (13, "documented")):
        day = datetime.date(2024, number - 2, 21)
        make_edition(series, number, title=f"Nummer {number}", state=state, start_date=day)
    add_report(news, "Halle war Gastgeberin")
    client = client_of(member(Role.EDITOR))

    reports = client.get("/admin/berichte/").content.decode()
    editions = client.get("/admin/ausgaben/").content.decode()
    documented = client.get("/admin/ausgaben/?state=documented").content.decode()
    explorer = client.get(reverse("wagtailadmin_explore", args=[series.pk])).content.decode()

    assert "Halle war Gastgeberin" in reports
    assert "25. November 2024" in reports
    assert editions.index("Nummer 13") < editions.index("Nummer 12")
    assert "Nummer 12" not in documented
    for words in ("dokumentiert", "21. November 2024"):
        assert words in editions
        assert words in explorer


# Housekeeping


def test_old_revisions_go_and_what_is_needed_stays(news):
    long_ago = timezone.now() - datetime.timedelta(days=500)
    page = add_report(news)
    for title in ("Alt", "Geplant", "Neu"):
        page.title = title
        if title == "Geplant":
            page.go_live_at = LATER
        revision = page.save_revision()
        if title == "Geplant":
            revision.publish()
            page.go_live_at = None
    page.revisions.update(created_at=long_ago)
    young = add_report(news, "Jung")
    young.save_revision()
    young.save_revision()

    purge_old_revisions()

    assert sorted(revision.content["title"] for revision in page.revisions.all()) == ["Geplant", "Neu"]
    assert young.revisions.count() == 2


def test_sessions_that_ran_out_are_deleted(db):
    from django.contrib.sessions.models import Session

    for key, days in (("alt", -1), ("jung", 1)):
        Session.objects.create(session_key=key, expire_date=timezone.now() + datetime.timedelta(days=days))

    clear_sessions()

    assert [session.session_key for session in Session.objects.all()] == ["jung"]


# The form of a new report


def test_a_new_report_is_of_today(news):
    address = reverse("wagtailadmin_pages:add", args=["home", "newspage", news.pk])

    form = client_of(member(Role.EDITOR)).get(address).context["form"]

    assert form["date"].value() == timezone.localdate()
