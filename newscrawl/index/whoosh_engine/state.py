"""What a build holds as of its last commit: its parts, how far it reaches, and its files' digests.

Whoosh checks nothing when it reads its files, and several parts cannot commit together: what this
file does not tell of is not there for any reader.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from newscrawl.durable import replace, sync
from newscrawl.index.checked import Checked
from newscrawl.index.damage import IndexDamaged, hindered, reading
from newscrawl.index.reach import NOTHING, Reach
from newscrawl.index.whoosh_engine.part import GRAMS, WORDS
from newscrawl.index.whoosh_engine.words import WordsReader

NAME = "state.json"
PartFiles: TypeAlias = Mapping[str, str]
"""Digests of the files of one part, by their paths in the build."""


@dataclass(frozen=True, slots=True)
class State:
    """As of a finished commit."""

    reached: Reach = NOTHING
    """How far a search finds."""
    parts: tuple[str, ...] = ()
    """Names of the parts, in order of time."""
    files: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of Whoosh's files, by their paths in the build. None changes; merges remove some."""

    def files_by_part(self) -> Mapping[str, PartFiles]:
        """The same part by part; every commit of a part leaves another table of contents."""
        grouped = defaultdict[str, dict[str, str]](dict)
        for path, digest in self.files.items():
            grouped[_part(path)][path] = digest
        return grouped


def read(directory: Path) -> State:
    """The state of a build. Raises IndexDamaged where none can be read."""
    with reading(directory / NAME):
        noted = json.loads((directory / NAME).read_text(encoding="ascii"))
        reached = Reach(int(noted["mark"]), str(noted["last"]))
        return State(reached, tuple(noted["parts"]), dict(noted["files"]))


def note(directory: Path, known: State, reached: Reach, changed: Mapping[str, Path]) -> State:
    """Sync Whoosh's files of the parts that have changed, and tell of them and how far it is."""
    files = {path: digest for path, digest in known.files.items() if _part(path) not in changed}
    for name, part in changed.items():
        for path in _files(part):
            key = f"{name}/{path.name}"
            files[key] = known.files.get(key) or _synced(path)
        sync(part / WORDS)
    state = State(reached, tuple(sorted({*known.parts, *changed})), files)
    write(directory, state)
    return state


def write(directory: Path, state: State) -> None:
    """Replace the state, durably and at once."""
    noted = {**state.reached._asdict(), "parts": state.parts, "files": dict(state.files)}
    replace(directory / NAME, json.dumps(noted))


def unite(directory: Path, others: Sequence[Path], reached: Reach) -> None:
    """Move the parts of other directories here, and tell of them; no two have the same."""
    states = [read(other) for other in others]
    for other, held in zip(others, states, strict=True):
        for name in held.parts:
            (other / name).rename(directory / name)
    parts = sorted(name for held in states for name in held.parts)
    files = {path: digest for held in states for path, digest in held.files.items()}
    write(directory, State(reached, tuple(parts), files))


def damaged(directory: Path, checked: Checked) -> Iterator[str]:
    """Names of files that are missing, or are not what they were when they were committed.

    Whether a side table is sound only SQLite can say: see `side_tables`.
    """
    try:
        state = read(directory)
    except IndexDamaged:
        yield NAME
        return
    for key, noted in state.files.items():
        part, _slash, name = key.partition("/")
        file = directory / part / WORDS / name
        found = noted if checked.knows(file) else _found(file)
        if found == noted:
            checked.add(file)
        elif found or not _gone_on(directory / part, part, state):
            yield str(file.relative_to(directory))
    for name in state.parts:
        if not (directory / name / GRAMS).exists():
            yield f"{name}/{GRAMS}"
        if _gone_on(directory / name, name, state) and not _opens(directory / name / WORDS):
            yield f"{name}/{WORDS}"


def side_tables(directory: Path) -> list[Path]:
    """The side tables of a build that are there; of none whose state cannot be read.

    What a commit that did not come to its end has left beside them, no reader is told of.
    """
    try:
        names = read(directory).parts
    except IndexDamaged:
        return []
    return [path for name in names if (path := directory / name / GRAMS).exists()]


def _part(path: str) -> str:
    return path.partition("/")[0]


def _opens(words_directory: Path) -> bool:
    try:
        WordsReader(words_directory)
    except Exception as error:  # Whoosh fails on damaged files in every way there is
        if hindered(error):
            raise
        return False
    return True


def _gone_on(part: Path, name: str, state: State) -> bool:
    """Whether Whoosh has committed since, and so may have removed files that were noted."""
    return any(f"{name}/{toc.name}" not in state.files for toc in (part / WORDS).glob("*.toc"))


def _files(part: Path) -> Iterator[Path]:
    for path in (part / WORDS).iterdir():
        if path.suffix in (".lists", ".toc"):
            yield path


def _synced(path: Path) -> str:
    sync(path)
    return _sum(path)


def _found(path: Path) -> str:
    """The digest of a file as it is now; empty for one that is not there."""
    try:
        return _sum(path)
    except FileNotFoundError:
        return ""
    except OSError as error:
        if hindered(error):
            raise
        return str(error)


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
