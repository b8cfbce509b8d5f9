"""What the engine's files were at the last commit: Whoosh checks nothing when it reads them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from newscrawl.durable import sync
from newscrawl.index.store import Build

_UNREADABLE = "unreadable"


def note(build: Build, mark: int) -> None:
    """Sync the engine's files, note each one's digest and how far the index reaches.

    `mark` is the last sequence number that a search finds. Files never change once committed.
    """
    known = _noted(build).get("files", {})
    sums = {}
    for path in build.words.iterdir():
        if path.name.startswith("_") or path.suffix == ".seg":
            sums[path.name] = known.get(path.name) or _sum(build, path.name)
    fresh = build.sums.with_suffix(".new")
    fresh.write_text(json.dumps({"mark": mark, "files": sums}))
    sync(fresh)
    sync(build.words)
    fresh.replace(build.sums)


def damaged(build: Build) -> Iterator[str]:
    """Names of files that are not what they were when they were committed."""
    for name, noted in _noted(build).get("files", {}).items():
        path = build.words / name
        if noted == _UNREADABLE or (path.exists() and _sum(build, name) != noted):
            yield name


def mark(build: Build) -> int:
    """The last sequence number that a search finds for certain."""
    return int(_noted(build).get("mark", 0))


def _noted(build: Build) -> dict[str, Any]:
    try:
        noted: dict[str, Any] = json.loads(build.sums.read_text())
    except FileNotFoundError:
        return {}
    except ValueError:
        return {"files": {build.sums.name: _UNREADABLE}}
    return noted


def _sum(build: Build, name: str) -> str:
    path = build.words / name
    sync(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
