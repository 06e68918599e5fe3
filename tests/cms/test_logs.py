"""What the log says about failed requests."""

import json
import logging
import os
import socket
import sys
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from bench.servers import gunicorn
from cms.logs import JsonFormatter, LineFormatter, discreet
from tests.postgres import DISCREET


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

    line = LineFormatter().format(record)

    assert "geheim" not in line
    assert f" WARNING django.request Not Found: {path.split('geheim')[0]}…" in line


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ("DETAIL:  Key (email)=(kim@example.org) already exists.", "DETAIL:  Key (email)=(…@…) already exists."),
        ("{'kim.beispiel+x@mail.example.org': (550, b'unknown')}", "{'…@…': (550, b'unknown')}"),
        ("/admin/subscribers/?q=kim%40example.org", "/admin/subscribers/?q=…@…"),
        ("From: Kim <kim_1@xn--bcher-kva.example>", "From: Kim <…@…>"),
    ],
)
def test_address_of_a_person_is_not_logged_whoever_names_it(said, logged):
    assert discreet(said) == logged


@pytest.mark.parametrize(
    "said",
    ["/archiv/17/datei/ has 3 of None", "postgres://postgres@/postgres?host=/run/x", "celery@host1 ready", "1@2.3"],
)
def test_other_addresses_and_numbers_stay_as_they_are(said):
    assert discreet(said) == said


def test_every_record_of_the_site_is_written_by_one_of_these(settings):
    assert settings.LOGGING["root"]["handlers"] == ["stderr"] == list(settings.LOGGING["handlers"])
    assert settings.LOGGING["formatters"] == {
        "line": {"()": "cms.logs.LineFormatter"},
        "json": {"()": "cms.logs.JsonFormatter"},
    }


def test_json_has_one_line_for_a_record_with_its_traceback_and_without_tokens_and_addresses():
    try:
        raise ValueError("/newsletter/abmelden/geheim/ geht nicht\nauf zwei Zeilen von kim@example.org")
    except ValueError:
        record = logging.LogRecord("cms", logging.ERROR, "", 0, "„%s“", ("Ä",), sys.exc_info())

    line = JsonFormatter().format(record)

    assert "\n" not in line
    assert "geheim" not in line and "kim" not in line
    said = json.loads(line)
    assert (said["level"], said["logger"], said["message"]) == ("ERROR", "cms", "„Ä“")
    assert "auf zwei Zeilen" in said["exception"]
    assert datetime.fromisoformat(said["time"]).utcoffset() == timedelta(0)


def test_a_line_has_its_traceback_without_tokens_and_addresses():
    try:
        raise ValueError("/newsletter/abmelden/geheim/ geht nicht bei kim@example.org")
    except ValueError:
        record = logging.LogRecord("cms", logging.ERROR, "", 0, "gescheitert", (), sys.exc_info())

    said = LineFormatter().format(record)

    assert "geheim" not in said and "kim" not in said
    assert "ValueError: /newsletter/abmelden/…/ geht nicht bei …@…" in said


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


@pytest.mark.django_db
def test_row_that_the_database_refuses_is_in_no_log_of_it(django_user_model):
    """PostgreSQL would write it down twice, in the detail and in the statement; `tests.__main__` searches its log."""
    django_user_model.objects.create_user("kim@example.org")

    with pytest.raises(IntegrityError), transaction.atomic():
        django_user_model.objects.create_user("kim@example.org")

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            shown = [cursor.execute(f"SHOW {name}").fetchone()[0] for name in DISCREET]
        assert shown == list(DISCREET.values())


@pytest.mark.parametrize("form", ["line", "json"])
@pytest.mark.slow  # a server
def test_server_logs_a_broken_request_without_token_and_address(tmp_path, form):
    """Gunicorn writes down the first line of what it cannot read, and with it whatever stands in the address."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "cms.settings", "DEBUG": "1", "BASE_URL": "http://localhost", "LOG_FORMAT": form,
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3", "VAR_DIR": str(tmp_path),
    }  # fmt: skip
    with (
        gunicorn(tmp_path, 1, environment) as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=20) as visitor,
    ):
        visitor.sendall(b"GET /newsletter/abmelden/geheim/?mail=kim@example.org\r\n\r\n")

        answer = visitor.recv(65_536)

    said = (tmp_path / "gunicorn.log").read_text()
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert "geheim" not in said and "kim@" not in said
    assert "/newsletter/abmelden/…/?mail=…@…" in said
