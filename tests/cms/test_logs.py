"""What the log says about failed requests."""

import json
import logging
import sys
from datetime import datetime, timedelta

import pytest

from cms.logs import JsonFormatter, TokenFilter


@pytest.mark.parametrize(
    "path",
    [
        "/archiv/teilen/geheim/",
        "/archiv/teilen/geheim/datei/",
        "/konto/einladung/geheim/",
        "/konto/password/reset/key/geheim/",
        "/newsletter/bestaetigen/geheim/",
        "/newsletter/einstellungen/geheim/?a=b",
        "/newsletter/abmelden/geheim",
    ],
)
def test_address_of_a_failed_request_is_logged_without_its_token(path):
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s: %s", ("Not Found", path), None)

    assert TokenFilter().filter(record)
    assert "geheim" not in record.getMessage()
    assert record.getMessage().startswith(f"Not Found: {path.split('geheim')[0]}…")


def test_other_addresses_and_numbers_stay_as_they_are():
    record = logging.LogRecord("x", logging.INFO, "", 0, "%s has %d of %s", ("/archiv/17/datei/", 3, None), None)

    TokenFilter().filter(record)

    assert record.getMessage() == "/archiv/17/datei/ has 3 of None"


def test_every_record_of_the_site_passes_the_filter(settings):
    assert settings.LOGGING["handlers"]["stderr"]["filters"] == ["without_tokens"]
    assert settings.LOGGING["root"]["handlers"] == ["stderr"]


def test_json_has_one_line_for_a_record_with_its_traceback_and_without_tokens():
    try:
        raise ValueError("/newsletter/abmelden/geheim/ geht nicht\nauf zwei Zeilen")
    except ValueError:
        record = logging.LogRecord("cms", logging.ERROR, "", 0, "„%s“", ("Ä",), sys.exc_info())

    line = JsonFormatter().format(record)

    assert "\n" not in line
    assert "geheim" not in line
    said = json.loads(line)
    assert (said["level"], said["logger"], said["message"]) == ("ERROR", "cms", "„Ä“")
    assert "auf zwei Zeilen" in said["exception"]
    assert datetime.fromisoformat(said["time"]).utcoffset() == timedelta(0)


def test_witness_of_the_suite_sees_an_address_in_text_and_traceback(_witness):
    log = logging.getLogger("cms.somewhere")
    log.warning("mail to %s failed", "kim@example.org")
    try:
        raise ValueError("no such mailbox: kim@example.org")
    except ValueError:
        log.exception("mail failed")
    log.warning("mail from %s", "ikoe@example.org")

    found = len(_witness.named)
    _witness.named.clear()

    assert found == 2
