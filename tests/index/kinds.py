"""The engines that every test of the protocol runs against."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newscrawl import settings
from newscrawl.index.engine import Engine

KINDS = ("whoosh", "tantivy")


def engine(kind: str) -> Engine:
    """An engine by its name; the test is skipped where its library is not installed."""
    pytest.importorskip(kind, reason=f"the {kind} engine is optional, and not installed")
    if kind == "whoosh":
        from newscrawl.index.whoosh_engine.engine import WhooshEngine

        return WhooshEngine()
    from newscrawl.index.tantivy_engine.engine import TantivyEngine

    return TantivyEngine()


def counting_parts(patched: pytest.MonkeyPatch) -> list[str]:
    """The names of the parts of Whoosh indexes that are opened from now on, as they are."""
    from newscrawl.index.whoosh_engine import part, reader

    names: list[str] = []

    class Counted(part.PartReader):
        def __init__(self, directory: Path) -> None:
            names.append(directory.name)
            super().__init__(directory)

    patched.setattr(reader, "PartReader", Counted)
    return names


@contextmanager
def chosen(kind: str) -> Iterator[None]:
    """Inside, homes have an index of this engine."""
    engine(kind)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(settings, "INDEX", f"{kind}:indexes")
        yield
