"""docs/hostile.md lists every hostile case, and says the truth about which of them are tested."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent
TABLE = TESTS.parent / "docs" / "hostile.md"
GROUPS = {"A": 20, "B": 5, "C": 9, "D": 11, "E": 14, "F": 15, "G": 7, "H": 10, "I": 8, "J": 9}
CASES = [f"{group}{number}" for group, count in GROUPS.items() for number in range(1, count + 1)]
STATES = {"tested", "manual", "open"}


def table() -> list[tuple[str, str]]:
    """`(id, state)` of every row, in order."""
    rows = (line.strip().strip("|").split(" | ") for line in TABLE.read_text().splitlines())
    return [(row[0].strip(), row[3]) for row in rows if re.fullmatch(r"[A-Z]\d+", row[0].strip())]


def named_tests(folder: Path) -> Iterator[tuple[str, str]]:
    """`(id, name)` of every test function that pytest collects and that is named for a case."""
    for path in sorted(folder.rglob("test_*.py")):
        for name in _collected(ast.parse(path.read_text(encoding="utf-8"))):
            found = re.match(r"test_([a-j]\d+)_", name)
            if found:
                yield found[1].upper(), name


def _collected(module: ast.Module) -> Iterator[str]:
    classes = [
        node for node in module.body if isinstance(node, ast.ClassDef) and node.name[:4] == "Test"
    ]
    for scope in (module, *classes):
        for node in scope.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node.name


def test_the_table_lists_every_case_once_and_in_order():
    assert len(CASES) == 108
    assert [case for case, _state in table()] == CASES
    assert {state for _case, state in table()} <= STATES


def test_what_is_called_tested_has_a_test_and_nothing_else_has():
    called_tested = {case for case, state in table() if state == "tested"}
    assert {case for case, _name in named_tests(TESTS)} == called_tested


def test_a_function_inside_another_is_no_test(tmp_path):
    (tmp_path / "test_x.py").write_text("def test_a1_x():\n    def test_a2_x(): ...\n")
    assert list(named_tests(tmp_path)) == [("A1", "test_a1_x")]
