"""The values that travel through the house say of each of their fields what it holds."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from newscrawl import items

CLASSES = [
    node
    for node in ast.parse(Path(items.__file__).read_text("utf-8")).body
    if isinstance(node, ast.ClassDef)
]


def undocumented(node: ast.ClassDef) -> Iterator[str]:
    """Fields that no docstring follows."""
    for statement, following in pairwise([*node.body, ast.Pass()]):
        if isinstance(statement, ast.AnnAssign) and not is_text(following):
            yield ast.unparse(statement.target)


def is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def test_the_values_are_found() -> None:
    assert {"Snapshot", "Record", "Image", "Words", "Article"} <= {node.name for node in CLASSES}


@pytest.mark.parametrize("node", CLASSES, ids=lambda node: node.name)
def test_every_field_documents_its_format(node: ast.ClassDef) -> None:
    assert list(undocumented(node)) == []
