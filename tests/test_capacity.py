"""The arithmetic behind `docs/scaling.md`."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bench.capacity import SITES, STORED, Assumptions, Load, a_month, measured, plan, report

GIVEN = Assumptions()


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


def test_figures_of_the_bench_replace_what_is_written_down(tmp_path):
    rows = [
        {"part": "mail", "name": "Ende zu Ende, 1 Prozess", "value": 2000.0},
        {"part": "web", "name": "Seite aus Django, Rechenzeit je Antwort", "value": 0.3},
        {"part": "web", "name": "something else", "value": 7.0},
    ]
    (tmp_path / "bench.json").write_text(json.dumps(rows))

    costs, fresh = measured(tmp_path / "bench.json")

    assert fresh == {"mail", "kept"}
    assert costs["mail"].seconds == 1 / 2000
    assert costs["kept"].seconds == pytest.approx(0.0003)
    assert costs["pdf"] == STORED["pdf"]


@pytest.mark.parametrize("content", [None, "", "no json", "[]"])
def test_without_a_bench_the_table_says_so(tmp_path, content):
    path = tmp_path / "bench.json"
    if content is not None:
        path.write_text(content)

    text = "\n".join(report(*measured(path), GIVEN))

    assert text.count("hinterlegt, neu messen") == len(STORED)


def test_the_manual_has_a_row_for_every_site_and_every_piece_of_work():
    manual = (Path(__file__).parents[1] / "docs" / "scaling.md").read_text()

    assert [load.name for load in SITES if f"| {load.name} |" not in manual] == []
    assert [cost.name for cost in STORED.values() if f"| {cost.name} |" not in manual] == []
