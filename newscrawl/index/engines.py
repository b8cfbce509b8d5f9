"""The engines that there are, by the names that an address of an index begins with."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from newscrawl.errors import UsageError
from newscrawl.home import Home
from newscrawl.index.engine import Engine

ENGINES = ("whoosh", "tantivy")


@dataclass(frozen=True, slots=True)
class Address:
    """`ENGINE:DIRECTORY`, as in NEWSCRAWL_INDEX; the directory is one of the home."""

    engine: str
    directory: str

    @classmethod
    def read(cls, text: str) -> Address:
        """Raises UsageError for what is no address, or of no engine."""
        engine, colon, directory = text.partition(":")
        if engine not in ENGINES or not colon or not directory:
            raise UsageError(
                f"index {text!r}: ENGINE:DIRECTORY, as in whoosh:indexes; engines are "
                f"{', '.join(ENGINES)}"
            )
        return cls(engine, directory)

    def root(self, home: Home) -> Path:
        """Where the builds lie."""
        return home.root / self.directory


def engine(name: str) -> Engine:
    """An engine by its name, loaded now. Raises UsageError where its library is missing."""
    if name == "whoosh":
        from newscrawl.index.whoosh_engine.engine import WhooshEngine

        return WhooshEngine()
    if find_spec("tantivy") is None:
        raise UsageError(
            "the tantivy engine is not installed: "
            "`pip install --require-hashes -r requirements/tantivy.txt`, then try again"
        )
    from newscrawl.index.tantivy_engine.engine import TantivyEngine

    return TantivyEngine()
