"""The engines that every test of the protocol runs against."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

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


@contextmanager
def chosen(kind: str) -> Iterator[None]:
    """Inside, homes have an index of this engine."""
    engine(kind)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(settings, "INDEX", f"{kind}:indexes")
        yield
