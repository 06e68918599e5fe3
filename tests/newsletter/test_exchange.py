"""Import and export of subscribers."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from newsletter.models import ConsentRecord, Subscriber
from newsletter.subscribing import consent, exchange

pytestmark = pytest.mark.django_db
HEAD = "email,name,topics,consent_origin,consent_at\n"
WHEN = "2024-05-01T10:00:00+02:00"


def run(rows, **options):
    return list(exchange.import_rows(io.StringIO(HEAD + rows), **options))


def test_every_line_gets_a_status_and_only_proven_consent_counts(topic, subscribe):
    subscribe("da@example.org")
    consent.unsubscribe(subscribe("weg@example.org").key)
    rows = f"""neu@example.org,Kim Größer,termine,Liste vom Fachtag,{WHEN}
NEU@example.org,,,Liste,{WHEN}
da@example.org,,,Liste,{WHEN}
weg@example.org,,,Liste,{WHEN}
kaputt@,,,Liste,{WHEN}
ohne@example.org,,,,{WHEN}
wann@example.org,,,Liste,gestern
zone@example.org,,,Liste,2024-05-01T10:00:00
morgen@example.org,,,Liste,2999-01-01T00:00:00+00:00
thema@example.org,,unbekannt,Liste,{WHEN}
"""
    outcomes = run(rows)

    assert [one.status for one in outcomes] == [
        "added", "duplicate", "duplicate", "suppressed", *["rejected"] * 6
    ]  # fmt: skip
    assert [one.line for one in outcomes] == list(range(2, 12))
    new = Subscriber.objects.get(email="neu@example.org")
    record = new.consents.get()
    assert (new.state, record.event, record.source, record.topics) == (
        "active",
        ConsentRecord.Event.IMPORTED,
        "Liste vom Fachtag",
        ["termine"],
    )
    assert record.at.isoformat() == "2024-05-01T08:00:00+00:00"


def test_a_dry_run_says_the_same_and_stores_nothing(db):
    rows = f"a@example.org,,,Liste,{WHEN}\nA@example.org,,,Liste,{WHEN}\n"

    tried = run(rows, dry_run=True)

    assert not Subscriber.objects.exists()
    assert tried == run(rows)


def test_cells_that_look_like_formulas_are_guarded_and_come_back(subscribe):
    subscribe("=cmd@example.org", name='=HYPERLINK("http://example.com")')
    exported = "".join(exchange.export_lines())

    cells = exported.splitlines()[1]
    assert cells.startswith("'=cmd@example.org,\"'=HYPERLINK")
    ConsentRecord.objects.all()._raw_delete("default")
    Subscriber.objects.all().delete()

    assert [one.status for one in exchange.import_rows(io.StringIO(exported))] == ["added"]
    assert Subscriber.objects.get().name == '=HYPERLINK("http://example.com")'


def test_the_commands_speak_json_lines_and_refuse_other_files(tmp_path, capsys):
    good = tmp_path / "good.csv"
    good.write_text(f"\ufeff{HEAD}a@example.org,,,Liste,{WHEN}\n", encoding="utf-8")
    bad = tmp_path / "bad.csv"
    bad.write_text("mail;name\n")

    call_command("import_subscribers", str(good), "--json")
    assert json.loads(capsys.readouterr().out) == {"line": 2, "status": "added", "reason": ""}
    call_command("export_subscribers")
    assert capsys.readouterr().out.splitlines()[1].startswith("a@example.org,,,Liste,2024-05-01T08:00:00+00:00")
    for path in (bad, tmp_path / "missing.csv"):
        with pytest.raises(CommandError) as refusal:
            call_command("import_subscribers", str(path))
        assert refusal.value.returncode == 2
