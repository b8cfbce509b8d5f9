"""What of a plan SQLite answers by itself: runs of grams, and sets made of nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from newscrawl.index.plan import All, Expression, Run, Some

DEPTH = 8
"""Parentheses inside one another: SQLite's parser takes some twenty, and refuses more."""


def fts(wanted: Expression, depth: int = DEPTH) -> str | None:
    """The expression of FTS5; None where the plan asks for more than grams, or too deeply."""
    match wanted:
        case Run():
            return _run(wanted)
        case All(children) if children and depth:
            return _joined(children, "AND", depth - 1)
        case Some(children) if children and depth:
            return _joined(children, "OR", depth - 1)
        case _:
            return None


def split(
    children: Sequence[Expression],
) -> tuple[tuple[Expression, ...], tuple[Expression, ...]]:
    """Those that can be asked for together, and the others."""
    together: list[Expression] = []
    others: list[Expression] = []
    for child in children:
        # Asked for with its neighbours a child stands inside one more parenthesis.
        (others if fts(child, DEPTH - 1) is None else together).append(child)
    return tuple(together), tuple(others)


def _joined(children: tuple[Expression, ...], operator: str, depth: int) -> str | None:
    texts = [fts(child, depth) for child in children]
    if None in texts:
        return None
    if len(texts) == 1:
        return texts[0]
    return f" {operator} ".join(f"({text})" for text in texts)


def _run(run: Run) -> str:
    # Grams are letters and digits only, or the mark of a gap: there is nothing to quote.
    phrase = f'"{" ".join(run.grams)}"{" *" if run.prefix else ""}'
    return f"{{{' '.join(run.columns)}}} : {phrase}"
