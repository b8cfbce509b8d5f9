"""The engines of the index. A process knows one, which NEWSCRAWL_INDEX names: what is measured on
every engine is measured by a process for each.
"""

from __future__ import annotations

import json
import os
from importlib.util import find_spec

from benchmarks.figures import Figure, Skipped, read
from benchmarks.programs import ENGINE, python, run

ENGINES = ("whoosh", "tantivy")
OPTIONAL = {"tantivy": "newscrawl.index.tantivy_engine"}
"""Engines that may be lacking, each also without the library of its name."""


def is_chosen() -> bool:
    """Whether this process is told which engine to know."""
    return bool(os.environ.get(ENGINE))


def engine() -> str:
    """The engine that this process knows."""
    return os.environ.get(ENGINE, "").partition(":")[0] or ENGINES[0]


def on_each(name: str, *, small: bool) -> list[Figure | Skipped]:
    """Run a benchmark once for every engine."""
    return [figure for each in ENGINES for figure in _on(each, name, small=small)]


def _on(called: str, name: str, *, small: bool) -> list[Figure | Skipped]:
    module = OPTIONAL.get(called)
    if module is not None and not (find_spec(called) and find_spec(module)):
        return [Skipped(f"{name} on {called}", f"{called} is not installed")]
    words = python("benchmarks", name, "--json", *["--small"] * small)
    return read(json.loads(run(words, {"INDEX": f"{called}:indexes"}).output))
