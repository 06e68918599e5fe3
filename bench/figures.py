"""One measured figure and the table of all of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, and what it is compared with.

    `bound` is a limit or the figure of a peer in the same unit (None: only reported), `bound_name` says which;
    `more_is_better` tells on which side of it the value has to lie.
    """

    part: str
    name: str
    value: float
    unit: str
    bound: float | None = None
    bound_name: str = ""
    more_is_better: bool = False

    @property
    def ratio(self) -> float | None:
        """The value as a share of the bound."""
        return self.value / self.bound if self.bound else None

    @property
    def holds(self) -> bool | None:
        """Whether the value is on the right side of the bound; None if there is none."""
        if self.bound is None:
            return None
        return self.value >= self.bound if self.more_is_better else self.value <= self.bound


def table(figures: Iterable[Figure]) -> str:
    """One line a figure: part, name, value, bound, ratio, whether it holds."""
    rows = [("Teil", "Messung", "Wert", "Grenze", "Anteil", "")]
    for figure in figures:
        bound = f"{figure.bound:g} {figure.unit} ({figure.bound_name})" if figure.bound is not None else "–"
        ratio = f"{figure.ratio:.2f}" if figure.ratio is not None else "–"
        verdict = {True: "ja", False: "NEIN", None: ""}[figure.holds]
        rows.append((figure.part, figure.name, f"{figure.value:.4g} {figure.unit}", bound, ratio, verdict))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def store(figures: Iterable[Figure], path: Path) -> None:
    """Write the figures as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [asdict(figure) | {"ratio": figure.ratio, "holds": figure.holds} for figure in figures]
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
