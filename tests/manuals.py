"""The parts of the manuals that follow from the code: `python -m tests.manuals` writes them anew.

They stand between `<!-- name -->` and `<!-- end -->`; `test_manuals.py` fails when they are out of date.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[1]
APPS = ("cms", "newsletter", "archive", "home")
# Packages whose name and place Django decides.
GIVEN = {"management", "migrations", "templatetags"}
ARCHITECTURE = ROOT / "docs" / "architecture.md"


def layers() -> list[str]:
    """The apps in the order of their imports, as the contract of import-linter has it."""
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = configuration["tool"]["importlinter"]["contracts"]
    (found,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    return list(found)


def diagram() -> str:
    """The apps and their rooms as a Mermaid flowchart; an arrow is an import that is allowed."""
    apps = layers()
    lines = ["```mermaid", "flowchart TD"]
    for app in apps:
        lines.append(f'    {app}["{app}<br><small>{", ".join(name for name, _ in rooms(app))}</small>"]')
    lines += [f"    {higher} --> {lower}" for higher, lower in pairwise(apps)]
    return "\n".join([*lines, "```"])


def rooms(app: str) -> Iterator[tuple[str, str]]:
    """Name and first sentence of the docstring of each package in an app."""
    for package in sorted((ROOT / app).iterdir()):
        source = package / "__init__.py"
        if source.exists() and package.name not in GIVEN:
            docstring = ast.get_docstring(ast.parse(source.read_text())) or ""
            yield package.name, " ".join(docstring.partition("\n\n")[0].split())


def table_of_rooms() -> str:
    """All rooms as a Markdown table."""
    rows = [f"| `{app}/{name}/` | {says} |" for app in layers() for name, says in rooms(app)]
    return "\n".join(["| room | holds |", "| --- | --- |", *rows])


GENERATED = {"diagram": diagram, "rooms": table_of_rooms}


def written_anew(text: str) -> str:
    """The manual with its generated parts as they should be."""
    for name, make in GENERATED.items():
        part = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- end -->)", re.DOTALL)
        text = part.sub(lambda found, make=make: found[1] + make() + found[2], text)
    return text


if __name__ == "__main__":
    ARCHITECTURE.write_text(written_anew(ARCHITECTURE.read_text()))
