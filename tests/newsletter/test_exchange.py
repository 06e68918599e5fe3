"""Import and export of subscribers."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from home import spreadsheets
from newsletter import tokens
from newsletter.models import ConsentRecord, Subscriber
from newsletter.subscribing import address_change, consent, exchange
from newsletter.subscribing.csv_files import UnusableFile, csv_text
from tests.newsletter.subscriber_lists import HEAD, WHEN

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize(
    "row",
    [
        f"neu@example.org,Kim\0,,Liste,{WHEN}",
        f"neu@example.org,Kim;=1+1,,Liste,{WHEN}",
        f"neu@example.org,,,Liste\x07,{WHEN}",
        f"neu@example.org,,,{'x' * 501},{WHEN}",
        f"neu@example.org,{'x' * 151},,Liste,{WHEN}",
        f'"neu@example.org\nBcc: x@example.org",,,Liste,{WHEN}',
        f"{'x' * 300}@example.org,,,Liste,{WHEN}",
        "neu@example.org,,,Liste,9999-12-31T23:59:59-14:00",
        "neu@example.org,,,Liste,0001-01-01T00:00:00+14:00",
        "neu@example.org,,,Liste,2024-13-45T00:00:00Z",
        "neu@example.org",
        "neu@example.org,,,,",
    ],
)
def test_what_must_not_get_in_is_rejected_with_a_reason(db, row):
    (outcome,) = run(f"{row}\n")

    assert outcome.status == "rejected" and outcome.reason.endswith(".")
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ((HEAD + f"a@example.org,Jörg Größer,,Liste,{WHEN}\n").encode("utf-8-sig"), "Jörg Größer"),
        ((HEAD + f"a@example.org,Jörg Größer,,Liste,{WHEN}\n").encode("cp1252"), "Jörg Größer"),
        ((HEAD + f"a@example.org,Łukasz,,Liste,{WHEN}\n").replace(",", "\t").encode("utf-16"), "Łukasz"),
        ((HEAD + f"a@example.org,Kim,,Liste,{WHEN}\n").replace(",", ";").replace("\n", "\r\n").encode(), "Kim"),
        (f' E-Mail ;"email";NAME;Topics;consent_origin;consent_at\nx;a@example.org;Kim;;"Liste; alt";{WHEN}'.encode(),
         "Kim"),
    ],
)  # fmt: skip
def test_files_of_excel_are_read(db, content, name):
    with csv_text(io.BytesIO(content)) as lines:
        assert [one.status for one in exchange.import_rows(lines)] == ["added"]

    assert Subscriber.objects.get().name == name


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "fehlen Spalten"),
        (b"mail;name\n", "fehlen Spalten"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "kein lesbarer Text"),
        (b"PK\x03\x04\0\0", "kein lesbarer Text"),
        (HEAD.encode() + b"a@example.org,\x81\x8d,,Liste,x\n", "kein lesbarer Text"),
        (b"\xef\xbb\xbf\xff\xff", "kein lesbarer Text"),
        (f'{HEAD}a@example.org,"Kim,,Liste,{WHEN}\nb@example.org,,,Liste,{WHEN}\n'.encode(), "Anführungszeichen"),
        (f"{HEAD}{'x' * 200_000}\n".encode(), "nicht mehr lesbar"),
        (HEAD.replace("name", "email").encode(), "fehlen Spalten: name"),
        (HEAD.replace("name", "name,email").encode(), "doppelt: email"),
    ],
)
def test_files_that_are_no_list_are_refused_in_a_sentence(db, content, sentence):
    with pytest.raises(UnusableFile, match=sentence), csv_text(io.BytesIO(content)) as lines:
        list(exchange.import_rows(lines))

    assert not Subscriber.objects.exists()


def test_a_file_is_read_and_written_in_pieces(db, django_assert_max_num_queries):
    """Nothing waits for the end of the file: neither of one that comes in nor of one that goes out."""
    pulled = 0

    def endless():
        nonlocal pulled
        yield HEAD
        while True:
            pulled += 1
            yield f"a{pulled}@example.org,,,Liste,{WHEN}\n"

    outcomes = exchange.import_rows(endless())
    for _row in range(700):
        next(outcomes)
    assert pulled <= 2 * exchange.BATCH + 1
    assert Subscriber.objects.count() == 2 * exchange.BATCH

    with django_assert_max_num_queries(3):
        lines = exchange.export_lines()
        for _line in range(10):
            next(lines)


def test_a_batch_takes_few_queries(db, django_assert_max_num_queries):
    rows = "".join(f"a{number}@example.org,,,Liste,{WHEN}\n" for number in range(exchange.BATCH))

    with django_assert_max_num_queries(25):
        assert {one.status for one in run(rows)} == {"added"}


def test_reasons_tell_what_is_known_of_an_address(subscribe, wording):
    consent.sign_up("offen@example.org", topics=[], text=wording, source="x")
    paused = subscribe("pause@example.org")
    consent.change_settings(paused, topics=[], paused=True, name="")
    rows = "".join(f"{name}@example.org,,,Liste,{WHEN}\n" for name in ("offen", "pause", "neu", "NEU"))

    reasons = [one.reason for one in run(rows)]

    assert "wartet schon" in reasons[0] and "Pause" in reasons[1] and "weiter oben" in reasons[3]


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


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@x", "\t=1", "'=1", "''=1", "'Kim", "Kim", "", "＝1", "\n=1", "'", "a=1", "Kim +1"],
)
def test_a_guarded_cell_is_no_formula_and_comes_back_exactly(cell):
    guarded = spreadsheets.guard(cell)

    assert not guarded.startswith(spreadsheets.FORMULA)
    assert spreadsheets.unguard(guarded) == cell


def test_whoever_moved_is_exported_with_the_origin_of_their_consent(subscribe):
    subscriber = subscribe("alt@example.org")
    record = address_change.ask(subscriber, "neu@example.org")
    address_change.confirm(tokens.make_address_change(subscriber.key, record.pk))

    assert "neu@example.org,,,https://www.example.org/," in "".join(exchange.export_lines())


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
