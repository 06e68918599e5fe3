"""What one machine carries, and what more costs: `python -m bench.capacity` prints the tables of `docs/scaling.md`.

Costs come from the last `make bench` on this machine (`var/bench.json`), else from `bench/measured.json`. `--write`
makes those of the bench the ones of the project, and writes the tables of the manual anew; a test fails if these two
differ. Everything else is an assumption and stands in `Assumptions`, in one place and with its unit.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]
BENCH, MEASURED, MANUAL = ROOT / "var" / "bench.json", ROOT / "bench" / "measured.json", ROOT / "docs" / "scaling.md"
SECONDS_A_MONTH = 30 * 24 * 3600
GB, TB = 1e9, 1e12


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of one processor core for one piece of work, and the day on which that was measured.

    `figure` is part and name of the figure of the bench that says it: in seconds times `unit`, or, with None, as pieces
    a second that so many `cores` made together. `measured` is "" for an estimate.
    """

    name: str
    figure: tuple[str, str]
    unit: float | None = 1.0
    cores: int = 1
    seconds: float = 0.0
    measured: str = ""

    def of(self, value: float) -> float:
        """Seconds of one core, from the figure of the bench."""
        return self.cores / value if self.unit is None else value * self.unit


# Of mails the rate with which both cores are busy: with database, broker and a mail server that takes everything. One
# process alone needs less time for a mail, but more than one core.
COSTS = {
    "mail": Cost("eine Mail mit Eintrag im Verzeichnis", ("mail", "Ende zu Ende, 2 Prozesse"), None, cores=2),
    "page": Cost("eine Seite, ganz neu gemacht", ("web", "Seite ohne Zwischenspeicher, Rechenzeit je Antwort"), 1e-3),
    "kept": Cost("eine Seite aus dem Speicher", ("web", "Seite aus Django, Rechenzeit je Antwort"), 1e-3),
    "document": Cost(
        "eine Seite eines Dokuments lesen, mit Bild und Index",
        ("intake", "Seiten aufnehmen und lesen, mit Bildern und Index"),
        None,
    ),
    "pdf": Cost("eine Dokumentation von elf Seiten", ("pdf", "11 Seiten, warm")),
}
# What one ordinary rented machine has.
MOST_CORES, MOST_GB = 8, 500


@dataclass(frozen=True)
class Assumptions:
    """What is not measured."""

    # How much of a machine's time may be planned with: the rest is for peaks, backups and bad days.
    usable: float = 0.5
    # Mails a subscriber and month, their size, and the time in which a mailing shall have left.
    mailings_a_month: float = 1.0
    mail_bytes: float = 35_000
    mailing_hours: float = 12.0
    # Pages that a subscriber's mail leads to, and how many of ten pages come from a cache.
    pages_a_subscriber: float = 2.0
    cached: float = 0.9
    page_bytes: float = 100_000
    # What is kept: bytes a page of a document (file, picture, text, index), bytes a delivery in the database and how
    # many months deliveries are looked at.
    document_page_bytes: float = 250_000
    index_bytes: float = 6_000
    delivery_bytes: float = 450
    months_of_deliveries: float = 24
    # How many pages are new in a month, as a share of all.
    new_pages: float = 0.01
    documentations: float = 30
    # Prices without tax, of German data centres in 2026, in euros a month.
    core: float = 6.0
    memory_gb: float = 2.0
    disk_gb: float = 0.05
    s3_gb: float = 0.006
    managed_database: float = 2.5  # so many times the price of the same machine
    thousand_mails: float = 0.10  # by a provider; an own mail server costs its reputation instead
    traffic_tb: float = 1.0
    free_traffic_tb: float = 20.0  # that come with a machine
    # What a PostgreSQL on one machine carries well, with memory for indexes a quarter of them.
    hot_share: float = 0.25
    database_cores: int = 2


@dataclass(frozen=True)
class Load:
    """A site of some size."""

    name: str
    subscribers: int
    pages: int


SITES = (
    Load("heute: ein Land", 2_000, 10_000),
    Load("viele Länder", 100_000, 200_000),
    Load("bundesweit", 1_000_000, 1_000_000),
    Load("die Grenze dieses Entwurfs", 10_000_000, 10_000_000),
)


@dataclass
class Plan:
    """What a site needs: processor cores by kind of work, bytes by place, euros a month."""

    load: Load
    cores: dict[str, float] = field(default_factory=dict)
    database_gb: float = 0.0
    files_gb: float = 0.0
    traffic_tb: float = 0.0
    price: dict[str, float] = field(default_factory=dict)

    @property
    def total_cores(self) -> int:
        """Whole cores, two at least: one for the website, one for everything else."""
        return max(2, math.ceil(sum(self.cores.values())))

    @property
    def total_price(self) -> float:
        """Euros a month."""
        return sum(self.price.values())

    @property
    def fits_one_machine(self) -> bool:
        """Whether the largest machine of the price list is enough."""
        return self.total_cores <= MOST_CORES and self.database_gb + self.files_gb <= MOST_GB


def plan(load: Load, costs: dict[str, Cost], given: Assumptions) -> Plan:
    """The arithmetic: amounts a month times costs, over the usable part of a month."""
    made = Plan(load)
    month = SECONDS_A_MONTH * given.usable
    mails = load.subscribers * given.mailings_a_month
    # A mailing does not take a month: its cores are those of the hours in which it shall leave.
    made.cores["Versand"] = load.subscribers * costs["mail"].seconds / (given.mailing_hours * 3600 * given.usable)
    views = load.subscribers * given.pages_a_subscriber * given.mailings_a_month
    each = given.cached * costs["kept"].seconds + (1 - given.cached) * costs["page"].seconds
    # Half of those who read a newsletter do so in the day after it.
    made.cores["Website"] = 0.5 * views * each / (24 * 3600 * given.usable)
    made.cores["Dokumente lesen"] = load.pages * given.new_pages * costs["document"].seconds / month
    made.cores["PDF"] = given.documentations * costs["pdf"].seconds / month
    deliveries = mails * given.months_of_deliveries * given.delivery_bytes
    made.database_gb = (deliveries + load.pages * given.index_bytes) / GB
    made.files_gb = load.pages * given.document_page_bytes / GB
    made.traffic_tb = (mails * given.mail_bytes + views * given.page_bytes) / TB
    _price(made, given, mails)
    return made


def _price(made: Plan, given: Assumptions, mails: float) -> None:
    memory = 4 + 0.5 * made.total_cores + made.database_gb * given.hot_share
    if made.fits_one_machine:
        made.price["Maschine"] = made.total_cores * given.core + memory * given.memory_gb
        made.price["Platte"] = (made.database_gb + made.files_gb) * given.disk_gb
    else:
        made.price["Maschinen für Website und Worker"] = made.total_cores * (given.core + 2 * given.memory_gb)
        database = given.database_cores * max(1.0, made.database_gb / 100) * given.core
        hot = made.database_gb * given.hot_share * given.memory_gb
        made.price["Datenbank als Dienst"] = given.managed_database * (database + hot)
        made.price["Platte der Datenbank"] = given.managed_database * made.database_gb * given.disk_gb
        made.price["Dateien in S3"] = made.files_gb * given.s3_gb
    made.price["Verkehr"] = max(0.0, made.traffic_tb - given.free_traffic_tb) * given.traffic_tb
    made.price["Mails über einen Anbieter"] = mails / 1000 * given.thousand_mails


def a_month(costs: dict[str, Cost], given: Assumptions, cores: int = 2) -> dict[str, float]:
    """How often a machine of so many cores does each piece of work in a month, if it did nothing else."""
    return {name: cores * SECONDS_A_MONTH * given.usable / cost.seconds for name, cost in costs.items()}


def stored(path: Path = MEASURED) -> dict[str, Cost]:
    """The costs of the project. Raises KeyError if one of them is missing."""
    rows = json.loads(path.read_text())
    return {key: replace(cost, **rows[key]) for key, cost in COSTS.items()}


def of_this_machine(path: Path = BENCH, today: date | None = None) -> dict[str, Cost]:
    """The costs of the project, and of those that the bench at `path` has measured its own."""
    try:
        rows = json.loads(path.read_text())
        day = (today or date.fromtimestamp(path.stat().st_mtime)).isoformat()
    except (OSError, ValueError):
        rows, day = [], ""
    values = {(row["part"], row["name"]): row["value"] for row in rows}
    return {
        key: replace(cost, seconds=float(f"{cost.of(values[cost.figure]):.3g}"), measured=day)
        if values.get(cost.figure)
        else cost
        for key, cost in stored().items()
    }


def keep(costs: dict[str, Cost], path: Path = MEASURED) -> None:
    """Make these the costs of the project."""
    rows = {key: {"seconds": cost.seconds, "measured": cost.measured} for key, cost in costs.items()}
    path.write_text(json.dumps(rows, indent=2) + "\n")


def table_of_costs(costs: dict[str, Cost], given: Assumptions) -> Iterator[str]:
    """What a piece of work costs, in German and Markdown."""
    carried = a_month(costs, given)
    yield "| Arbeit | ein Kern braucht | zwei Kerne schaffen im Monat | |"
    yield "| --- | --- | --- | --- |"
    for key, cost in costs.items():
        source = f"gemessen am {_day(cost.measured)}" if cost.measured else "geschätzt"
        yield f"| {cost.name} | {_number(cost.seconds * 1000)} ms | {_round(carried[key])} | {source} |"


def table_of_sizes(costs: dict[str, Cost], given: Assumptions) -> Iterator[str]:
    """What a site of some size needs, in German and Markdown."""
    names = (
        "Größe",
        "Abonnements",
        "Seiten",
        "Kerne",
        "Datenbank",
        "Dateien",
        "Verkehr",
        "Euro im Monat",
        "davon Mails",
    )
    yield f"| {' | '.join(names)} |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    for load in SITES:
        made = plan(load, costs, given)
        mails = made.price["Mails über einen Anbieter"]
        sizes = [_size(value) for value in (made.database_gb, made.files_gb, made.traffic_tb * TB / GB)]
        cells = [load.name, _round(load.subscribers), _round(load.pages), str(made.total_cores), *sizes]
        yield f"| {' | '.join([*cells, _round(made.total_price), _round(mails)])} |"


TABLES = {"costs": table_of_costs, "sizes": table_of_sizes}


def written_anew(manual: str, costs: dict[str, Cost], given: Assumptions) -> str:
    """The manual with its tables as they should be."""
    for name, table in TABLES.items():
        begin, end = f"<!-- {name} -->\n", "\n<!-- end -->"
        before, _, rest = manual.partition(begin)
        manual = before + begin + "\n".join(table(costs, given)) + end + rest.partition(end)[2]
    return manual


def _day(iso: str) -> str:
    return f"{date.fromisoformat(iso):%d.%m.%Y}"


def _number(value: float) -> str:
    return f"{value:.3g}".replace(".", ",") if value < 1000 else _round(value)


def _size(gigabytes: float) -> str:
    return f"{_round(gigabytes)} GB" if gigabytes >= 1 else "unter 1 GB"


def _round(value: float) -> str:
    """Two significant digits, thousands parted as in German."""
    if value >= 100:
        value = round(value, -int(math.log10(value)) + 1)
    return f"{value:,.0f}".replace(",", ".")


def main(arguments: list[str]) -> int:
    """Print the tables, with `--write` also into the manual; returns the exit status."""
    costs, given = of_this_machine(), Assumptions()
    old = [cost.name for key, cost in costs.items() if cost == stored()[key]]
    print(f"nicht neu gemessen: {'; '.join(old) or 'nichts'}", file=sys.stderr)
    if arguments == ["--write"]:
        keep(costs)
        MANUAL.write_text(written_anew(MANUAL.read_text(), costs, given))
    elif arguments:
        print(__doc__, file=sys.stderr)
        return 2
    for table in TABLES.values():
        print("\n".join(table(costs, given)), end="\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
