"""The arithmetic behind `docs/scaling.md`."""

import json
from dataclasses import replace
from datetime import date

import pytest

from bench.capacity import (
    COSTS,
    MANUAL,
    MOST_CORES,
    MOST_GB,
    SITES,
    Assumptions,
    Load,
    a_month,
    keep,
    of_this_machine,
    plan,
    stored,
    written_anew,
)  # fmt: skip

GIVEN = Assumptions()
STORED = stored()


def test_a_month_of_two_cores_is_their_usable_time_over_the_cost():
    carried = a_month(STORED | {"mail": replace(STORED["mail"], seconds=0.001)}, GIVEN)

    assert carried["mail"] == pytest.approx(2 * 30 * 24 * 3600 * 0.5 / 0.001)


def test_ten_times_the_subscribers_take_ten_times_the_time_of_mailings_and_pages():
    small, large = (plan(Load("", number, 0), STORED, GIVEN).cores for number in (100_000, 1_000_000))

    for work in ("Versand", "Website"):
        assert large[work] == pytest.approx(10 * small[work])


def test_a_mailing_that_must_leave_sooner_takes_more_cores():
    hurried = replace(GIVEN, mailing_hours=1)

    assert plan(SITES[3], STORED, hurried).cores["Versand"] == pytest.approx(
        12 * plan(SITES[3], STORED, GIVEN).cores["Versand"]
    )


def test_small_sites_fit_one_machine_and_the_largest_does_not():
    plans = [plan(load, STORED, GIVEN) for load in SITES]

    assert [made.fits_one_machine for made in plans] == [True, True, True, False]
    assert [made.total_price for made in plans] == sorted(made.total_price for made in plans)
    assert all(made.total_cores >= 2 for made in plans)


def test_mailings_and_readers_above_what_is_free_cost_traffic():
    small, large = (plan(SITES[number], STORED, GIVEN) for number in (0, 3))

    assert (small.price["Verkehr"], large.traffic_tb) == (0, pytest.approx(10_000_000 * (35_000 + 2 * 100_000) / 1e12))


def test_figures_of_the_bench_replace_what_is_written_down(tmp_path):
    rows = [
        {"part": "mail", "name": "Ende zu Ende, 2 Prozesse", "value": 4000.0},
        {"part": "web", "name": "Seite aus Django, Rechenzeit je Antwort", "value": 0.3},
        {"part": "web", "name": "something else", "value": 7.0},
    ]
    (tmp_path / "bench.json").write_text(json.dumps(rows))

    costs = of_this_machine(tmp_path / "bench.json", date(2026, 11, 28))

    # Two cores made them.
    assert (costs["mail"].seconds, costs["mail"].measured) == (pytest.approx(2 / 4000), "2026-11-28")
    assert costs["kept"].seconds == pytest.approx(0.0003)
    assert costs["pdf"] == STORED["pdf"]


@pytest.mark.parametrize("content", [None, "", "no json", "[]"])
def test_without_a_bench_those_that_are_written_down_hold(tmp_path, content):
    path = tmp_path / "bench.json"
    if content is not None:
        path.write_text(content)

    assert of_this_machine(path) == STORED


def test_costs_that_are_kept_are_the_same_again(tmp_path):
    keep(STORED, tmp_path / "measured.json")

    assert stored(tmp_path / "measured.json") == STORED
    assert STORED.keys() == COSTS.keys()


def test_the_tables_of_the_manual_are_up_to_date():
    manual = MANUAL.read_text()

    assert written_anew(manual, STORED, GIVEN) == manual, "python -m bench.capacity --write writes them anew"
    assert [load.name for load in SITES if f"| {load.name} |" not in manual] == []
    assert [cost.name for cost in COSTS.values() if f"| {cost.name} |" not in manual] == []


def test_the_sentences_of_the_manual_have_the_figures_of_the_script():
    manual = " ".join(MANUAL.read_text().split())
    words = [
        f"{GIVEN.thousand_mails:.2f} € je 1.000 Mails".replace(".", ",", 1),
        f"{GIVEN.s3_gb * 1000:.0f} € je TB",
        f"eine Maschine mit 2 Kernen, etwa {2 * GIVEN.core:.0f} € im Monat",
        f"braucht mit Bild etwa {GIVEN.document_page_bytes / 1000:.0f} KB",
        f"der Suchindex um etwa {GIVEN.index_bytes / 1000:.0f} KB je Seite",
        f"je 100 Seiten in der Sekunde etwa {100 * STORED['page'].seconds / GIVEN.usable:.0f} Kerne",
        f"wenn eine Maschine ({MOST_CORES} Kerne, {MOST_GB} GB)",
        f"in {GIVEN.mailing_hours:.0f} Stunden",
        f"{GIVEN.free_traffic_tb:.0f} TB im Monat",
    ]

    assert [word for word in words if word not in manual] == []
    assert (GIVEN.managed_database, "das Zweieinhalbfache" in manual) == (2.5, True)
    assert (GIVEN.usable, "mit der Hälfte der Zeit" in manual) == (0.5, True)
