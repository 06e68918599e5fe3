"""Passkeys and the QR code under the strict content security policy, in a real browser."""

from __future__ import annotations

import base64
import re

import pytest
from playwright.sync_api import Page, sync_playwright

from home.roles import Role
from tests.accounts_content import PASSWORD, member

EMAIL = "redaktion@example.org"
# An authenticator in the browser itself that always agrees, as the WebAuthn specification foresees for tests.
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def editor(site, transactional_db):
    member(Role.EDITOR, email=EMAIL)


def log_in(page: Page, url: str) -> None:
    page.goto(f"{url}/konto/login/?next=/admin/")
    page.fill("[name=login]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.click("form.form button")


@pytest.mark.chromium
@pytest.mark.django_db(transaction=True)
def test_passkey_is_set_up_and_logs_in_alone_or_as_second_factor(editor, live_server, chromium):
    complaints = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(base_url=live_server.url)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        devices = page.context.new_cdp_session(page)
        devices.send("WebAuthn.enable")
        devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        log_in(page, live_server.url)
        page.wait_for_url(f"{live_server.url}/admin/")

        page.goto("/konto/2fa/webauthn/add/")
        page.fill("[name=password]", PASSWORD)
        page.click("form.form button")
        page.check("[name=passwordless]")
        page.click("#mfa_webauthn_add")
        page.wait_for_url("**/konto/2fa/recovery-codes/")

        page.context.clear_cookies()
        page.goto("/konto/login/?next=/admin/")
        page.click("#passkey_login")
        page.wait_for_url(f"{live_server.url}/admin/")

        page.context.clear_cookies()
        log_in(page, live_server.url)
        page.wait_for_url("**/konto/2fa/authenticate/**")
        page.click("#mfa_webauthn_authenticate")
        page.wait_for_url(f"{live_server.url}/admin/")
        browser.close()

    assert complaints == []


@pytest.mark.chromium
@pytest.mark.django_db(transaction=True)
def test_qr_code_is_drawn_on_white(editor, live_server, chromium):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(base_url=live_server.url, color_scheme="dark")
        log_in(page, live_server.url)
        page.goto("/konto/2fa/totp/activate/")
        page.fill("[name=password]", PASSWORD)
        page.click("form.form button")
        image = page.locator("main img")
        width = image.evaluate("image => image.complete && image.naturalWidth")
        source = image.get_attribute("src")
        browser.close()

    assert width > 100
    drawing = base64.b64decode(source.partition(",")[2]).decode()
    assert re.match(r'<svg[^>]*><g[^>]*><path fill="#fff"', drawing)
