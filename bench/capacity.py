"""What one machine carries, and what more costs: `python -m bench.capacity [var/bench.json]` prints the tables of
`docs/scaling.md`.

Costs come from the figures of the last `make bench` where that has measured them, else from `STORED`, and the table
says which. Everything else is an assumption and stands in `Assumptions`, in one place and with its unit.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
SECONDS_A_MONTH = 30 * 24 * 3600
GB = 1e9


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of one processor core for one piece of work.

    `figure` is part and name of the figure of the bench that says it: in seconds times `unit`, or, with None, as pieces
    a second.
    """

    name: str
    seconds: float
    figure: tuple[str, str]
    unit: float | None = 1.0


# Until `make bench` has run on the machine. Mail and pages: rounded from runs on two cores that did other work as well;
# documents and PDF: estimates.
STORED = {
    "mail": Cost("eine Mail mit Eintrag im Verzeichnis", 600e-6, ("mail", "Ende zu Ende, 1 Prozess"), None),
    "page": Cost(
        "eine Seite, ganz neu gemacht", 0.020, ("web", "Seite ohne Zwischenspeicher, Rechenzeit je Antwort"), 1e-3
    ),
    "kept": Cost("eine Seite aus dem Speicher", 0.0004, ("web", "Seite aus Django, Rechenzeit je Antwort"), 1e-3),
    "document": Cost(
        "eine Seite eines Dokuments lesen, mit Bild und Index",
        0.1,
        ("intake", "Seiten aufnehmen und lesen, mit Bildern und Index"),
        None,
    ),
    "pdf": Cost("eine Dokumentation von zehn Seiten", 0.8, ("pdf", "11 Seiten, warm")),
}


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
    price: dict[str, float] = field(default_factory=dict)

    @property
    def total_cores(self) -> int:
        """Whole cores, two at least: one for the website, one for everything else."""
        return max(2, math.ceil(sum(self.cores.values())))

    @property
    def total_price(self) -> float:
        return sum(self.price.values())

    @property
    def fits_one_machine(self) -> bool:
        """Eight cores and 500 GB are what one ordinary rented machine has."""
        return self.total_cores <= 8 and self.database_gb + self.files_gb <= 500


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
    made.price["Mails über einen Anbieter"] = mails / 1000 * given.thousand_mails


def a_month(costs: dict[str, Cost], given: Assumptions, cores: int = 2) -> dict[str, float]:
    """How often a machine of so many cores does each piece of work in a month, if it did nothing else."""
    return {name: cores * SECONDS_A_MONTH * given.usable / cost.seconds for name, cost in costs.items()}


def measured(path: Path) -> tuple[dict[str, Cost], set[str]]:
    """The costs, and the names of those that come from the bench at `path`."""
    try:
        rows = json.loads(path.read_text())
    except (OSError, ValueError):
        rows = []
    values = {(row["part"], row["name"]): row["value"] for row in rows}
    found, fresh = dict(STORED), set()
    for key, cost in STORED.items():
        value = values.get(cost.figure)
        if value:
            seconds = 1 / value if cost.unit is None else value * cost.unit
            found[key] = Cost(cost.name, seconds, cost.figure, cost.unit)
            fresh.add(key)
    return found, fresh


def report(costs: dict[str, Cost], fresh: set[str], given: Assumptions) -> Iterator[str]:
    """The tables, in German and Markdown."""
    carried = a_month(costs, given)
    yield "| Arbeit | ein Kern braucht | zwei Kerne schaffen im Monat | Quelle |"
    yield "| --- | --- | --- | --- |"
    for key, cost in costs.items():
        source = "`make bench`" if key in fresh else "hinterlegt, neu messen"
        yield f"| {cost.name} | {_number(cost.seconds * 1000)} ms | {_round(carried[key])} | {source} |"
    yield ""
    yield "| Größe | Abonnements | Seiten | Kerne | Datenbank | Dateien | Euro im Monat | davon Mails |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for load in SITES:
        made = plan(load, costs, given)
        mails = made.price["Mails über einen Anbieter"]
        sizes = [f"{_round(value)} GB" for value in (made.database_gb, made.files_gb)]
        cells = [load.name, _round(load.subscribers), _round(load.pages), str(made.total_cores), *sizes]
        yield f"| {' | '.join([*cells, _round(made.total_price), _round(mails)])} |"


def _number(value: float) -> str:
    return f"{value:.3g}".replace(".", ",") if value < 1000 else _round(value)


def _round(value: float) -> str:
    """Two significant digits, thousands parted as in German."""
    if value >= 100:
        value = round(value, -int(math.log10(value)) + 1)
    return f"{value:,.0f}".replace(",", ".")


def main(arguments: list[str]) -> int:
    path = Path(arguments[0]) if arguments else ROOT / "var" / "bench.json"
    costs, fresh = measured(path)
    print("\n".join(report(costs, fresh, Assumptions())))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
