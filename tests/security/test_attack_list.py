"""The attacks of this directory are many, each with the number of its weakness, and no two have one name."""

from __future__ import annotations

import ast
from pathlib import Path

ATTACKS_AT_LEAST = 60


def attacks():
    """Name of the function and number of the weakness."""
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        for node in ast.parse(path.read_text()).body:
            if not isinstance(node, ast.FunctionDef):
                continue
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.attack":
                    yield node.name, ast.literal_eval(mark.args[0])


def test_attacks_are_named_after_their_numbers():
    found = list(attacks())

    assert [name for name, number in found if not name.startswith(f"test_{number.lower().replace('-', '_')}_")] == []
    assert len({name for name, _number in found}) == len(found) >= ATTACKS_AT_LEAST
