"""The page of a mailing in a real browser: it moves by itself."""

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect, sync_playwright

from home.roles import Role
from newsletter.models import Delivery, Mailing
from newsletter.sending import mailings
from tests.basic_content import ensure_site
from tests.browser.demo_site import CHROMIUM_FLAGS

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server):
    return ensure_site()


def test_the_bar_moves_without_loading_and_a_new_state_shows_its_buttons(
    live_server, site, issue, subscribe, chromium, monkeypatch
):
    for number in range(4):
        subscribe(f"leser{number}@example.org")
    mailing = mailings.start_mailing(issue)
    user = get_user_model().objects.create_user("chef@example.org")
    user.groups.add(Group.objects.get(name=Role.CHIEF_EDITOR))
    client = Client()
    client.force_login(user)
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        context = browser.new_context(base_url=live_server.url)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        page.goto(reverse("mailing:inspect", args=[mailing.pk]))
        page.evaluate("window.loadedOnce = true")
        expect(page.get_by_text("0 von 4 Mails erledigt")).to_be_visible()

        first = mailing.deliveries.values_list("pk", flat=True)[:2]
        Delivery.objects.filter(pk__in=list(first)).update(state=Delivery.State.SENT, sent_at=timezone.now())

        expect(page.locator("[data-progress-words]")).to_contain_text("2 von 4 Mails erledigt (50 %)")
        expect(page.locator("[role=status][data-progress-spoken]")).to_contain_text("2 von 4")
        expect(page.locator("progress")).to_have_js_property("value", 2)
        assert page.evaluate("window.loadedOnce")

        page.get_by_role("link", name="Ansehen, was versandt wird").focus()
        Mailing.objects.update(state=Mailing.State.PAUSED)

        expect(page.get_by_role("button", name="Fortsetzen")).to_be_visible()
        expect(page.get_by_role("link", name="Ansehen, was versandt wird")).to_be_focused()
        expect(page.locator("[role=status][data-progress-spoken]")).to_contain_text("Stand: angehalten")
        assert page.evaluate("window.loadedOnce")
        # Nor does what stands around it still name the old state.
        expect(page.locator("body")).not_to_contain_text("wird gesendet")
        browser.close()
