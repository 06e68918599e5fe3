"""Logging in: password and second factor for those who write, a code by mail for those who read."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.accounts_content import totp
from tests.browser.journeys.town import Town, text_of, until

# What a walk does with each page on the way.
Look = Callable[[str], None]
WRONG_CODE = "Dieser Code stimmt nicht"
MOST_TRIES = 3
# Somebody who has a password and nothing else, whoever was at the desk before.
NO_FACTOR = "DELETE FROM mfa_authenticator WHERE user_id = (SELECT id FROM cms_user WHERE email = ?)"


def pass_by(step: str) -> None:
    """Look at nothing."""


def enter_code(page: Page, secret: str, button: str) -> None:
    """Type the code that an authenticator app shows (RFC 6238); the next one if it has run out or been used."""
    code = ""
    for _ in range(MOST_TRIES):
        code = until(lambda before=code: other(totp(secret), before), "another code of the app")
        page.get_by_label("Code").fill(code)
        with page.expect_navigation():
            page.get_by_role("button", name=button, exact=True).click()
        if not page.get_by_text(WRONG_CODE).count():
            return


def other(code: str, before: str) -> str | None:
    return None if code == before else code


def enter_password(page: Page, town: Town, role: str) -> None:
    """Log in with the password, up to what comes next."""
    page.goto("/admin/")
    page.get_by_role("textbox", name="E-Mail").fill(f"{role}@example.org")
    page.get_by_label("Passwort", exact=True).fill(town.password)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    page.wait_for_url("**/konto/2fa/**")


def set_up_app(page: Page, town: Town, look: Look = pass_by) -> str:
    """From the page "Zweiter Faktor" to the recovery codes; returns the secret that the app keeps."""
    page.get_by_role("link", name="App einrichten").click()
    password = page.get_by_label("Passwort", exact=True)
    expect(password).to_be_visible()
    look("password once more")
    password.fill(town.password)
    page.get_by_role("button", name="Bestätigen").click()
    expect(page.locator("main code")).to_be_visible()
    look("app")
    secret = page.locator("main code").inner_text()
    enter_code(page, secret, "App einrichten")
    expect(page.get_by_role("heading", level=1)).to_have_text("Wiederherstellungscodes")
    return secret


def enter_desk(page: Page, town: Town, role: str) -> None:
    """Be logged in at the desk; the first time with a new second factor, then as a browser that stays logged in."""
    if role in town.cookies:
        page.context.add_cookies(town.cookies[role])
    else:
        enter_password(page, town, role)
        set_up_app(page, town)
        town.cookies[role] = page.context.cookies()
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Guten Tag")).to_be_visible()


def ask_for_code(page: Page, address: str, look: Look = pass_by) -> None:
    page.goto("/konto/login/")
    page.get_by_role("link", name="Code per E-Mail anfordern").click()
    field = page.get_by_role("textbox", name="E-Mail")
    expect(page.get_by_role("button", name="Code anfordern")).to_be_visible()
    look("ask for a code")
    field.fill(address)
    page.get_by_role("button", name="Code anfordern").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Code eingeben")


def code_in_mail(town: Town, address: str) -> str:
    """The code of the newest mail with one."""
    found = re.search(r"^([A-Z0-9-]{6,12})\s*$", text_of(town.letter(address, "Code")), re.MULTILINE)
    assert found
    return found[1]
